using Madrl.Numerics;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// A feed-forward network that learns: M members of one description, evaluated together by batched matrix products
/// (M = 1 where the agents share parameters, M = agents where each has its own).
/// All parameters lie in one flat tensor [M, P], in the order of <see cref="NetworkDescription"/>, so that the optimiser,
/// clipping and target updates are a few operations on one tensor; the layers are views of it.
/// </summary>
public sealed class TorchNetwork : IDisposable
{
    private readonly Tensor[] _leaves;
    private readonly int _extraParameters;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="description">The layers.</param>
    /// <param name="members">Members, M, at least 1.</param>
    /// <param name="extraParameters">Parameters per member after the last layer that are no part of a layer (<c>log_std</c>).</param>
    public TorchNetwork(NetworkDescription description, int members, int extraParameters = 0)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        Native.TorchRuntime.Initialise();
        Description = description;
        Members = members;
        _extraParameters = extraParameters;
        using var scope = NewDisposeScope();
        Flat = zeros(members, description.ParameterCount + extraParameters).DetachFromDisposeScope();
        _leaves = [.. CreateLeaves()];
    }

    /// <summary>The layers.</summary>
    public NetworkDescription Description { get; }

    /// <summary>Members, M.</summary>
    public int Members { get; }

    /// <summary>All parameters [M, P], outside the autograd graph: written by the optimiser, seen by the layers at once.</summary>
    public Tensor Flat { get; }

    /// <summary>The parameters that gradients are taken for: per layer W [M, out, in] and b [M, 1, out], then the extra ones [M, 1, E].</summary>
    public IReadOnlyList<Tensor> Leaves => _leaves;

    /// <summary>The extra parameters [M, 1, E].</summary>
    public Tensor Extra => _extraParameters > 0 ? _leaves[^1] : throw new InvalidOperationException("This network has no extra parameters.");

    /// <summary>The outputs [M, R, outputs] for inputs <paramref name="x"/> [M, R, inputs].</summary>
    public Tensor Forward(Tensor x)
    {
        for (var index = 0; index < Description.Layers.Count; index++)
        {
            x = x.bmm(_leaves[2 * index].transpose(1, 2)).PlusInPlace(_leaves[2 * index + 1]);
            x = Description.Layers[index].Activation switch
            {
                Activation.Relu => x.relu_(),
                Activation.Tanh => x.tanh_(),
                _ => x,
            };
        }

        return x;
    }

    /// <summary>Gradients of a scalar with respect to all parameters, flat [M, P].</summary>
    public Tensor Gradient(Tensor loss) => Flatten(autograd.grad([loss], _leaves));

    /// <summary>Joins one tensor per leaf into one [M, P].</summary>
    /// <param name="perLeaf">In the order of <see cref="Leaves"/>.</param>
    public Tensor Flatten(IEnumerable<Tensor> perLeaf) => cat([.. perLeaf.Select(tensor => tensor.reshape(Members, -1))], 1);

    /// <summary>The flat weights of one member as a block [P].</summary>
    public Block Export(int member)
    {
        using var scope = NewDisposeScope();
        return Tensors.ToBlock(Flat[member]);
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
        Flat.TimesInPlace(1 - rate).PlusInPlace(online.Flat, rate);
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
                : Initialisation.Uniform(ref random, Description);
            Flat[member].narrow(0, 0, Description.ParameterCount).copy_(Tensors.FromBlock(weights));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var leaf in _leaves) leaf.Dispose();
        Flat.Dispose();
    }

    private IEnumerable<Tensor> CreateLeaves()
    {
        var offset = 0L;
        foreach (var layer in Description.Layers)
        {
            yield return Leaf(ref offset, layer.Outputs, layer.Inputs);
            yield return Leaf(ref offset, 1, layer.Outputs);
        }

        if (_extraParameters > 0) yield return Leaf(ref offset, 1, _extraParameters);
    }

    private Tensor Leaf(ref long offset, long rows, long columns)
    {
        var view = Flat.narrow(1, offset, rows * columns).view(Members, rows, columns);
        offset += rows * columns;
        return view.detach().requires_grad_().DetachFromDisposeScope();
    }
}
