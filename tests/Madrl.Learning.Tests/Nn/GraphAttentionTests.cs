using FsCheck.Fluent;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>What graph attention promises whatever the graph.</summary>
public class GraphAttentionTests
{
    private const int Inputs = 3;

    private static readonly FsCheck.Gen<(int Batch, int Nodes, int Heads, int Size)> Sizes =
        from batch in Gen.Choose(1, 4) from nodes in Gen.Choose(1, 7) from heads in Gen.Choose(1, 3) from size in Gen.Choose(1, 4)
        select (batch, nodes, heads, size);

    [Fact]
    public void Names_of_nodes_have_no_effect() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var layer = Create(size, random);
        var (x, adjacency, present) = Graph(size, random);
        var order = random.Order(size.Nodes);
        var (output, attention) = layer.Forward(x, adjacency, present);
        var (renamed, renamedAttention) = layer.Forward(
            x.index_select(1, order), adjacency.index_select(1, order).index_select(2, order), present.index_select(1, order));
        RandomTensors.AssertClose(output.index_select(1, order), renamed);
        RandomTensors.AssertClose(attention.index_select(2, order).index_select(3, order), renamedAttention);
    });

    [Fact]
    public void Absent_nodes_are_as_if_they_were_not_there() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var layer = Create(size, random);
        var (x, adjacency, present) = Graph(size, random);

        // Not even what is no number gets through, forward or backward.
        x = where(present.unsqueeze(-1).to(ScalarType.Bool), x, full_like(x, double.NaN));
        var (output, attention) = layer.Forward(x, adjacency, present);
        for (var copy = 0; copy < size.Batch; copy++)
        {
            var (here, gone) = (present[copy].nonzero().squeeze(-1), present[copy].eq(0).nonzero().squeeze(-1));
            var alone = layer.Forward(x[copy][here], adjacency[copy].index_select(0, here).index_select(1, here));
            RandomTensors.AssertClose(alone.Output, output[copy][here]);
            RandomTensors.AssertClose(alone.Attention, attention[copy].index_select(1, here).index_select(2, here));
            RandomTensors.AssertClose(zeros_like(output[copy][gone]), output[copy][gone]);
            RandomTensors.AssertClose(attention[copy], attention[copy] * present[copy] * present[copy].unsqueeze(-1));
        }

        Assert.True(layer.Parameters.Gradient(output.Squared().sum()).isfinite().all().item<bool>());
    });

    [Fact]
    public void Attention_is_an_average_over_those_that_are_listened_to() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var layer = Create(size, random);
        var (x, adjacency, _) = Graph(size, random);
        var attention = layer.Forward(x, adjacency).Attention;
        var edges = adjacency.unsqueeze(1).expand_as(attention);
        RandomTensors.AssertClose(attention, attention * edges);
        RandomTensors.AssertClose(edges.amax([-1]), attention.sum(-1));
    });

    [Fact]
    public void A_node_that_listens_to_nobody_gets_the_bias_and_finite_gradients()
    {
        using var scope = NewDisposeScope();
        var random = RandomTensors.Fixed();
        using var layer = Create((1, 4, 2, 3), random);
        var output = layer.Forward(random.Normal(2, 4, Inputs), zeros(2, 4, 4)).Output;
        RandomTensors.AssertClose(layer.Parameters["bias"].expand(2, 4, 6), output);
        Assert.True(layer.Parameters.Gradient(output.Squared().sum()).isfinite().all().item<bool>());
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused_with_both_shapes()
    {
        using var scope = NewDisposeScope();
        using var layer = new GraphAttention(Inputs, 2, 2);
        SelfAttentionTests.AssertRefused(() => layer.Forward(zeros(5, 4), zeros(5, 5)), "GraphAttention", "3]", "[5, 4]");
        SelfAttentionTests.AssertRefused(() => layer.Forward(zeros(2, 5, 3), zeros(5, 5)), "adjacency", "[2, 5, 5]", "[5, 5]");
        SelfAttentionTests.AssertRefused(() => layer.Forward(zeros(2, 5, 3), zeros(2, 5, 5), zeros(5)), "present", "[2, 5]", "[5]");
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphAttention(Inputs, 0, 2));
    }

    private static GraphAttention Create((int Batch, int Nodes, int Heads, int Size) size, RandomTensors random)
    {
        var layer = new GraphAttention(Inputs, size.Size, size.Heads);
        return random.Filled(layer, layer.Parameters.Flat);
    }

    private static (Tensor X, Tensor Adjacency, Tensor Present) Graph((int Batch, int Nodes, int Heads, int Size) size, RandomTensors random) =>
    (
        random.Normal(size.Batch, size.Nodes, Inputs),
        random.Bits(0.5, size.Batch, size.Nodes, size.Nodes),
        random.Bits(0.7, size.Batch, size.Nodes));
}
