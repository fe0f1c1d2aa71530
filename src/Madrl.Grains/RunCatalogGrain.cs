using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Orleans.Concurrency;

namespace Madrl.Grains;

/// <summary>The runs of this silo or cluster, from its archive. Reentrant, so that making one run does not keep the others waiting.</summary>
[Reentrant, RunPlacement]
public sealed class RunCatalogGrain(IRunArchive archive) : Grain, IRunCatalogGrain
{
    private readonly RunDeletions _deletions = new();

    /// <inheritdoc/>
    public async Task<string> Start(RunRequest request)
    {
        var run = await archive.CreateAsync(request);
        try
        {
            await AnswerAsync(GrainOf(run.Run).Start(run.ToJson()));
        }
        catch (StorageUnavailableException error)
        {
            throw new StorageUnavailableException($"Run {run.Run} was made, but not started: resume it later. {error.Message}", error);
        }

        return run.Run;
    }

    /// <inheritdoc/>
    public Task Resume(string run, bool? onAccelerator) => AskAsync(run, async grain =>
    {
        await grain.Start((await archive.OpenAsync(run)).ToJson(), onAccelerator);
        return true;
    });

    /// <inheritdoc/>
    public Task Stop(string run) => AskAsync(run, async grain =>
    {
        await grain.Stop();
        return true;
    });

    /// <inheritdoc/>
    public Task<StatusReply> GetStatus(string run) => AskAsync(run, grain => grain.GetStatus());

    /// <inheritdoc/>
    public async Task<RunEntry[]> List()
    {
        var entries = await Task.WhenAll((await archive.ListAsync()).Select(run => run.Here ? CurrentAsync(run.Entry) : Task.FromResult<RunEntry?>(run.Entry)));
        return [.. entries.OfType<RunEntry>()];
    }

    /// <inheritdoc/>
    public async Task Delete(string run)
    {
        await archive.OpenAsync(run);
        await _deletions.DeleteAsync(run, () => AnswerAsync(GrainOf(run).Delete()));
    }

    /// <summary>An entry of a run that this silo has: its files may be behind. Null where it was deleted meanwhile.</summary>
    private async Task<RunEntry?> CurrentAsync(RunEntry entry)
    {
        try
        {
            var status = await GetStatus(entry.Run);
            var state = status.Active ? "running" : status.Phase switch
            {
                RunPhase.None => "new",
                RunPhase.Running => "interrupted",
                var phase => phase.ToString().ToLowerInvariant(),
            };
            return entry with { State = state, EnvSteps = status.EnvironmentSteps, Error = status.Error };
        }
        catch (UnknownRunException)
        {
            return null;
        }
        catch (Exception error)
        {
            // One run that cannot be used must not hide the others.
            return entry with { State = "damaged", Error = error.Message };
        }
    }

    /// <summary>Asks a run that is there, and says so if it was deleted while it was asked.</summary>
    private async Task<T> AskAsync<T>(string run, Func<IRunGrain, Task<T>> ask)
    {
        await archive.OpenAsync(run);
        _deletions.ThrowIfAny(run);
        try
        {
            var answer = ask(GrainOf(run));
            await AnswerAsync(answer);
            return await answer;
        }
        catch
        {
            await archive.OpenAsync(run);
            throw;
        }
    }

    /// <summary>Waits for what a run answers. Where it could not be activated, because its state could not be read, this says so.</summary>
    private static async Task AnswerAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception error) when (StorageFailures.OfActivation(error) is { } failure)
        {
            throw failure;
        }
    }

    private IRunGrain GrainOf(string run) => GrainFactory.GetGrain<IRunGrain>(run);
}
