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
        var batch = TrainingBatch.From(rollouts);
        var measured = Update(batch, number, progress);
        using var frozen = no_grad();
        var values = stack([.. measured.Select(item => item.Value)]).to(ScalarType.Float64).data<double>().ToArray();
        var report = measured.Keys.Zip(values).ToDictionary();
        foreach (var (name, value) in report)
        {
            if (!double.IsFinite(value)) throw new NonFiniteException(name, number);
        }

        return report;
    }

    /// <summary>One update from a batch; the caller's dispose scope takes what it leaves.</summary>
    /// <returns>Scalars by name; every one of them is checked to be finite.</returns>
    protected internal abstract IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress);

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

    private IEnumerable<(string Name, Tensor Tensor)> StateTensors() =>
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
