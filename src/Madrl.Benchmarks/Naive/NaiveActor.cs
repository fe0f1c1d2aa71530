using Madrl.Benchmarks.Cases;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Naive;

/// <summary>An actor as a module, observations and outputs as tensors.</summary>
internal sealed class NaiveActor : LocalContender
{
    private readonly nn.Module<Tensor, Tensor> _actor;
    private readonly Tensor _observations;

    /// <summary>The network and observations of a case.</summary>
    public NaiveActor(CaseData data)
    {
        _observations = data.Tensor("observations");
        _actor = Modules.Mlp(_observations.shape[1], 5, data.Tensor("actor"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Measured
    {
        get
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            return [.. _actor.forward(_observations).data<float>().ToArray().Select(output => (double)output)];
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _actor.Dispose();
        _observations.Dispose();
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _actor.forward(_observations);
    }
}
