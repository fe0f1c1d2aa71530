using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Attention over sets and graphs.</summary>
internal static class AttentionCases
{
    /// <summary>Heads in the cases that do not show their number.</summary>
    private const int Heads = 4;

    public static void SelfAttention(NnCase reference)
    {
        var x = reference.In("x");
        using var layer = new SelfAttention((int)x.shape[^1], reference.ShapeOf("attention")[^3]);
        Load(reference, layer.Parameters);
        var (y, attention) = layer.Forward(x, reference.Inputs.Contains("key_padding") ? reference.In("key_padding") : null);
        reference.AssertClose("attention", attention);
        reference.AssertClose("y", y);
        AssertGradients(reference, layer.Parameters, y, x);
    }

    public static void Block(NnCase reference)
    {
        var x = reference.In("x");
        var (size, hidden) = ((int)x.shape[^1], (int)reference.In("ff1.bias").shape[0]);
        using var block = new AttentionBlock(size, Heads, hidden);
        using var attention = new SelfAttention(size, Heads);
        Load(reference, block.Parameters);
        Load(reference, attention.Parameters);
        var attended = attention.Forward(x).Output;
        reference.AssertClose("attended", attended);
        reference.AssertClose("after_ln1", block.AfterAttention(x, attended));
        var y = block.Forward(x).Output;
        reference.AssertClose("y", y);
        AssertGradients(reference, block.Parameters, y, x);
    }

    /// <summary>The file has attention as [i, j, head], the layer gives [head, i, j].</summary>
    public static void Graph(NnCase reference)
    {
        var (x, heads) = (reference.In("x"), reference.In("att_src").shape);
        using var layer = new GraphAttention((int)x.shape[^1], (int)heads[1], (int)heads[0]);
        Load(reference, layer.Parameters);
        var (y, attention) = layer.Forward(x, reference.In("adjacency"));
        reference.AssertClose("attention", attention.movedim([-3], [-1]));
        reference.AssertClose("y", y);
        AssertGradients(reference, layer.Parameters, y, x);
    }

    private static void Load(NnCase reference, FlatParameters parameters)
    {
        foreach (var name in parameters.Names) parameters.Set(name, reference.In(name));
    }

    private static void AssertGradients(NnCase reference, FlatParameters parameters, Tensor y, Tensor x)
    {
        var loss = (y * reference.In("dy")).sum();
        reference.AssertClose("grad.x", autograd.grad([loss], [x], retain_graph: true)[0]);
        foreach (var (name, gradient) in parameters.Named(parameters.Gradient(loss))) reference.AssertClose($"grad.{name}", gradient);
    }
}
