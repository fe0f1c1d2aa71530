using Madrl.Environments;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>A learner that passes every call on.</summary>
public abstract class LearnerDecorator(ILearnerMember learner) : ILearnerMember
{
    public virtual Task<LearnerOpened> OpenAsync(
        Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken) =>
        learner.OpenAsync(ticket, run, from, onAccelerator, cancellationToken);

    public virtual Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part) => learner.SubmitAsync(ticket, shard, first, part);

    public virtual Task StoredAsync(Ticket ticket, int shard, int[] lengths) => learner.StoredAsync(ticket, shard, lengths);

    public virtual Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken) =>
        learner.LearnAsync(ticket, progress, cancellationToken);

    public virtual Task<PolicySet> PoliciesAsync(Ticket ticket) => learner.PoliciesAsync(ticket);

    public virtual Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        learner.SaveAsync(ticket, cancellationToken);

    public virtual Task CloseAsync(Ticket ticket) => learner.CloseAsync(ticket);
}
