using Madrl.Learning.Networks;
using Madrl.Numerics;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>How layers hold their parameters, and what they begin with.</summary>
public class ParameterTests
{
    [Fact]
    public void Parameters_outlive_the_scope_in_which_they_were_made()
    {
        FlatParameters parameters;
        using (NewDisposeScope()) parameters = new FlatParameters(("a", [2, 3]), ("b", [4]));
        using (parameters)
        {
            Assert.Equal(["a", "b"], parameters.Names);
            Assert.Equal([10L], parameters.Flat.shape);
        }
    }

    [Fact]
    public void Values_of_the_wrong_shape_are_refused_with_both_shapes()
    {
        using var parameters = new FlatParameters(("a", [2, 3]), ("b", [4]));
        using var scope = NewDisposeScope();
        SelfAttentionTests.AssertRefused(() => parameters.Set("a", zeros(3, 2)), "a", "[2, 3]", "[3, 2]");
        SelfAttentionTests.AssertRefused(() => parameters.Named(zeros(9)), "[10]", "[9]");
        Assert.Throws<KeyNotFoundException>(() => parameters["c"]);
    }

    [Fact]
    public void A_vector_has_no_xavier_bound()
    {
        using var parameters = new FlatParameters(("a", [2, 3]), ("b", [4]));
        var random = new KeyedRandom(1, RandomPurpose.WeightInitialisation, 0, 0, 0);
        parameters.DrawXavier("a", ref random);
        var error = Assert.Throws<ArgumentException>(() => parameters.DrawXavier("b", ref random));
        Assert.Contains("b", error.Message, StringComparison.Ordinal);
        Assert.Contains("[4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initial_weights_are_pytorchs_and_keyed()
    {
        using var block = new AttentionBlock(16, 4, 9);
        block.Initialise(seed: 1, network: 2);
        var first = Tensors.ToBlock(block.Parameters.Flat);
        AssertSpread(block.Parameters, "in_proj_weight", Math.Sqrt(6.0 / (48 + 16)));
        AssertSpread(block.Parameters, "out_proj.weight", 1 / Math.Sqrt(16));
        AssertSpread(block.Parameters, "ff1.weight", 1 / Math.Sqrt(16));
        AssertSpread(block.Parameters, "ff2.weight", 1 / Math.Sqrt(9));
        foreach (var name in (string[])["in_proj_bias", "out_proj.bias", "ln1.bias", "ln2.bias"]) AssertAll(block.Parameters, name, 0);
        foreach (var name in (string[])["ln1.weight", "ln2.weight"]) AssertAll(block.Parameters, name, 1);

        block.Initialise(seed: 1, network: 3);
        Assert.False(first.Data.AsSpan().SequenceEqual(Tensors.ToBlock(block.Parameters.Flat).Data));
        block.Initialise(seed: 1, network: 2);
        Assert.True(first.Data.AsSpan().SequenceEqual(Tensors.ToBlock(block.Parameters.Flat).Data));

        using var attention = new SelfAttention(16, 4);
        attention.Initialise(seed: 1, network: 2);
        var alone = Tensors.ToBlock(attention.Parameters.Flat);
        Assert.Equal(alone.Data, first.Data[..alone.Data.Length]);

        using var graph = new GraphAttention(6, 8, 3);
        graph.Initialise(seed: 1, network: 2);
        AssertSpread(graph.Parameters, "weight", Math.Sqrt(6.0 / (24 + 6)));
        AssertSpread(graph.Parameters, "att_src", Math.Sqrt(6.0 / (3 + 8)));
        AssertSpread(graph.Parameters, "att_dst", Math.Sqrt(6.0 / (3 + 8)));
        AssertAll(graph.Parameters, "bias", 0);
    }

    [Fact]
    public void Our_optimiser_trains_a_layer()
    {
        using var scope = NewDisposeScope();
        var random = RandomTensors.Fixed();
        using var block = new AttentionBlock(8, 2, 16);
        block.Initialise(seed: 1, network: 0);
        using var optimiser = new Adam(block.Parameters.Flat, 1e-8);
        var (x, target) = (random.Normal(4, 3, 8), random.Normal(4, 3, 8));
        List<float> losses = [];
        for (var step = 0; step < 100; step++)
        {
            var loss = (block.Forward(x).Output - target).Squared().mean();
            losses.Add(loss.item<float>());
            optimiser.Step(block.Parameters.Gradient(loss), 0.01);
        }

        Assert.InRange(losses[^1], 0, 0.5 * losses[0]);
    }

    private static void AssertSpread(FlatParameters parameters, string name, double bound)
    {
        var values = Values(parameters, name);
        Assert.InRange(values.Max(), 0.6 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.6 * bound);
    }

    private static void AssertAll(FlatParameters parameters, string name, float expected) =>
        Assert.All(Values(parameters, name), value => Assert.Equal(expected, value));

    private static float[] Values(FlatParameters parameters, string name)
    {
        using var scope = NewDisposeScope();
        return parameters[name].detach().contiguous().data<float>().ToArray();
    }
}
