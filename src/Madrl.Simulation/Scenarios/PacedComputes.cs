using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Scenarios;

/// <summary>
/// Learners whose work takes virtual time instead of real: whatever thread a learner computes on, the schedule waits for it,
/// so that it stays the same. Frees those that nobody freed, because their activation crashed.
/// </summary>
internal sealed class PacedComputes(ILearnerComputeFactory factory, Scheduler scheduler, Chance latency) : ILearnerComputeFactory, IDisposable
{
    private const double Shortest = 1e-3, Longest = 2e-2;

    private readonly List<PacedCompute> _made = [];

    /// <inheritdoc/>
    public async Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null)
    {
        var compute = new PacedCompute(this, Wait(() => factory.CreateAsync(run, game, accelerator)));
        _made.Add(compute);
        await PauseAsync();
        return compute;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var compute in _made) compute.Free();
    }

    private Task PauseAsync() => scheduler.PauseAsync(latency.Seconds(Shortest, Longest));

    /// <summary>Waits for a learner's own threads, which know nothing of turns.</summary>
    private static T Wait<T>(Func<Task<T>> work)
    {
        var turns = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return work().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(turns);
        }
    }

    private sealed class PacedCompute(PacedComputes computes, ILearnerCompute compute) : ILearnerCompute
    {
        private bool _isFree;

        public string Device => compute.Device;

        public ReplayDescription? Replay => compute.Replay;

        public Task<PolicySet> PoliciesAsync() => Task.FromResult(Wait(compute.PoliciesAsync));

        public async Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long number, double progress)
        {
            await computes.PauseAsync();
            var learned = Wait(() => compute.LearnAsync(rollouts, number, progress));
            await computes.PauseAsync();
            return learned;
        }

        public async Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync()
        {
            await computes.PauseAsync();
            return Wait(compute.SaveAsync);
        }

        public async Task LoadAsync(IReadOnlyDictionary<string, Block> tensors)
        {
            await computes.PauseAsync();
            Wait(async () =>
            {
                await compute.LoadAsync(tensors);
                return true;
            });
        }

        public ValueTask DisposeAsync()
        {
            Free();
            return ValueTask.CompletedTask;
        }

        public void Free()
        {
            if (_isFree) return;
            _isFree = true;
            Wait(async () =>
            {
                await compute.DisposeAsync();
                return true;
            });
        }
    }
}
