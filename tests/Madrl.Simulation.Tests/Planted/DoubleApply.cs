using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Simulation.Tests.Planted;

/// <summary>A call to learn that arrives a second time is done a second time.</summary>
public sealed class DoubleApply : SimulatedParts
{
    private readonly Factory _computes = new();

    public override ILearnerComputeFactory Computes(ILearnerComputeFactory computes)
    {
        _computes.Inner = computes;
        return _computes;
    }

    public override ILearnerMember Learner(ILearnerMember learner) => new Forgetful(learner, _computes);

    private sealed class Forgetful(ILearnerMember learner, Factory computes) : LearnerDecorator(learner)
    {
        private Repeatable? _compute;
        private Ticket? _done;

        public override async Task<LearnerOpened> OpenAsync(
            Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken)
        {
            var opened = await base.OpenAsync(ticket, run, from, onAccelerator, cancellationToken);
            _compute = computes.Latest;
            return opened;
        }

        public override async Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken)
        {
            var learned = await base.LearnAsync(ticket, progress, cancellationToken);
            if (_done == ticket) await _compute!.LearnAgainAsync();
            _done = ticket;
            return learned;
        }
    }

    private sealed class Factory : ILearnerComputeFactory
    {
        public ILearnerComputeFactory Inner { get; set; } = null!;

        public Repeatable? Latest { get; private set; }

        public async Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null) =>
            Latest = new Repeatable(await Inner.CreateAsync(run, game, accelerator));
    }

    private sealed class Repeatable(ILearnerCompute compute) : ILearnerCompute
    {
        private Func<Task>? _again;

        public string Device => compute.Device;

        public ReplayDescription? Replay => compute.Replay;

        public Task LearnAgainAsync() => _again?.Invoke() ?? Task.CompletedTask;

        public Task<PolicySet> PoliciesAsync() => compute.PoliciesAsync();

        public Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long number, double progress)
        {
            _again = () => compute.LearnAsync(rollouts, number, progress);
            return compute.LearnAsync(rollouts, number, progress);
        }

        public Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync() => compute.SaveAsync();

        public Task LoadAsync(IReadOnlyDictionary<string, Block> tensors) => compute.LoadAsync(tensors);

        public ValueTask DisposeAsync() => compute.DisposeAsync();
    }
}
