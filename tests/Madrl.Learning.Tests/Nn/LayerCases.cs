using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>Layers that a <see cref="NetworkDescription"/> knows, through <see cref="TorchNetwork"/>.</summary>
internal static class LayerCases
{
    public static void Mlp(NnCase reference)
    {
        var x = reference.In("x");
        var layers = Enumerable.Range(1, 3).Select(number =>
        {
            var shape = reference.In($"w{number}").shape;
            return new LayerDescription($"fc{number}", (int)shape[1], (int)shape[0], number < 3 ? Activation.Relu : Activation.None);
        }).ToArray();

        // What the first layers give is the output of a network that ends there.
        foreach (var (depth, output) in (IEnumerable<(int, string)>)[(1, "h1"), (2, "h2"), (3, "y")])
        {
            string[] parameters = [.. Enumerable.Range(1, depth).SelectMany(number => (string[])[$"w{number}", $"b{number}"])];
            using var network = Create(reference, layers[..depth], parameters);
            var y = network.Unroll(x.unsqueeze(0).unsqueeze(2)).squeeze(2).squeeze(0);
            reference.AssertClose(output, y);
            if (output == "y") AssertGradients(reference, network, y, "dy", parameters, ("x", x));
        }
    }

    public static void LayerNorm(NnCase reference)
    {
        string[] parameters = ["weight", "bias"];
        var x = reference.In("x");
        var size = (int)x.shape[1];
        using var network = Create(reference, [new("ln", size, size, Activation.None, LayerKind.LayerNorm)], parameters);
        var y = network.Unroll(x.unsqueeze(0).unsqueeze(2)).squeeze(2).squeeze(0);
        reference.AssertClose("y", y);
        AssertGradients(reference, network, y, "dy", parameters, ("x", x));
    }

    /// <summary>The file has x as [T, C, inputs], the network takes [M, C, T, inputs].</summary>
    public static void Gru(NnCase reference)
    {
        string[] parameters = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
        var (x, state) = (reference.In("x"), reference.In("h0"));
        using var network = Create(reference, [new("rnn", (int)x.shape[2], (int)state.shape[1], Activation.None, LayerKind.Gru)], parameters);
        var states = network.Unroll(x.transpose(0, 1).unsqueeze(0), state: state.unsqueeze(0)).squeeze(0).transpose(0, 1);
        reference.AssertClose("h", states);
        AssertGradients(reference, network, states, "dh", parameters, ("x", x), ("h0", state));
    }

    private static TorchNetwork Create(NnCase reference, LayerDescription[] layers, string[] parameters)
    {
        var network = new TorchNetwork(new NetworkDescription(layers), members: 1);
        network.Flat.copy_(cat([.. parameters.Select(name => reference.In(name).detach().flatten())]).unsqueeze(0));
        return network;
    }

    private static void AssertGradients(
        NnCase reference, TorchNetwork network, Tensor output, string upstream, string[] parameters, params (string Name, Tensor Tensor)[] inputs)
    {
        var loss = (output * reference.In(upstream)).sum();
        var gradients = autograd.grad([loss], [.. inputs.Select(input => input.Tensor)], retain_graph: true);
        foreach (var ((name, _), gradient) in inputs.Zip(gradients)) reference.AssertClose($"grad.{name}", gradient);
        var (rest, offset) = (network.Gradient(loss).squeeze(0), 0L);
        foreach (var name in parameters)
        {
            var shape = reference.In(name).shape;
            var size = shape.Aggregate(1L, (product, next) => product * next);
            reference.AssertClose($"grad.{name}", rest.narrow(0, offset, size).view(shape));
            offset += size;
        }

        Assert.Equal(rest.shape[0], offset);
    }
}
