using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Team;

/// <summary>What the run's machine asks for, as calls to the members of its team.</summary>
/// <param name="team">The members.</param>
/// <param name="run">The run.</param>
/// <param name="agents">Agents of its game.</param>
/// <param name="stopping">Cancelled when this activation of the run ends.</param>
public sealed class RunTeam(ITeam team, RunSpecification run, int agents, CancellationToken stopping) : IRunTeam
{
    private readonly IEnvironmentMember[] _environments = [.. Enumerable.Range(0, run.Shards).Select(team.Environment)];
    private readonly IAgentMember[] _agents = [.. Enumerable.Range(0, agents).Select(team.Agent)];

    /// <summary>The replays, where the learner wants them.</summary>
    private IReplayMember[] _replays = [];

    /// <inheritdoc/>
    public async Task<Opened> OpenAsync(Ticket ticket, Checkpoint? from, bool? onAccelerator)
    {
        var opened = await team.Learner.OpenAsync(ticket, run, from, onAccelerator, stopping);
        if (opened.Damaged is not null) return new Opened(opened.Damaged, opened.Device, opened.Accelerator);
        _replays = opened.Replay is null ? [] : [.. Enumerable.Range(0, run.Shards).Select(team.Replay)];
        var damages = await Task.WhenAll(_replays.Select(replay => replay.OpenAsync(ticket, run, opened.Replay!, from, stopping)));
        if (damages.FirstOrDefault(damage => damage is not null) is { } damage) return new Opened(damage, opened.Device, opened.Accelerator);
        await Task.WhenAll(_environments.Select(environment => environment.OpenAsync(ticket, run, opened.Replay)));
        await InstallAsync(ticket);
        return new Opened(null, opened.Device, opened.Accelerator);
    }

    /// <inheritdoc/>
    public async Task<Collected> CollectAsync(Ticket ticket)
    {
        var collected = await Task.WhenAll(_environments.Select(environment => AskAsync(() => environment.CollectAsync(ticket, stopping))));
        return new Collected(collected.Sum(part => part.Steps));
    }

    /// <inheritdoc/>
    public async Task<Learned> LearnAsync(Ticket ticket, double progress)
    {
        var learned = await AskAsync(() => team.Learner.LearnAsync(ticket, progress, stopping));
        if (learned.NonFinite is null) await InstallAsync(ticket.Next());
        return learned;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<double>> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes)
    {
        var parts = await Task.WhenAll(_environments.Select(environment => environment.EvaluateAsync(ticket, player, set, episodes, stopping)));
        return [.. parts.SelectMany(part => part)];
    }

    /// <inheritdoc/>
    public async Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket)
    {
        var saving = Task.WhenAll(_replays.Select(replay => AskAsync(() => replay.SaveAsync(ticket, stopping))));
        var learner = await AskAsync(() => team.Learner.SaveAsync(ticket, stopping));
        var segments = await saving;
        if (learner.Saved is not { } saved) return learner;
        if (segments.FirstOrDefault(segment => segment.Saved is null) is { } failed) return new SaveOutcome<SavedLearner>(null, failed.Failure);
        return learner with { Saved = saved with { Files = [.. saved.Files, .. segments.SelectMany(segment => segment.Saved!)] } };
    }

    /// <inheritdoc/>
    public Task CloseAsync(Ticket ticket) => Task.WhenAll(_replays.Select(replay => replay.CloseAsync(ticket)).Append(team.Learner.CloseAsync(ticket)));

    /// <summary>A time-out leaves open whether the work was done; the member answers a repeated call from its last result.</summary>
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

    private Task InstallAsync(Ticket ticket) => Task.WhenAll(_agents.Select(agent => agent.InstallAsync(ticket)));
}
