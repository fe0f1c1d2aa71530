using System.Threading.Channels;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Native;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Hosting;

/// <summary>
/// Learners on TorchSharp, each with a thread of its own that everything of the learner runs on. As many learn at a time as the
/// machine has cores for, in the order in which they asked: runs that train side by side get equal turns.
/// </summary>
public sealed class TorchLearnerComputeFactory : ILearnerComputeFactory
{
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / RunSpecifier.DefaultThreads));

    /// <inheritdoc/>
    public async Task<ILearnerCompute> CreateAsync(RunSpecification run, GameSpec game, string? accelerator = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var compute = new TorchLearnerCompute(_turns, accelerator ?? TorchDevice.Cpu);
        try
        {
            await compute.CreateAsync(() =>
                AlgorithmCatalog.Find(run.Algorithm).CreateLearner(game, run.Learning, run.Copies, run.Seed, run.Threads, compute.Device));
            return compute;
        }
        catch
        {
            await compute.DisposeAsync();
            throw;
        }
    }
}

/// <summary>Runs one learner on a dedicated thread: torch's thread-local modes stay in order, the grain scheduler stays free.</summary>
internal sealed class TorchLearnerCompute : ILearnerCompute
{
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Thread _thread;
    private Learner? _learner;
    private bool _disposed;

    private readonly SemaphoreSlim _turns;

    public TorchLearnerCompute(SemaphoreSlim turns, string device)
    {
        (_turns, Device) = (turns, device);
        _thread = new Thread(Work) { IsBackground = true, Name = "learner-0" };
        _thread.Start();
    }

    public string Device { get; }

    public ReplayDescription? Replay => _learner?.Replay;

    public Task CreateAsync(Func<Learner> create) => DoAsync(() => _learner = create());

    public Task<PolicySet> PoliciesAsync() => DoAsync(() => new PolicySet(_learner!.Policy, _learner.ExportPolicies()));

    public async Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long number, double progress)
    {
        await _turns.WaitAsync();
        try
        {
            return await DoAsync(() => Learn(rollouts, number, progress));
        }
        finally
        {
            _turns.Release();
        }
    }

    public Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync() => DoAsync(() => _learner!.Save());

    public Task LoadAsync(IReadOnlyDictionary<string, Block> tensors) => DoAsync(() =>
    {
        _learner!.Load(tensors);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        var disposed = DoAsync(() =>
        {
            _learner?.Dispose();
            return true;
        });
        _work.Writer.Complete();
        await disposed;
    }

    private LearnedPolicies Learn(IReadOnlyList<Rollout> rollouts, long number, double progress)
    {
        var learner = _learner!;
        try
        {
            var measured = learner.Learn(rollouts, number, progress);
            return new LearnedPolicies(new PolicySet(learner.Policy, learner.ExportPolicies()), measured, learner.Updates, null);
        }
        catch (NonFiniteException error)
        {
            return new LearnedPolicies(new PolicySet(learner.Policy, []), new Dictionary<string, double>(), learner.Updates, error.Description);
        }
    }

    private Task<T> DoAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = _work.Writer.TryWrite(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception error)
            {
                completion.SetException(error);
            }
        });
        ObjectDisposedException.ThrowIf(!accepted, this);
        return completion.Task;
    }

    private void Work()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out var work)) work();
        }
    }
}
