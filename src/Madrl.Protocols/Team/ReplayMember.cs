using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Team;

/// <summary>One shard's replay as the team calls it.</summary>
/// <param name="shard">Number of the shard.</param>
/// <param name="store">Where checkpoints lie.</param>
public sealed class ReplayMember(int shard, ICheckpointStore store) : IReplayMember
{
    /// <summary>Stands for "nothing is wrong": results that are remembered are not null.</summary>
    private const string Usable = "";

    private readonly Fenced<ReplayRole> _replay = new("replay");

    /// <inheritdoc/>
    public async Task<string?> OpenAsync(
        Ticket ticket, RunSpecification run, ReplayDescription replay, Checkpoint? from, CancellationToken cancellationToken)
    {
        var damage = await _replay.OnceAsync($"open {from?.Iteration}", ticket, async () =>
        {
            _replay.Open(ticket, null);
            var role = new ReplayRole(run, run.CreateGame(1).Spec, replay, shard, store);
            try
            {
                if (from is not null) await role.RestoreAsync(from, cancellationToken);
            }
            catch (CheckpointDamagedException error)
            {
                return error.Message;
            }

            _replay.Open(ticket, role);
            return Usable;
        });
        return damage == Usable ? null : damage;
    }

    /// <inheritdoc/>
    public Task AppendAsync(Ticket ticket, int first, Rollout part)
    {
        _replay.Require(ticket).Append(ticket.Iteration, first, part);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Rollout> GatherAsync(Ticket ticket, ReplayPick[] picks)
    {
        var role = _replay.Require(ticket);
        return role.Latest == ticket.Iteration
            ? Task.FromResult(role.Gather(picks))
            : throw new NotOpenedException("replay", ticket, ticket with { Iteration = role.Latest });
    }

    /// <inheritdoc/>
    public Task<SaveOutcome<IReadOnlyList<CheckpointFile>>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        _replay.OnceAsync(nameof(SaveAsync), ticket, () => SaveOutcomes.OfAsync(() => _replay.Require(ticket).SaveAsync(ticket, cancellationToken)));

    /// <inheritdoc/>
    public Task CloseAsync(Ticket ticket)
    {
        _replay.Admit(ticket);
        _replay.Open(ticket, null);
        return Task.CompletedTask;
    }
}
