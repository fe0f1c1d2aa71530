using Madrl.Learning.Networks;
using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Learning;

/// <summary>
/// Mean and variance of everything seen so far, for several series at once, in EPyMARL's form: batches are merged by
/// Chan, Golub and LeVeque's formula with the batch's unbiased variance, from mean 0, variance 1, count 1e-4.
/// </summary>
public sealed class RunningStatistics : IDisposable
{
    private double _count = 1e-4;

    private readonly double _memory;

    /// <summary>Empty statistics.</summary>
    /// <param name="series">Number of series.</param>
    /// <param name="memory">Samples after which older ones fade; infinite to forget nothing.</param>
    public RunningStatistics(int series, double memory = double.PositiveInfinity)
    {
        _memory = memory;
        Mean = zeros(series, device: Native.TorchDevice.Current).DetachFromDisposeScope();
        Variance = ones(series, device: Native.TorchDevice.Current).DetachFromDisposeScope();
    }

    /// <summary>Mean of each series [series].</summary>
    public Tensor Mean { get; }

    /// <summary>Variance of each series [series].</summary>
    public Tensor Variance { get; }

    /// <summary>Adds a batch.</summary>
    /// <param name="values">[series, samples].</param>
    public void Update(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var count = (double)values.shape[1];
        var delta = values.mean([1]) - Mean;
        var total = _count + count;
        var squares = Variance.Times(_count).Plus(values.var(1).Times(count)).Plus(delta.Squared().Times(_count * count / total));
        Mean.PlusInPlace(delta, count / total);
        Variance.copy_(squares.Over(total));
        _count = Math.Min(total, _memory);
    }

    /// <summary>Values [series, …] less the mean, over the standard deviation.</summary>
    public Tensor Standardise(Tensor values) => (values - Like(Mean, values)) / Like(Variance, values).sqrt();

    /// <summary>The inverse of <see cref="Standardise"/>.</summary>
    public Tensor Restore(Tensor values) => (values * Like(Variance, values).sqrt()).Plus(Like(Mean, values));

    /// <summary>The state, for a checkpoint.</summary>
    public IEnumerable<(string Name, Block Tensor)> Save(string prefix) =>
    [
        ($"{prefix}.mean", Tensors.ToBlock(Mean)),
        ($"{prefix}.var", Tensors.ToBlock(Variance)),
        ($"{prefix}.count", Block.From([_count])),
    ];

    /// <summary>Takes the state back from a checkpoint.</summary>
    public void Load(string prefix, IReadOnlyDictionary<string, Block> tensors)
    {
        using var scope = NewDisposeScope();
        Mean.copy_(Tensors.FromBlock(Learner.Require(tensors, $"{prefix}.mean")));
        Variance.copy_(Tensors.FromBlock(Learner.Require(tensors, $"{prefix}.var")));
        _count = Learner.Require(tensors, $"{prefix}.count").AsDoubles()[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
    }

    private static Tensor Like(Tensor statistic, Tensor values) =>
        statistic.view([-1, .. Enumerable.Repeat(1L, (int)values.dim() - 1)]);
}
