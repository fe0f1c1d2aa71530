using Madrl.Benchmarks.Cases;
using Madrl.Learning.Networks;
using Madrl.Policies;

namespace Madrl.Benchmarks.Ours;

/// <summary>The policy that acts in silos.</summary>
internal sealed class OurActor : LocalContender
{
    private readonly Policy _policy;
    private readonly int _rows;
    private readonly float[] _observations;
    private readonly float[] _outputs;

    /// <summary>A policy and the observations of a case.</summary>
    public OurActor(Policy policy, CaseData data, int rows)
    {
        (_policy, _rows) = (policy, rows);
        using var observations = data.Tensor("observations");
        _observations = Tensors.ToBlock(observations).AsSingles().ToArray();
        _outputs = new float[rows * policy.Description.Network.Outputs];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured => [.. _outputs.Select(output => (double)output)];

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override void Update() => _policy.Forward(_observations, _rows, _outputs);
}
