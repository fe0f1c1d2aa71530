using Madrl.Learning.Networks.Fused;
using Madrl.Numerics;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// A network that learns: M members of one description, evaluated together (M = 1 where the agents share parameters,
/// M = agents where each has its own). All parameters lie in one flat tensor [M, P], in the order of
/// <see cref="NetworkDescription"/>, so that the optimiser, clipping and target updates are a few operations on one tensor.
/// </summary>
public sealed class TorchNetwork : IDisposable
{
    private readonly FusedLayout _layout;
    private readonly int _extraParameters;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="description">The layers.</param>
    /// <param name="members">Members, M, at least 1.</param>
    /// <param name="extraParameters">Parameters per member after the last layer that are no part of a layer (<c>log_std</c>).</param>
    /// <exception cref="ArgumentException">A layer does not take what the one before it gives; names it, with both sizes.</exception>
    public TorchNetwork(NetworkDescription description, int members, int extraParameters = 0)
        : this(description, Zeros(description, members, extraParameters))
    {
    }

    /// <summary>A network whose parameters lie in a given tensor, such as a view of a larger one.</summary>
    /// <param name="description">The layers, which fit together.</param>
    /// <param name="flat">[M, P], owned by the network from now on; what it is a view of must live as long.</param>
    internal TorchNetwork(NetworkDescription description, Tensor flat)
    {
        Description = description;
        Members = (int)flat.shape[0];
        _extraParameters = (int)flat.shape[1] - description.ParameterCount;
        _layout = new FusedLayout(description);
        Flat = flat.DetachFromDisposeScope();
        Parameters = Flat.detach().requires_grad_().DetachFromDisposeScope();
    }

    /// <summary>The layers.</summary>
    public NetworkDescription Description { get; }

    /// <summary>Members, M.</summary>
    public int Members { get; }

    /// <summary>Whether there are parameters beyond the layers'.</summary>
    public bool HasExtra => _extraParameters > 0;

    /// <summary>The threads that compute; the calling one alone unless a learner sets its own.</summary>
    public LearnerThreads Workers
    {
        get => _layout.Workers;
        set => _layout.Workers = value;
    }

    /// <summary>All parameters [M, P], outside the autograd graph: written by the optimiser, seen by the layers at once.</summary>
    public Tensor Flat { get; }

    /// <summary>The same [M, P] as a leaf of the autograd graph: what gradients are taken for.</summary>
    public Tensor Parameters { get; }

    /// <summary>The extra parameters [M, 1, E].</summary>
    public Tensor Extra => HasExtra
        ? Parameters.narrow(1, Description.ParameterCount, _extraParameters).unsqueeze(1)
        : throw new InvalidOperationException("This network has no extra parameters.");

    /// <summary>What looks at all tensors in checked mode, where the layers run one by one; null otherwise.</summary>
    internal FiniteCheck? Check { get; set; }

    /// <summary>
    /// The outputs [n, C, T, outputs] for n times C sequences of T steps, <paramref name="x"/> [n, C, T, inputs]: n is M, or any
    /// number with one member, which then serves all.
    /// </summary>
    /// <param name="x">The inputs.</param>
    /// <param name="resets">[C, T]: 1 before a step at which the state is set to zero again; null for none. For one member [n · C, T].</param>
    /// <param name="state">
    /// [n, C, S], with S the description's StateSize: what the recurrent layers begin with, one after another; null for zero.
    /// </param>
    /// <exception cref="ArgumentException">A shape does not fit; gives both.</exception>
    public Tensor Unroll(Tensor x, Tensor? resets = null, Tensor? state = null)
    {
        var shape = Demand(x, resets, state);
        var (own, ownState) = (ForMembers(x), state is null ? null : ForMembers(state));
        var outputs = IsFused(x) ? FusedNetwork.Unroll(_layout, Parameters, own, resets, ownState) : Eager(Parameters, own, resets, ownState);
        return ForAgents(outputs, shape);
    }

    /// <summary>
    /// The slope of a feed-forward network: the gradient of the sum of its outputs with respect to its inputs, from the given one
    /// on [n, C, T, inputs - firstInput]. Nothing of it is in the graph.
    /// </summary>
    /// <param name="x">[n, C, T, inputs].</param>
    /// <param name="firstInput">The first input that matters; the first layer is linear.</param>
    /// <param name="outputs">The outputs [n, C, T, outputs].</param>
    public Tensor Slope(Tensor x, int firstInput, out Tensor outputs)
    {
        var shape = Demand(x, null, null);
        ArgumentOutOfRangeException.ThrowIfNegative(firstInput);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(firstInput, Description.Inputs);
        if (!_layout.BeginsLinear)
            throw new InvalidOperationException($"A slope is taken of feed-forward networks that begin with a linear layer, not with {Description.Layers[0].Name}.");
        var own = ForMembers(x.detach());
        Tensor gradient;
        if (IsFused(x)) gradient = FusedNetwork.InputGradient(_layout, Flat, own, firstInput, out outputs);
        else
        {
            var leaf = own.requires_grad_();
            outputs = Eager(Flat, leaf, null, null);
            gradient = autograd.grad([outputs.sum()], [leaf])[0].narrow(-1, firstInput, Description.Inputs - firstInput);
            outputs = outputs.detach();
        }

        outputs = ForAgents(outputs, shape);
        return ForAgents(gradient, shape);
    }

    /// <summary>A forward pass whose gradient for the parameters will be asked for; see <see cref="Unroll"/>.</summary>
    public NetworkPass Begin(Tensor x, Tensor? resets = null)
    {
        var shape = Demand(x, resets, null);
        return new NetworkPass(this, _layout, ForMembers(x), resets, shape);
    }

    /// <summary>Whether inputs take the fused computation rather than the layers one by one.</summary>
    internal bool IsFused(Tensor x) => Check is null && x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU;

    /// <summary>The layers one by one, looked at in checked mode.</summary>
    internal Tensor Eager(Tensor parameters, Tensor x, Tensor? resets, Tensor? state)
    {
        Check?.Flat(parameters, Named);
        return EagerLayers.Unroll(Description, parameters, x, resets, state, Check);
    }

    private static Tensor Zeros(NetworkDescription description, int members, int extraParameters)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        description.ThrowIfInconsistent();
        Native.TorchRuntime.Initialise();
        return zeros(members, description.ParameterCount + extraParameters, device: Native.TorchDevice.Current);
    }

    /// <returns>n, C and T of the inputs; a shape as an array would take 150 bytes.</returns>
    private (long Agents, long Sequences, long Steps) Demand(Tensor x, Tensor? resets, Tensor? state)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 4 || (x.size(0) != Members && Members > 1) || x.size(3) != Description.Inputs)
        {
            throw new ArgumentException(
                $"Layer {Description.Layers[0].Name} takes [{Members}, sequences, steps, {Description.Inputs}], not [{string.Join(", ", x.shape)}].",
                nameof(x));
        }

        var (agents, sequences, steps) = (x.size(0), x.size(1), x.size(2));
        DemandShape(state, nameof(state), x.dtype, agents, sequences, Description.StateSize);
        DemandShape(resets, nameof(resets), x.dtype, Members == 1 ? agents * sequences : sequences, steps);
        return (agents, sequences, steps);
    }

    /// <summary>Checks a tensor that may be left out: it is read without a look at its shape and type.</summary>
    internal static void DemandShape(Tensor? tensor, string argument, ScalarType type, params ReadOnlySpan<long> shape)
    {
        if (tensor is null) return;
        if (!tensor.shape.AsSpan().SequenceEqual(shape)) throw Shapes.Unfit("The network", Shapes.Text(shape), tensor, argument);
        if (tensor.dtype != type) throw new ArgumentException($"The network takes {argument} of {type}, not {tensor.dtype}.", argument);
    }

    /// <summary>[M, n · C / M, T, X] as [n, C, T, X], with n, C and T from the shape of the inputs.</summary>
    internal Tensor ForAgents(Tensor x, (long Agents, long Sequences, long Steps) shape) =>
        Members == 1 && shape.Agents > 1 ? x.view(shape.Agents, shape.Sequences, shape.Steps, -1) : x;

    /// <summary>[n, C, …] as [M, n · C / M, …].</summary>
    private Tensor ForMembers(Tensor x) => Members == 1 && x.size(0) > 1 ? x.flatten(0, 1).unsqueeze(0) : x;

    /// <summary>Gradients of a scalar with respect to all parameters, flat [M, P].</summary>
    public Tensor Gradient(Tensor loss)
    {
        Check?.Loss(loss);
        var gradient = autograd.grad([loss], [Parameters])[0];
        Check?.Flat(gradient, Named, " gradient");
        return gradient;
    }

    /// <summary>
    /// A tensor like <see cref="Flat"/>, such as a gradient, as views [M, …] with PyTorch's names and shapes for each member.
    /// </summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Named(Tensor flat)
    {
        var parameters = Description.Layers.SelectMany(layer => layer.Parameters());
        if (_extraParameters > 0) parameters = parameters.Append((PolicyWeights.LogStdName, [_extraParameters]));
        var offset = 0L;
        foreach (var (name, shape) in parameters)
        {
            var count = shape.Aggregate(1L, (product, size) => product * size);
            yield return (name, flat.narrow(1, offset, count).reshape([Members, .. shape.Select(size => (long)size)]));
            offset += count;
        }
    }

    /// <summary>The flat weights of one member as a block [P].</summary>
    public Block Export(int member)
    {
        using var scope = NewDisposeScope();
        return Tensors.ToBlock(Flat[member]);
    }

    /// <summary>The flat weights of every agent, in agent order; one and the same block where they share a member.</summary>
    /// <param name="agents">Agents, n: as many as members, or any number with one member.</param>
    public IReadOnlyList<Block> ExportFor(int agents)
    {
        var members = Enumerable.Range(0, Members).Select(Export).ToArray();
        return [.. Enumerable.Range(0, agents).Select(agent => members[members.Length == 1 ? 0 : agent])];
    }

    /// <summary>Replaces the weights of one member.</summary>
    /// <exception cref="ArgumentException">The block has another length.</exception>
    public void Import(int member, Block weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count != Flat.shape[1])
            throw new ArgumentException($"The network has {Flat.shape[1]} parameters, the block {weights.Count}.", nameof(weights));
        using var scope = NewDisposeScope();
        Flat[member].copy_(Tensors.FromBlock(weights).view(-1));
    }

    /// <summary>A target network's soft update: this = (1 - <paramref name="rate"/>) this + <paramref name="rate"/> online.</summary>
    /// <param name="online">The network that learns.</param>
    /// <param name="rate">τ, in [0, 1]; 1 copies.</param>
    public void Follow(TorchNetwork online, double rate)
    {
        ArgumentNullException.ThrowIfNull(online);
        using var frozen = no_grad();
        Flat.FollowInPlace(online.Flat, rate);
    }

    /// <summary>Draws the initial weights of every member; extra parameters stay as they are.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="network">Number of this network within the learner: two networks never share a stream.</param>
    /// <param name="outputGain">Gain of the last layer for orthogonal weights; null for PyTorch's uniform default.</param>
    public void Initialise(ulong seed, int network, double? outputGain)
    {
        using var scope = NewDisposeScope();
        for (var member = 0; member < Members; member++)
        {
            var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, member, 0);
            var weights = outputGain is { } gain
                ? Initialisation.Orthogonal(ref random, Description, gain)
                : Initialisation.Uniform(ref random, Description.Layers);
            Flat[member].narrow(0, 0, Description.ParameterCount).copy_(Tensors.FromBlock(weights));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        Flat.Dispose();
    }
}
