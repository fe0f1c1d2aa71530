using Madrl.Learning.Native;
using Madrl.Learning.Networks;
using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Onnx.Tests;

/// <summary>Every kind of layer, wherever it stands, computes what the TorchSharp network computes that learns.</summary>
public class LayerTests
{
    private const int ObservationSize = 6, Ids = 3, Agent = 1;

    public LayerTests() => TorchRuntime.Initialise();

    /// <summary>Networks as text: kinds with sizes and activations, the first with the one-hot id among its inputs.</summary>
    public static TheoryData<string> Networks => new(
        "linear 20 relu, gru 20, linear 5",
        "gru 17, linear 5",
        "gru 9",
        "linear 12 tanh, gru 16, norm, gru 7, linear 4",
        "norm, linear 16 relu, norm, linear 5",
        "norm tanh, gru 8, linear 3",
        "linear 33 relu, norm relu, linear 2 tanh");

    [Theory]
    [MemberData(nameof(Networks))]
    public void Steps_agree_with_the_network_that_learns(string layers)
    {
        const int steps = 6;
        var description = Describe(layers);
        var weights = Numbers.Weights(description);
        using var model = new OnnxModel(OnnxPolicy.Write(description, weights, Agent, new Dictionary<string, string>()));
        foreach (var rows in new[] { 1, 5, 32 })
        {
            var observations = Numbers.Uniform(steps * rows * ObservationSize, (ulong)rows, scale: 2);
            var expected = Unroll(description, weights, observations, steps, rows);
            var state = new float[rows * description.Network.StateSize];
            for (var step = 0; step < steps; step++)
            {
                var seen = observations.AsSpan(step * rows * ObservationSize, rows * ObservationSize).ToArray();
                var actual = state.Length == 0
                    ? model.Run(rows, ("observation", seen))
                    : model.Run(rows, ("observation", seen), ("state", state));
                Numbers.AssertNear(expected[step], actual["logits"]);
                if (state.Length > 0) state = actual["next_state"];
            }
        }
    }

    [Fact]
    public void A_recurrent_network_takes_and_gives_its_state()
    {
        var description = Describe("linear 12 tanh, gru 16, norm, gru 7, linear 4");
        using var model = new OnnxModel(OnnxPolicy.Write(description, Numbers.Weights(description), Agent, new Dictionary<string, string>()));
        Assert.Equal(["observation [batch, 6]", "state [batch, 23]"], model.Inputs);
        Assert.Equal(["logits [batch, 4]", "next_state [batch, 23]"], model.Outputs);
    }

    /// <summary>The outputs [rows, outputs] of each step, from the network that learns.</summary>
    private static float[][] Unroll(PolicyDescription description, Block weights, float[] observations, int steps, int rows)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new TorchNetwork(description.Network, 1);
        network.Import(0, weights);
        var seen = tensor(observations).view(steps, rows, ObservationSize).transpose(0, 1);
        var id = eye(Ids)[Agent].expand(rows, steps, Ids);
        var outputs = network.Unroll(cat([seen, id], -1).unsqueeze(0)).squeeze(0);
        return [.. Enumerable.Range(0, steps).Select(step => outputs.select(1, step).contiguous().data<float>().ToArray())];
    }

    private static PolicyDescription Describe(string text)
    {
        var (layers, inputs) = (new List<LayerDescription>(), ObservationSize + Ids);
        foreach (var words in text.Split(", ").Select(layer => layer.Split(' ')))
        {
            var kind = words[0] switch { "gru" => LayerKind.Gru, "norm" => LayerKind.LayerNorm, _ => LayerKind.Linear };
            var outputs = kind == LayerKind.LayerNorm ? inputs : int.Parse(words[1]);
            var activation = words[^1] switch { "relu" => Activation.Relu, "tanh" => Activation.Tanh, _ => Activation.None };
            layers.Add(new LayerDescription($"{words[0]}{layers.Count}", inputs, outputs, activation, kind));
            inputs = outputs;
        }

        return new PolicyDescription(new NetworkDescription(layers), ActionHead.Categorical, ObservationSize, Ids);
    }
}
