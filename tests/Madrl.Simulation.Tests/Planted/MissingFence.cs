using Madrl.Environments;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>A call of an older epoch is taken for one of the latest.</summary>
public sealed class MissingFence : SimulatedParts
{
    public override ILearnerMember Learner(ILearnerMember learner) => new Unfenced(learner);

    private sealed class Unfenced(ILearnerMember learner) : LearnerDecorator(learner)
    {
        private long _epoch;

        public override Task<LearnerOpened> OpenAsync(
            Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken) =>
            base.OpenAsync(Latest(ticket), run, from, onAccelerator, cancellationToken);

        public override Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part) => base.SubmitAsync(Latest(ticket), shard, first, part);

        public override Task StoredAsync(Ticket ticket, int shard, int[] lengths) => base.StoredAsync(Latest(ticket), shard, lengths);

        public override Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken) =>
            base.LearnAsync(Latest(ticket), progress, cancellationToken);

        public override Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
            base.SaveAsync(Latest(ticket), cancellationToken);

        public override Task CloseAsync(Ticket ticket) => base.CloseAsync(Latest(ticket));

        private Ticket Latest(Ticket ticket) => ticket with { Epoch = _epoch = Math.Max(_epoch, ticket.Epoch) };
    }
}
