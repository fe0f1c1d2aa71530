using FsCheck.Fluent;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>What attention over sets promises whatever the sizes.</summary>
public class SelfAttentionTests
{
    private const int Hidden = 7;

    private static readonly FsCheck.Gen<(int Batch, int Elements, int Heads, int Size)> Sizes =
        from batch in Gen.Choose(1, 4) from elements in Gen.Choose(1, 6) from heads in Gen.Choose(1, 3) from size in Gen.Choose(1, 4)
        select (batch, elements, heads, heads * size);

    [Fact]
    public void A_padded_batch_equals_the_sets_without_padding() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var layer = new SelfAttention(size.Size, size.Heads);
        using var block = new AttentionBlock(size.Size, size.Heads, Hidden);
        random.Filled(layer, layer.Parameters.Flat);
        random.Filled(block, block.Parameters.Flat);
        var x = random.Normal(size.Batch, size.Elements, size.Size);

        // The first element of every set stays, the others come and go.
        var padding = cat([zeros(size.Batch, 1), random.Bits(0.5, size.Batch, size.Elements - 1)], -1);
        var (outputs, attention) = layer.Forward(x, padding);
        var blockOutputs = block.Forward(x, padding).Output;
        for (var row = 0; row < size.Batch; row++)
        {
            var kept = padding[row].eq(0).nonzero().squeeze(-1);
            RandomTensors.AssertClose(layer.Forward(x[row][kept]).Output, outputs[row][kept]);
            RandomTensors.AssertClose(block.Forward(x[row][kept]).Output, blockOutputs[row][kept]);
            RandomTensors.AssertClose(zeros_like(attention[row]), attention[row] * padding[row]);
        }
    });

    [Fact]
    public void The_order_of_the_elements_has_no_effect() => RandomTensors.Check(Sizes, (size, random) =>
    {
        using var block = new AttentionBlock(size.Size, size.Heads, Hidden);
        random.Filled(block, block.Parameters.Flat);
        var (x, order) = (random.Normal(size.Batch, size.Elements, size.Size), random.Order(size.Elements));
        RandomTensors.AssertClose(block.Forward(x).Output.index_select(1, order), block.Forward(x.index_select(1, order)).Output);
    });

    [Fact]
    public void A_set_that_is_all_padding_gives_the_bias_and_finite_gradients()
    {
        using var scope = NewDisposeScope();
        var random = RandomTensors.Fixed();
        using var layer = new SelfAttention(6, 2);
        random.Filled(layer, layer.Parameters.Flat);
        var (output, attention) = layer.Forward(random.Normal(1, 3, 6), ones(1, 3));
        RandomTensors.AssertClose(zeros(1, 2, 3, 3), attention);
        RandomTensors.AssertClose(layer.Parameters["out_proj.bias"].expand(1, 3, 6), output);
        Assert.True(layer.Parameters.Gradient(output.Squared().sum()).isfinite().all().item<bool>());
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused_with_both_shapes()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(6, 2);
        AssertRefused(() => layer.Forward(zeros(2, 3, 5)), "SelfAttention", "6]", "[2, 3, 5]");
        AssertRefused(() => layer.Forward(zeros(6)), "SelfAttention", "6]", "[6]");
        AssertRefused(() => layer.Forward(zeros(2, 3, 6), zeros(3, 2)), "padding", "[2, 3]", "[3, 2]");
        AssertRefused(() => new SelfAttention(6, 4), "SelfAttention", "4", "6");
        AssertRefused(() => new AttentionBlock(6, 4, 3), "4", "6");
    }

    internal static void AssertRefused(Action wrong, params string[] parts)
    {
        var message = Assert.Throws<ArgumentException>(wrong).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
