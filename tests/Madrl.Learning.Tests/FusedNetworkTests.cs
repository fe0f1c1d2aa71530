using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>
/// The fused network and the ordinary TorchSharp code compute the same values and gradients. float64 tensors take the
/// ordinary code, so that it is the judge.
/// </summary>
public class FusedNetworkTests
{
    private const float Tolerance = 1e-5f;

    /// <summary>Networks of all kinds of layers, sizes that are no multiple of a vector or tile among them.</summary>
    public static TheoryData<string> Networks => new("mlp", "tanh", "tiny", "wide", "gru", "gru-odd", "gru-twice", "norm", "norm-gru");

    [Theory]
    [MemberData(nameof(Networks))]
    public void Values_and_gradients_agree_with_ordinary_code(string name)
    {
        foreach (var (members, sequences, steps) in ((int, int, int)[])[(1, 1, 1), (1, 37, 1), (2, 5, 7), (3, 300, 1), (1, 150, 6), (1, 2100, 2)])
        {
            foreach (var resets in (bool[])[false, true]) AssertAgrees(Describe(name), members, sequences, steps, resets);
        }
    }

    private static void AssertAgrees(NetworkDescription description, int members, int sequences, int steps, bool withResets)
    {
        using var network = new TorchNetwork(description, members);
        using var scope = NewDisposeScope();
        random.manual_seed(members + sequences + steps);
        network.Initialise(seed: 5, network: 0, outputGain: null);
        var x = randn(members, sequences, steps, description.Inputs).requires_grad_();
        var weights = randn(members, sequences, steps, description.Outputs);
        var resets = withResets ? bernoulli(full([sequences, steps], 0.3f)) : null;

        var state = description.StateSize > 0 ? randn(members, sequences, description.StateSize).requires_grad_() : null;

        var y = network.Unroll(x, resets, state);
        Tensor[] leaves = state is null ? [network.Parameters, x] : [network.Parameters, x, state];
        var gradients = autograd.grad([(y * weights).sum()], leaves);
        var exact = network.Parameters.detach().to(ScalarType.Float64).requires_grad_();
        var exactX = x.detach().to(ScalarType.Float64).requires_grad_();
        var exactState = state?.detach().to(ScalarType.Float64).requires_grad_();
        var exactY = EagerLayers.Unroll(description, exact, exactX, resets?.to(ScalarType.Float64), exactState);
        Tensor[] exactLeaves = exactState is null ? [exact, exactX] : [exact, exactX, exactState];
        var exactGradients = autograd.grad([(exactY * weights.to(ScalarType.Float64)).sum()], exactLeaves);

        AssertClose(exactY, y, "outputs");
        AssertClose(exactGradients[0], gradients[0], "gradient of the parameters");
        AssertClose(exactGradients[1], gradients[1], "gradient of the inputs");
        if (state is not null) AssertClose(exactGradients[2], gradients[2], "gradient of the first state");
        using var frozen = no_grad();
        Assert.True(network.Unroll(x, resets, state).equal(y).all().item<bool>(), "Without gradients the outputs have other bits.");
    }

    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        // Relative to the largest number: a sum over thousands of rows carries the rounding of its largest parts.
        var scale = Math.Max(1, expected.abs().max().item<double>());
        var error = (expected - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(error <= Tolerance * scale, $"{what}: off by {error} at a scale of {scale}");
    }

    private static NetworkDescription Describe(string name) => name switch
    {
        "mlp" => NetworkDescription.Mlp(18, 64, 5, Activation.Relu),
        "tanh" => NetworkDescription.Mlp(7, 33, 9, Activation.Tanh),
        "tiny" => NetworkDescription.Mlp(1, 1, 1, Activation.Relu),
        "wide" => new([new("a", 69, 130, Activation.Relu), new("b", 130, 3, Activation.Relu)]),
        "gru" => NetworkDescription.Recurrent(18, 64, 5),
        "gru-odd" => NetworkDescription.Recurrent(5, 7, 3),
        "gru-twice" => new([new("g1", 6, 9, Activation.None, LayerKind.Gru), new("g2", 9, 17, Activation.None, LayerKind.Gru)]),
        "norm" => new([new("n1", 6, 6, Activation.None, LayerKind.LayerNorm), new("fc", 6, 20, Activation.Tanh), new("n2", 20, 20, Activation.Relu, LayerKind.LayerNorm)]),
        "norm-gru" => new(
        [
            new("fc", 6, 20, Activation.Relu), new("n", 20, 20, Activation.None, LayerKind.LayerNorm),
            new("g", 20, 8, Activation.None, LayerKind.Gru), new("out", 8, 2, Activation.Tanh),
        ]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
