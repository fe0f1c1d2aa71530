using Madrl.Policies;
using Madrl.Tests.Shared;

namespace Madrl.Onnx.Tests;

/// <summary>The layers against values that PyTorch itself computed.</summary>
public class ReferenceTests
{
    [Fact]
    public void A_recurrent_layer_agrees_with_pytorch_over_all_steps()
    {
        var file = Read("gru_cell");
        var (x, h0, h) = (file["in.x"], file["in.h0"], file["h.f64"]);
        var (steps, rows, inputs, hidden) = (x.Shape[0], x.Shape[1], x.Shape[2], h0.Shape[1]);
        using var model = Model(
            new LayerDescription("rnn", inputs, hidden, Activation.None, LayerKind.Gru), file,
            ("rnn.weight_ih", "in.weight_ih"), ("rnn.weight_hh", "in.weight_hh"), ("rnn.bias_ih", "in.bias_ih"), ("rnn.bias_hh", "in.bias_hh"));

        var state = h0.AsSingles().ToArray();
        for (var step = 0; step < steps; step++)
        {
            var actual = model.Run(rows, ("observation", x.AsSingles().Slice(step * rows * inputs, rows * inputs).ToArray()), ("state", state));
            state = actual["next_state"];
            AssertNear(h.AsDoubles().Slice(step * rows * hidden, rows * hidden), state);
            Assert.Equal(state, actual["logits"]);
        }
    }

    [Fact]
    public void A_normalising_layer_agrees_with_pytorch()
    {
        var file = Read("layer_norm");
        var x = file["in.x"];
        using var model = Model(
            new LayerDescription("norm", x.Shape[^1], x.Shape[^1], Activation.None, LayerKind.LayerNorm), file,
            ("norm.weight", "in.weight"), ("norm.bias", "in.bias"));
        var actual = model.Run(x.Count / x.Shape[^1], ("observation", x.AsSingles().ToArray()));
        AssertNear(file["y.f64"].AsDoubles(), actual["logits"]);
    }

    private static void AssertNear(ReadOnlySpan<double> expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * (1 + Math.Abs(expected[i])));
    }

    private static OrderedDictionary<string, Block> Read(string name) =>
        Safetensors.Read(File.ReadAllBytes(ReferenceData.PathOf(Path.Combine("nn", $"{name}.safetensors")))).Tensors;

    private static OnnxModel Model(LayerDescription layer, OrderedDictionary<string, Block> file, params (string Name, string InFile)[] names)
    {
        var description = new PolicyDescription(new NetworkDescription([layer]), ActionHead.Categorical, layer.Inputs, 0);
        var weights = PolicyWeights.FromNamed(description, names.ToDictionary(name => name.Name, name => file[name.InFile]), "");
        return new OnnxModel(OnnxPolicy.Write(description, weights, 0, new Dictionary<string, string>()));
    }
}
