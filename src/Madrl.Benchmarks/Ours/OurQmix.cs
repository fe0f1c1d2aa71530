using Madrl.Environments;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Ours;

/// <summary>QMIX as this project trains it.</summary>
internal sealed class OurQmix : LocalContender
{
    private readonly QLearner _learner;
    private readonly TrainingBatch _batch;
    private long _update;
    private double[] _measured = [];

    /// <summary>A learner, owned from now on.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="played">The episodes.</param>
    public OurQmix(QLearner learner, Rollout played) => (_learner, _batch) = (learner, TrainingBatch.From([played]));

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => _measured;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _batch.Dispose();
        _learner.Dispose();
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        using var scope = NewDisposeScope();
        _measured = [_learner.Update(_batch, _update++, progress: 0)["loss"].item<float>()];
    }
}
