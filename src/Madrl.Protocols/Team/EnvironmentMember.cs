using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Team;

/// <summary>One shard's environment as the team calls it.</summary>
/// <param name="shard">Number of the shard.</param>
/// <param name="team">The team of a run.</param>
/// <param name="replicas">Who acts for a run's agents in this shard.</param>
public sealed class EnvironmentMember(
    int shard, Func<string, ITeam> team, Func<RunSpecification, GameSpec, IReplicaActors> replicas) : IEnvironmentMember
{
    private readonly Fenced<Shard> _shard = new("environment");

    /// <inheritdoc/>
    public Task OpenAsync(Ticket ticket, RunSpecification run, ReplayDescription? replay)
    {
        _shard.Admit(ticket);
        var role = _shard.Role?.Role ?? new EnvironmentRole(run, shard);
        _shard.Open(ticket, new Shard(role, _shard.Role?.Replicas ?? replicas(run, role.Game), team(run.Run), run, replay));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Collected> CollectAsync(Ticket ticket, CancellationToken cancellationToken) =>
        _shard.OnceAsync(nameof(CollectAsync), ticket, async () =>
        {
            var opened = _shard.Require(ticket);
            opened.Replicas.Ticket = ticket;
            var rollout = await opened.Role.CollectAsync(opened.Replicas, ticket.Iteration);
            cancellationToken.ThrowIfCancellationRequested();
            await HandOverAsync(ticket, opened, rollout);
            return new Collected(rollout.Lengths.Sum(length => (long)length));
        });

    /// <inheritdoc/>
    public async Task<double[]> EvaluateAsync(Ticket ticket, Player player, EpisodeSet set, int episodes, CancellationToken cancellationToken)
    {
        var opened = _shard.Require(ticket);
        opened.Replicas.Ticket = ticket;
        return await opened.Role.EvaluateAsync(
            game => player switch
            {
                Player.Random => new RandomActors(game.Spec, opened.Run.Seed),
                Player.Scripted => new ScriptedActors(game),
                _ => opened.Replicas,
            },
            set, episodes, shard);
    }

    /// <summary>Straight to the learner, or into the shard's replay, of which the learner is told; at most a message at a time.</summary>
    private async Task HandOverAsync(Ticket ticket, Shard opened, Rollout rollout)
    {
        var toReplay = opened.Replay is not null;
        var most = MessageLimit.Episodes(opened.Role.Game);
        for (var first = 0; first < rollout.Copies; first += most)
        {
            var count = Math.Min(most, rollout.Copies - first);
            var part = Part(opened.Role.Game, rollout, first, count, states: opened.Replay?.KeepsStates ?? true);
            await (toReplay
                ? opened.Team.Replay(shard).AppendAsync(ticket, first, part)
                : opened.Team.Learner.SubmitAsync(ticket, shard, first, part));
        }

        if (toReplay) await opened.Team.Learner.StoredAsync(ticket, shard, [.. rollout.Lengths]);
    }

    /// <summary>The collector writes the next episode into the same rollout, so what is handed over is a copy.</summary>
    private static Rollout Part(GameSpec game, Rollout rollout, int first, int count, bool states)
    {
        var part = new Rollout(game, count, game.EpisodeLimit, states);
        rollout.CopyTo(first, part, 0, count);
        return part;
    }

    private sealed record Shard(EnvironmentRole Role, IReplicaActors Replicas, ITeam Team, RunSpecification Run, ReplayDescription? Replay);
}
