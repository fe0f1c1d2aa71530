using Madrl.Learning.Algorithms;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Ours;

/// <summary>MAPPO's epochs as this project trains it, over samples that were prepared once.</summary>
internal sealed class OurMappo : LocalContender
{
    private readonly PpoLearner _learner;
    private readonly PpoSamples _samples;
    private readonly double _learningRate;
    private int _epoch;
    private double[] _measured = [];

    /// <summary>A learner and its samples, owned from now on.</summary>
    public OurMappo(PpoLearner learner, PpoSamples samples, double learningRate)
    {
        (_learner, _samples, _learningRate) = (learner, samples, learningRate);
        foreach (var tensor in (Tensor[])
            [samples.ActorInputs, samples.CriticInputs, samples.Actions, samples.OldLogProbability, samples.Advantages, samples.Targets, samples.Mask])
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => _measured;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _samples.Dispose();
        _learner.Dispose();
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        using var scope = NewDisposeScope();
        var measured = _learner.Pass(_samples, iteration: 0, _epoch++, _learningRate).data<float>();
        _measured = [measured[0], measured[1], measured[2]];
    }
}
