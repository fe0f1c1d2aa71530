using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>Learner and replays take a call of an older epoch for one of the latest.</summary>
public sealed class MissingFence : SimulatedParts
{
    public override ILearnerMember Learner(ILearnerMember learner) => new UnfencedLearner(learner);

    public override IReplayMember Replay(IReplayMember replay) => new UnfencedReplay(replay);

    private sealed class Latest
    {
        private long _epoch;

        public Ticket Of(Ticket ticket) => ticket with { Epoch = _epoch = Math.Max(_epoch, ticket.Epoch) };
    }

    private sealed class UnfencedLearner(ILearnerMember learner) : LearnerDecorator(learner)
    {
        private readonly Latest _latest = new();

        public override Task<LearnerOpened> OpenAsync(
            Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken) =>
            base.OpenAsync(_latest.Of(ticket), run, from, onAccelerator, cancellationToken);

        public override Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part) => base.SubmitAsync(_latest.Of(ticket), shard, first, part);

        public override Task StoredAsync(Ticket ticket, int shard, int[] lengths) => base.StoredAsync(_latest.Of(ticket), shard, lengths);

        public override Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken) =>
            base.LearnAsync(_latest.Of(ticket), progress, cancellationToken);

        public override Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
            base.SaveAsync(_latest.Of(ticket), cancellationToken);

        public override Task CloseAsync(Ticket ticket) => base.CloseAsync(_latest.Of(ticket));
    }

    private sealed class UnfencedReplay(IReplayMember replay) : ReplayDecorator(replay)
    {
        private readonly Latest _latest = new();

        public override Task<string?> OpenAsync(
            Ticket ticket, RunSpecification run, ReplayDescription description, Checkpoint? from, CancellationToken cancellationToken) =>
            base.OpenAsync(_latest.Of(ticket), run, description, from, cancellationToken);

        public override Task AppendAsync(Ticket ticket, int first, Rollout part) => base.AppendAsync(_latest.Of(ticket), first, part);

        public override Task CloseAsync(Ticket ticket) => base.CloseAsync(_latest.Of(ticket));
    }
}
