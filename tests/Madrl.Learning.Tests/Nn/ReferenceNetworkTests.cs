using Madrl.Policies;
using Madrl.Tests.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Values and gradients of every file of the reference data `nn/`.</summary>
public class ReferenceNetworkTests
{
    /// <summary>What computes a case, by its name up to the first point. Layers hold float32 parameters.</summary>
    private static readonly Dictionary<string, Action<NnCase>> Layers = new()
    {
        ["mlp_relu"] = LayerCases.Mlp,
        ["gru_cell"] = LayerCases.Gru,
        ["layer_norm"] = LayerCases.LayerNorm,
        ["self_attention"] = AttentionCases.SelfAttention,
        ["self_attention_padded"] = AttentionCases.SelfAttention,
        ["attention_block"] = AttentionCases.Block,
        ["graph_attention"] = AttentionCases.Graph,
    };

    /// <summary>The same for what has no parameters, and is computed in float64 too.</summary>
    private static readonly Dictionary<string, Action<NnCase>> Functions = new()
    {
        ["log_softmax_gather"] = DistributionCases.LogProbabilities,
        ["categorical_entropy"] = DistributionCases.Entropy,
        ["gumbel_softmax"] = DistributionCases.GumbelSoftmax,
        ["tanh_gaussian"] = DistributionCases.TanhGaussian,
        ["losses"] = LossCases.Losses,
        ["clip_grad_norm"] = LossCases.ClipNorm,
        ["optimisers_quadratic"] = OptimiserCases.Quadratic,
        ["optimisers_mlp"] = OptimiserCases.Mlp,
    };

    public static TheoryData<string> Files => new(ReferenceData.Files("nn", "*.safetensors"));

    [Theory]
    [MemberData(nameof(Files))]
    public void Agrees_with_torch_in_float32(string file) => Compare(file, ScalarType.Float32);

    [Theory]
    [MemberData(nameof(Files))]
    public void Agrees_with_torch_in_float64_where_there_are_no_parameters(string file)
    {
        if (!Layers.ContainsKey(Kind(new NnCase(file, ScalarType.Float64)))) Compare(file, ScalarType.Float64);
    }

    [Fact]
    public void A_case_of_an_unknown_kind_fails() => AssertFails("unknown", "in.x", "y.f64");

    [Fact]
    public void A_case_in_which_something_was_not_compared_fails() => AssertFails("losses", "in.prediction", "in.target", "unknown.grad.f64");

    /// <summary>Writes a case of the given kind with tensors of one number, and expects that it does not pass.</summary>
    private static void AssertFails(string kind, params string[] tensors)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        var blocks = tensors.Select(name => (name, name.EndsWith(".f64", StringComparison.Ordinal) ? Block.From([1.0], 1) : Block.From([1f], 1)));
        File.WriteAllBytes(path, Safetensors.Write([.. blocks], new Dictionary<string, string> { ["case"] = kind }));
        try
        {
            var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare(path, ScalarType.Float32));
            Assert.Contains("unknown", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Compare(string file, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var reference = new NnCase(file, precision);
        var compute = Layers.GetValueOrDefault(Kind(reference)) ?? Functions.GetValueOrDefault(Kind(reference));
        Assert.True(compute is not null, $"{file} is of a kind that no test knows, {reference.Name}: write what computes it.");
        compute(reference);
        reference.AssertAllCompared();
    }

    private static string Kind(NnCase reference) => reference.Name.Split('.')[0];
}
