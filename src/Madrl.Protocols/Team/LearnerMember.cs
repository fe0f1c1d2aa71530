using Madrl.Environments;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Team;

/// <summary>The learner of a run as the team calls it.</summary>
/// <param name="factory">Makes the compute.</param>
/// <param name="team">The team of a run, whose replay it draws from.</param>
/// <param name="store">Where checkpoints lie.</param>
/// <param name="accelerator">The accelerator of this silo; null where it has none.</param>
public sealed class LearnerMember(
    ILearnerComputeFactory factory, Func<string, ITeam> team, ICheckpointStore store, string? accelerator)
    : ILearnerMember, IAsyncDisposable
{
    private readonly Fenced<LearnerRole> _learner = new("learner");

    // The barrier at which the learner stands, and the policies that it has there.
    private Ticket _at;
    private PolicySet? _policies;

    /// <summary>Optimiser steps so far.</summary>
    public long Updates { get; private set; }

    /// <inheritdoc/>
    public Task<LearnerOpened> OpenAsync(
        Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken)
    {
        _learner.Admit(ticket);
        if (onAccelerator == true && accelerator is null)
            throw new AcceleratorUnavailableException("The run began on an accelerator, and no silo that takes learners has one.");
        return _learner.OnceAsync($"open {from?.Iteration}", ticket, async () =>
        {
            await DisposeAsync();
            var used = onAccelerator == false ? null : accelerator;
            var game = run.CreateGame(1).Spec;
            var role = new LearnerRole(run, game, await factory.CreateAsync(run, game, used), team(run.Run).Replay, store);
            _learner.Open(ticket, role);
            try
            {
                if (from is not null) await role.RestoreAsync(from, cancellationToken);
            }
            catch (CheckpointDamagedException error)
            {
                await DisposeAsync();
                return new LearnerOpened(error.Message, role.Device, used, null);
            }

            (_at, _policies, Updates) = (ticket, await role.PoliciesAsync(), from?.Updates ?? 0);
            return new LearnerOpened(null, role.Device, used, role.Replay);
        });
    }

    /// <inheritdoc/>
    public Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part)
    {
        At(ticket).Submit(ticket, shard, first, part);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoredAsync(Ticket ticket, int shard, int[] lengths)
    {
        At(ticket).Stored(ticket, shard, lengths);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken) =>
        _learner.OnceAsync(nameof(LearnAsync), ticket, async () =>
        {
            var role = At(ticket);

            // Until it has succeeded, the learner stands nowhere: what it learned from is gone.
            _at = default;
            var learned = await role.LearnAsync(ticket, progress);
            (_at, _policies, Updates) = (ticket.Next(), learned.Policies, learned.Updates);
            return new Learned(learned.Measured, learned.Updates, learned.NonFinite);
        });

    /// <inheritdoc/>
    public Task<PolicySet> PoliciesAsync(Ticket ticket)
    {
        _learner.Admit(ticket);
        return _at == ticket && _policies is not null ? Task.FromResult(_policies) : throw new WrongVersionException(ticket, _at);
    }

    /// <inheritdoc/>
    public Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        _learner.OnceAsync(nameof(SaveAsync), ticket, () => SaveOutcomes.OfAsync(() => At(ticket).SaveAsync(ticket, cancellationToken)));

    /// <inheritdoc/>
    public async Task CloseAsync(Ticket ticket)
    {
        _learner.Admit(ticket);
        await DisposeAsync();
    }

    /// <summary>Frees the compute.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_learner.Role is not { } role) return;
        _learner.Open(default, null);
        (_at, _policies) = (default, null);
        await role.DisposeAsync();
    }

    private LearnerRole At(Ticket ticket)
    {
        var role = _learner.Require(ticket);
        return _at == ticket ? role : throw new NotOpenedException("learner", ticket, _at);
    }
}
