using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning;

/// <summary>
/// What all learners here have in common: parameters with an Adam each, threads, checkpoints, and the check that nothing
/// became non-finite.
/// </summary>
/// <param name="threads">Learner threads.</param>
public abstract class GradientLearner(int threads) : Learner
{
    /// <summary>Where batches go, and where everything of the learner was made.</summary>
    private readonly Device _device = Native.TorchDevice.Current;

    /// <inheritdoc/>
    public sealed override int Threads => Workers.Count;

    /// <inheritdoc/>
    public sealed override long Updates => Trained[0].Optimiser.Steps;

    /// <summary>What it trains: flat parameters by name, with their optimisers.</summary>
    protected abstract IReadOnlyList<(string Name, Tensor Weights, Adam Optimiser)> Trained { get; }

    /// <summary>The threads that networks compute on.</summary>
    protected LearnerThreads Workers { get; } = new(threads);

    /// <summary>Parts of the state beyond networks and optimisers.</summary>
    protected virtual IEnumerable<(string Name, Tensor Tensor)> FurtherState => [];

    /// <summary>Running statistics that belong to the state.</summary>
    protected abstract IEnumerable<(string Name, RunningStatistics Statistics)> Statistics { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, double> Learn(IReadOnlyList<Rollout> rollouts, long number, double progress)
    {
        using var scope = NewDisposeScope();
        var batch = TrainingBatch.From(rollouts).To(_device);
        var when = $"{(Replay is null ? "iteration" : "update")} {number}";
        var measured = Checked ? CheckedUpdate(batch, number, progress, when) : Update(batch, number, progress);
        using var frozen = no_grad();
        var values = stack([.. measured.Select(item => item.Value)]).to(ScalarType.Float64).cpu().data<double>().ToArray();
        var report = measured.Keys.Zip(values).ToDictionary();
        foreach (var (name, value) in report)
        {
            if (!double.IsFinite(value)) throw new NonFiniteException(name, when);
        }

        return report;
    }

    /// <summary>
    /// Gives every network what looks at its tensors, made for the network's name; null ends it. A learner from outside, whose
    /// networks have no such place, has its batch and its report checked.
    /// </summary>
    private protected virtual void Watch(Func<string, FiniteCheck?> check)
    {
    }

    /// <summary>One update from a batch; the caller's dispose scope takes what it leaves.</summary>
    /// <returns>Scalars by name; every one of them is checked to be finite.</returns>
    protected internal abstract IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress);

    /// <summary>An update that looks at the batch, at all that networks hold and give, and at the weights that it leaves.</summary>
    private IReadOnlyDictionary<string, Tensor> CheckedUpdate(TrainingBatch batch, long number, double progress, string when)
    {
        var checks = new FiniteCheck(when, "");
        foreach (var (name, tensor) in batch.Named) checks.Demand(name, tensor);
        Watch(owner => new FiniteCheck(when, owner));
        try
        {
            var measured = Update(batch, number, progress);
            foreach (var (name, tensor) in StateTensors()) checks.Demand(name, tensor);
            return measured;
        }
        finally
        {
            Watch(_ => null);
        }
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Block Tensor)> Save()
    {
        using var scope = NewDisposeScope();
        return
        [
            .. StateTensors().Select(item => (item.Name, Tensors.ToBlock(item.Tensor))),
            .. Statistics.SelectMany(item => item.Statistics.Save(item.Name)),
            .. Trained.Select(item => ($"{item.Name}.steps", Block.From([(double)item.Optimiser.Steps]))),
        ];
    }

    /// <inheritdoc/>
    public sealed override void Load(IReadOnlyDictionary<string, Block> tensors)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, target) in StateTensors())
        {
            var block = Require(tensors, name);
            if (!block.Shape.Select(size => (long)size).SequenceEqual(target.shape))
                throw new InvalidDataException($"'{name}' has shape [{string.Join(", ", block.Shape)}] instead of [{string.Join(", ", target.shape)}].");
            target.copy_(Tensors.FromBlock(block));
        }

        foreach (var (name, statistics) in Statistics) statistics.Load(name, tensors);
        foreach (var (name, _, optimiser) in Trained) optimiser.Steps = (long)Require(tensors, $"{name}.steps").AsDoubles()[0];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Workers.Dispose();
        foreach (var (_, _, optimiser) in Trained) optimiser.Dispose();
        foreach (var (_, statistics) in Statistics) statistics.Dispose();
        foreach (var (_, tensor) in FurtherState) tensor.Dispose();
    }

    /// <summary>Lets networks compute on the learner's threads.</summary>
    private protected void Spread(params ReadOnlySpan<TorchNetwork> networks)
    {
        foreach (var network in networks) network.Workers = Workers;
    }

    /// <summary>Weights, moments and what else lies in tensors, by name.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> StateTensors() =>
    [
        .. Trained.SelectMany(item => ((string, Tensor)[])
        [
            ($"{item.Name}.weights", item.Weights),
            ($"{item.Name}.adam.first", item.Optimiser.FirstMoment),
            ($"{item.Name}.adam.second", item.Optimiser.SecondMoment),
        ]),
        .. FurtherState,
    ];
}
