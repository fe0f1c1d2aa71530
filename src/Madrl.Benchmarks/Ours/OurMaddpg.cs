using Madrl.Environments;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Ours;

/// <summary>MADDPG as this project trains it.</summary>
internal sealed class OurMaddpg : LocalContender
{
    private readonly DdpgLearner _learner;
    private readonly TrainingBatch _batch;
    private long _update;
    private double[] _measured = [];

    /// <summary>A learner, owned from now on.</summary>
    /// <param name="learner">The learner.</param>
    /// <param name="samples">Transitions, one sample per agent or one for all.</param>
    public OurMaddpg(DdpgLearner learner, IReadOnlyList<Rollout> samples)
    {
        _learner = learner;
        _batch = TrainingBatch.From(samples);
    }

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
        var measured = _learner.Update(_batch, _update++, progress: 0);
        _measured = [measured["critic_loss"].item<float>(), measured["policy_loss"].item<float>()];
    }
}
