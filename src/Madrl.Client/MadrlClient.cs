using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Madrl.Client;

/// <summary>The client over any connection to grains: a silo's own client, or a gateway's (<see cref="MadrlGateway"/>).</summary>
/// <param name="grains">The connection; the caller keeps it.</param>
/// <param name="time">The clock.</param>
public sealed class MadrlClient(IClusterClient grains, TimeProvider time) : IMadrlClient
{
    /// <summary>Type of the event by which <see cref="FollowAsync"/> says that no silo answers at present.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Observations in one question.</summary>
    public const int MaxObservations = 4096;

    /// <summary>How long <see cref="FollowAsync"/> waits for a silo that does not answer, or to which the run has not come back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100), RetryInterval = TimeSpan.FromSeconds(1);

    private IRunCatalogGrain Catalog => grains.GetGrain<IRunCatalogGrain>(IRunCatalogGrain.Key);

    /// <inheritdoc/>
    public Task<string> StartAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AskAsync(() => Catalog.Start(request), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ResumeAsync(string run, bool? onAccelerator = null, CancellationToken cancellationToken = default) =>
        AskAsync(() => Catalog.Resume(run, onAccelerator), cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string run, CancellationToken cancellationToken = default) =>
        AskAsync(() => Catalog.Stop(run), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string run, CancellationToken cancellationToken = default) =>
        AskAsync(() => Catalog.Delete(run), cancellationToken);

    /// <inheritdoc/>
    public async Task<RunReport> GetAsync(string run, CancellationToken cancellationToken = default) =>
        RunReport.From(run, await AskAsync(() => Catalog.GetStatus(run), cancellationToken));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunEntry>> ListAsync(CancellationToken cancellationToken = default) =>
        await AskAsync(() => Catalog.List(), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<EventMessage> FollowAsync(
        string run, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfUnknown(run);
        var metrics = grains.GetGrain<IMetricsGrain>(run);
        var silentSince = (long?)null;
        while (true)
        {
            var (phase, active, events, failure) = await LookAsync(run, metrics, after, cancellationToken);
            foreach (var message in events)
            {
                after = message.Sequence;
                yield return message;
            }

            // The status is older than the events, so an end that it shows is an end of the events too.
            if (failure is null && !active && phase is "stopped" or "finished" or "failed") yield break;
            if (active)
            {
                silentSince = null;
                await Task.Delay(PollInterval, time, cancellationToken);
                continue;
            }

            if (silentSince is null)
            {
                silentSince = time.GetTimestamp();
                var reason = failure?.Message ?? $"Run {run} is not in training; it goes on when its silo starts again.";
                var message = $"{reason} Waiting {Patience.TotalSeconds:0} s for it.";
                yield return new EventMessage(after, Unreachable, 0, new JsonObject { ["type"] = Unreachable, ["run"] = run, ["message"] = message }.ToJsonString());
            }
            else if (time.GetElapsedTime(silentSince.Value) > Patience)
            {
                throw failure ?? new SiloUnreachableException($"Run {run} has not been in training for {Patience.TotalSeconds:0} s: resume it.");
            }

            await Task.Delay(RetryInterval, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<AgentReport> GetAgentAsync(string run, int agent, CancellationToken cancellationToken = default)
    {
        var status = await AskAsync(() => Catalog.GetStatus(run), cancellationToken);
        var description = await AskAsync(() => AgentOf(run, agent).Describe(), cancellationToken);
        return AgentReport.From(agent, status.Agents[agent], description);
    }

    /// <inheritdoc/>
    public async Task<AgentAnswer> ActAsync(
        string run, int agent, IReadOnlyList<float[]> observations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        if (observations.Count is < 1 or > MaxObservations)
            throw new ArgumentException($"{observations.Count} observations are given: give 1 to {MaxObservations}.", nameof(observations));
        var size = observations[0]?.Length ?? 0;
        if (observations.Any(observation => observation?.Length != size))
            throw new ArgumentException("The observations are missing or have different lengths.", nameof(observations));
        var block = Block.From([.. observations.SelectMany(observation => observation)], observations.Count, size);
        var answer = await AskToActAsync(run, agent, block, cancellationToken);
        var actions = answer.Actions.AsSingles();
        var width = answer.Actions.Shape[1];
        var rows = new float[observations.Count][];
        for (var row = 0; row < rows.Length; row++) rows[row] = actions.Slice(row * width, width).ToArray();
        return new AgentAnswer(answer.Iteration, rows);
    }

    private async Task<AgentActions> AskToActAsync(string run, int agent, Block observations, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(() => AgentOf(run, agent).Act(observations), cancellationToken);
        }
        catch (NotFiniteNumberException error)
        {
            // The weights of a checkpoint are finite, so finite observations that overflow the policy are the caller's.
            throw new ArgumentException(error.Message, nameof(observations), error);
        }
    }

    private IAgentGrain AgentOf(string run, int agent)
    {
        ThrowIfUnknown(run);
        ArgumentOutOfRangeException.ThrowIfNegative(agent);
        return grains.GetGrain<IAgentGrain>(GrainKeys.Agent(run, agent));
    }

    /// <summary>What is no id is no key of a grain either.</summary>
    private static void ThrowIfUnknown(string run)
    {
        if (!RunIds.IsValid(run)) throw new UnknownRunException($"'{run}' is not the id of a run.");
    }

    private async Task<(string Phase, bool Active, IReadOnlyList<EventMessage> Events, SiloUnreachableException? Failure)> LookAsync(
        string run, IMetricsGrain metrics, long after, CancellationToken cancellationToken)
    {
        try
        {
            var status = await GetAsync(run, cancellationToken);
            return (status.Phase, status.Active, await AskAsync(() => metrics.Read(after), cancellationToken), null);
        }
        catch (SiloUnreachableException error)
        {
            return ("", false, [], error);
        }
    }

    private static Task AskAsync(Func<Task> call, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            await call();
            return true;
        },
        cancellationToken);

    private static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().WaitAsync(cancellationToken);
        }
        catch (Exception error) when (error is RoleMissingException or UnavailableException)
        {
            throw new SiloUnreachableException(error.Message, error);
        }
        catch (Exception error) when (error is SiloUnavailableException or ConnectionFailedException or OrleansMessageRejectionException or TimeoutException)
        {
            throw new SiloUnreachableException($"The silo does not answer: {error.Message.Split('\n')[0].TrimEnd('.')}.", error);
        }
    }
}
