using Madrl.Learning.Networks.Fused;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// A forward pass of a network whose gradient will be asked for. Its outputs are where the graph of libtorch begins, so that a
/// loss is ordinary TorchSharp code of them, and the way back through the network is taken once, without the graph's expense.
/// Where inputs require a gradient too, <see cref="TorchNetwork.Unroll"/> is the way.
/// </summary>
public sealed class NetworkPass
{
    private readonly TorchNetwork _network;
    private readonly FusedLayout _layout;
    private readonly Tensor?[] _inputs;
    private readonly Tensor? _workspace;
    private readonly Tensor? _graph;

    internal NetworkPass(TorchNetwork network, FusedLayout layout, Tensor x, Tensor? resets, (long Agents, long Sequences, long Steps) shape)
    {
        (_network, _layout) = (network, layout);
        _inputs = [network.Parameters, Tensors.Dense(x), Tensors.Dense(resets), null];
        if (!network.IsFused(x)) _graph = network.Eager(network.Parameters, x, resets, state: null);
        var outputs = _graph?.detach() ?? FusedNetwork.Compute(layout, _inputs, keeps: true, out _workspace);
        Outputs = network.ForAgents(outputs, shape).requires_grad_();
    }

    /// <summary>The network's outputs, a leaf of the graph.</summary>
    public Tensor Outputs { get; }

    /// <summary>Gradients of a scalar with respect to all parameters of the network, flat [M, P].</summary>
    /// <param name="loss">Made from <see cref="Outputs"/>, and from <see cref="TorchNetwork.Extra"/> where there are extra parameters.</param>
    public Tensor Gradient(Tensor loss)
    {
        _network.Check?.Loss(loss);
        if (!_network.HasExtra) return Backward(autograd.grad([loss], [Outputs])[0]);
        var gradients = autograd.grad([loss], [Outputs, _network.Parameters]);
        return Backward(gradients[0]).PlusInPlace(gradients[1]);
    }

    /// <summary>Gradients of the parameters [M, P] for a gradient of the outputs.</summary>
    /// <exception cref="ArgumentException">The gradient has another shape or type than the outputs.</exception>
    public Tensor Backward(Tensor outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.NumberOfElements != Outputs.NumberOfElements || outputs.dtype != Outputs.dtype)
            throw Shapes.Unfit("The pass", $"{Shapes.Text(Outputs.shape)} of {Outputs.dtype}", outputs, nameof(outputs));
        var gradient = _graph is null
            ? FusedNetwork.Backward(_layout, _inputs, _workspace!, outputs, out _, out _)!
            : autograd.grad([_graph], [_network.Parameters], [outputs.view_as(_graph)])[0];
        _network.Check?.Flat(gradient, _network.Named, " gradient");
        return gradient;
    }
}
