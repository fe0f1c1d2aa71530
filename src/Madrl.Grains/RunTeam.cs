using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>The team of a run as grains: what the run's machine asks for becomes calls.</summary>
internal sealed class RunTeam(IGrainFactory grains, RunSpecification run, int agents, CancellationToken stopping) : IRunTeam
{
    private readonly ILearnerGrain _learner = grains.GetGrain<ILearnerGrain>(run.Run);
    private readonly IEnvironmentGrain[] _environments =
        [.. Enumerable.Range(0, run.Shards).Select(shard => grains.GetGrain<IEnvironmentGrain>(GrainKeys.Environment(run.Run, shard)))];

    private readonly IReplayGrain[] _replays =
        [.. Enumerable.Range(0, run.Shards).Select(shard => grains.GetGrain<IReplayGrain>(GrainKeys.Replay(run.Run, shard)))];

    private readonly IAgentGrain[] _agents =
        [.. Enumerable.Range(0, agents).Select(agent => grains.GetGrain<IAgentGrain>(GrainKeys.Agent(run.Run, agent)))];

    /// <summary>The replays, where the learner wants them.</summary>
    private IReplayGrain[] _replaying = [];

    public async Task<Opened> OpenAsync(Ticket ticket, RunSpecification specification, Checkpoint? from)
    {
        var request = new OpenRequest(ticket.Epoch, ticket.Iteration, specification.ToJson());
        var checkpoint = from is null ? null : JsonSerializer.Serialize(from);
        var opened = await _learner.Open(new OpenLearnerRequest(request, checkpoint), stopping);
        if (opened.Damaged is not null) return new Opened(opened.Damaged, opened.Device);
        request = request with { Replay = opened.Replay };
        _replaying = opened.Replay is null ? [] : _replays;
        var damages = await Task.WhenAll(_replaying.Select(replay => replay.Open(new OpenReplayRequest(request, checkpoint), stopping)));
        if (damages.FirstOrDefault(damage => damage is not null) is { } damage) return new Opened(damage, opened.Device);
        await Task.WhenAll(_environments.Select(environment => environment.Open(request)));
        await InstallAsync(opened.Policies);
        return new Opened(null, opened.Device);
    }

    public async Task<Collected> CollectAsync(Ticket ticket)
    {
        var receipts = await Task.WhenAll(_environments.Select(environment =>
            AskAsync(() => environment.Collect(ticket.Epoch, ticket.Iteration, stopping))));
        return new Collected(receipts.Sum(receipt => receipt.Steps));
    }

    public async Task<Learned> LearnAsync(Ticket ticket, double progress)
    {
        var reply = await AskAsync(() => _learner.Learn(new LearnRequest(ticket.Epoch, ticket.Iteration, progress), stopping));
        if (reply.NonFinite is null) await InstallAsync(reply.Policies);
        return new Learned(reply.Measured, reply.Updates, reply.NonFinite);
    }

    public async Task<IReadOnlyList<double>> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes)
    {
        var request = new EvaluateRequest(ticket.Epoch, ticket.Iteration, player, set, episodes);
        var replies = await Task.WhenAll(_environments.Select(environment => environment.Evaluate(request, stopping)));
        return [.. replies.SelectMany(reply => (double[])[.. reply.Returns.AsDoubles()])];
    }

    public async Task<SaveOutcome> SaveAsync(Ticket ticket)
    {
        var replays = Task.WhenAll(_replaying.Select(replay => AskAsync(() => replay.Save(ticket.Epoch, ticket.Iteration, stopping))));
        var learner = await AskAsync(() => _learner.Save(ticket.Epoch, ticket.Iteration, stopping));
        var replies = await replays;
        if (replies.Append(learner).FirstOrDefault(reply => reply.Saved is null) is { } failed) return new SaveOutcome(null, failed.Failure);
        var saved = JsonSerializer.Deserialize<SavedLearner>(learner.Saved!)!;
        var segments = replies.SelectMany(reply => JsonSerializer.Deserialize<CheckpointFile[]>(reply.Saved!)!);
        return new SaveOutcome(saved with { Files = [.. saved.Files, .. segments] }, null);
    }

    public Task CloseAsync(Ticket ticket) => Task.WhenAll(
        _replaying.Select(replay => replay.Close(ticket.Epoch, ticket.Iteration)).Append(_learner.Close(ticket.Epoch, ticket.Iteration)));

    /// <summary>A time-out leaves open whether the work was done; the grain answers a repeated call from its last result.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (TimeoutException)
        {
            return await call();
        }
    }

    private Task InstallAsync(WeightsMessage[] policies) => Task.WhenAll(_agents.Zip(policies, (agent, weights) => agent.Install(weights)));
}
