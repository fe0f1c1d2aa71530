using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Hosting;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Microsoft.Extensions.DependencyInjection;

namespace Madrl.Grains.Tests;

/// <summary>The real learner, with something done before or after it learns.</summary>
internal sealed class HookedCompute : ILearnerComputeFactory
{
    /// <summary>Runs before an iteration is learned; may change the rollouts.</summary>
    public Func<long, IReadOnlyList<Rollout>, Task> Before { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Changes what was learned.</summary>
    public Func<long, LearnedPolicies, LearnedPolicies> After { get; init; } = (_, learned) => learned;

    public void Register(IServiceCollection services) => services.AddSingleton<ILearnerComputeFactory>(this);

    public async Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null) =>
        new Compute(this, await new TorchLearnerComputeFactory().CreateAsync(run, game, accelerator));

    private sealed class Compute(HookedCompute hook, ILearnerCompute inner) : ILearnerCompute
    {
        public string Device => inner.Device;

        public ReplayDescription? Replay => inner.Replay;

        public Task<PolicySet> PoliciesAsync() => inner.PoliciesAsync();

        public async Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long iteration, double progress)
        {
            await hook.Before(iteration, rollouts);
            return hook.After(iteration, await inner.LearnAsync(rollouts, iteration, progress));
        }

        public Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync() => inner.SaveAsync();

        public Task LoadAsync(IReadOnlyDictionary<string, Block> tensors) => inner.LoadAsync(tensors);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>Holds an iteration up until the test lets it go on.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task.WaitAsync(Limits.Hang);

    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _open.Task;
    }
}
