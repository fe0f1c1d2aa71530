using Madrl.Learning.Networks.Fused;
using Madrl.Numerics;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// QMIX's mixing network (Rashid et al., "QMIX: Monotonic Value Function Factorisation for Deep Multi-Agent Reinforcement
/// Learning", ICML 2018, section 4.1, in EPyMARL's form): Q_tot = elu(q |W₁(s)| + b₁(s)) · |w₂(s)| + V(s). Its weights come from
/// hypernetworks of the global state s and are not negative, so that Q_tot rises with the value q of every agent.
/// </summary>
public sealed class QmixMixer : IDisposable
{
    private readonly int _agents;
    private readonly int _embed;

    /// <summary>The hypernetworks of W₁, w₂, b₁ and V, whose parameters lie in <see cref="Flat"/> one after another.</summary>
    private readonly TorchNetwork[] _networks;

    private FiniteCheck? _check;

    /// <summary>A mixer with all parameters zero.</summary>
    /// <param name="agents">Agents, n.</param>
    /// <param name="stateSize">Size of the global state, S.</param>
    /// <param name="embed">Hidden size of the mixing network, E.</param>
    /// <param name="hypernet">Hidden size of the hypernetworks of W₁ and w₂; 0 where they are one linear layer.</param>
    public QmixMixer(int agents, int stateSize, int embed, int hypernet)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(agents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stateSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embed, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(hypernet);
        Native.TorchRuntime.Initialise();
        (_agents, _embed) = (agents, embed);
        NetworkDescription[] descriptions =
        [
            Hypernetwork("hyper_w_1", stateSize, hypernet, agents * embed), Hypernetwork("hyper_w_final", stateSize, hypernet, embed),
            Hypernetwork("hyper_b_1", stateSize, 0, embed), Hypernetwork("V", stateSize, embed, 1),
        ];
        Flat = zeros(descriptions.Sum(network => network.ParameterCount), device: Native.TorchDevice.Current).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        var offset = 0;
        _networks = new TorchNetwork[descriptions.Length];
        for (var network = 0; network < _networks.Length; network++)
        {
            var count = descriptions[network].ParameterCount;
            _networks[network] = new TorchNetwork(descriptions[network], Flat.narrow(0, offset, count).view(1, count));
            offset += count;
        }
    }

    /// <summary>All parameters [P], outside the autograd graph: written by the optimiser, seen by a pass at once.</summary>
    public Tensor Flat { get; }

    /// <summary>The hypernetworks.</summary>
    internal ReadOnlySpan<TorchNetwork> Networks => _networks;

    /// <summary>What looks at all tensors in checked mode; null otherwise.</summary>
    internal FiniteCheck? Check
    {
        set
        {
            _check = value;
            foreach (var network in _networks) network.Check = value;
        }
    }

    /// <summary>The parameters under EPyMARL's names, as views of <see cref="Flat"/> in PyTorch's shapes.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named() =>
        _networks.SelectMany(network => network.Named(network.Flat)).Select(item => (item.Name, item.Tensor.squeeze(0)));

    /// <summary>Q_tot of the team; nothing of it is in the graph.</summary>
    /// <param name="values">The agents' values […, n].</param>
    /// <param name="states">The states […, S].</param>
    /// <returns>[…].</returns>
    /// <exception cref="ArgumentException">A shape does not fit; gives both.</exception>
    public Tensor Mix(Tensor values, Tensor states)
    {
        Demand(values, states);
        using var frozen = no_grad();
        using var own = Values(values);
        using var rows = Rows(states);
        var outputs = new Tensor[_networks.Length];
        for (var network = 0; network < outputs.Length; network++) outputs[network] = _networks[network].Unroll(rows);
        using var mixed = Mix(own, outputs);
        foreach (var output in outputs) output.Dispose();
        return mixed.view(values.shape[..^1]);
    }

    /// <summary>
    /// <see cref="Mix(Tensor, Tensor)"/> as a pass whose gradients will be asked for: those of parameters and values come from
    /// <see cref="QmixPass.Backward"/> alone, those of the states are not taken.
    /// </summary>
    /// <param name="values">The agents' values […, n].</param>
    /// <param name="states">The states […, S].</param>
    /// <exception cref="ArgumentException">A shape does not fit; gives both.</exception>
    public QmixPass Begin(Tensor values, Tensor states)
    {
        Demand(values, states);
        var (own, rows) = (Values(values), Rows(states));
        return new QmixPass(this, own, Array.ConvertAll(_networks, network => network.Begin(rows)), values.shape[..^1]);
    }

    /// <summary>Whether values take the fused computation rather than libtorch's operations.</summary>
    internal bool IsFused(Tensor values) => _networks[0].IsFused(values);

    /// <summary>Q_tot [rows] from the agents' values [rows, n] and what the hypernetworks gave [1, 1, rows, …].</summary>
    internal Tensor Mix(Tensor values, Tensor[] outputs)
    {
        if (!IsFused(values)) return Formula(values, outputs);
        var y = empty(values.size(0));
        unsafe
        {
            MixingKernel.Forward(_networks[0].Workers, (int)values.size(0), _agents, _embed, Data(values, outputs), Tensors.Data(y));
        }

        GC.KeepAlive(values);
        GC.KeepAlive(outputs);
        return y;
    }

    /// <summary>Gradients of the values [rows, n] and of what the hypernetworks gave, for a gradient of Q_tot [rows].</summary>
    internal Tensor[] Backward(Tensor values, Tensor[] outputs, Tensor mixed)
    {
        Tensor[] gradients = [empty_like(values), .. outputs.Select(output => empty_like(output))];
        gradients[^1].copy_(mixed.view_as(gradients[^1]));
        unsafe
        {
            MixingKernel.Backward(
                _networks[0].Workers, (int)values.size(0), _agents, _embed, Data(values, outputs), Tensors.Data(gradients[^1]), Data(gradients[0], gradients[1..]));
        }

        GC.KeepAlive(values);
        GC.KeepAlive(outputs);
        GC.KeepAlive(gradients);
        return gradients;
    }

    /// <summary>What <see cref="MixingKernel"/> computes, in libtorch's operations.</summary>
    internal Tensor Formula(Tensor values, Tensor[] outputs)
    {
        var (first, last) = (outputs[0].abs().view(-1, _agents, _embed), outputs[1].abs().view(-1, _embed));
        var hidden = (values.unsqueeze(-1) * first).sum(-2).Plus(outputs[2].view(-1, _embed)).Elu();
        _check?.Output("hidden", hidden);
        var mixed = (hidden * last).sum(-1).Plus(outputs[3].view(-1));
        _check?.Output("mixed", mixed);
        return mixed;
    }

    /// <summary>Draws the initial weights: PyTorch's uniform default, as for every layer of its own.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="network">Number of this network within the learner: two networks never share a stream.</param>
    public void Initialise(ulong seed, int network)
    {
        using var scope = NewDisposeScope();
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, 0, 0);
        Flat.copy_(Tensors.FromBlock(Initialisation.Uniform(ref random, [.. _networks.SelectMany(own => own.Description.Layers)])));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in _networks) network.Dispose();
        Flat.Dispose();
    }

    private void Demand(Tensor values, Tensor states)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(states);
        if (values.dim() == 0 || values.size(-1) != _agents) throw Shapes.Unfit("The mixer", $"[…, {_agents}]", values, nameof(values));
        var (leading, size) = (values.dim() - 1, _networks[0].Description.Inputs);
        if (states.dim() != leading + 1 || states.size(-1) != size || !Shapes.Agree(states, values, leading))
        {
            throw Shapes.Unfit(
                "The mixer", $"{Shapes.Text([.. values.shape[..^1], size])}, for as many moments as there are values of", states, nameof(states));
        }
    }

    /// <summary>The values […, n] as rows, outside the graph.</summary>
    private Tensor Values(Tensor values) => Tensors.Dense(values.detach().reshape(-1, _agents));

    /// <summary>The states […, S] as one sequence [1, 1, rows, S].</summary>
    private Tensor Rows(Tensor states) => states.reshape(1, 1, -1, _networks[0].Description.Inputs);

    private static unsafe MixingRows Data(Tensor values, Tensor[] outputs) => new(
        Tensors.Data(values), Tensors.Data(outputs[0]), Tensors.Data(outputs[1]), Tensors.Data(outputs[2]), Tensors.Data(outputs[3]));

    /// <summary>A linear layer, or two around a ReLU, named as in EPyMARL.</summary>
    private static NetworkDescription Hypernetwork(string name, int inputs, int hidden, int outputs) => new(hidden == 0
        ? [new LayerDescription(name, inputs, outputs, Activation.None)]
        : [new LayerDescription($"{name}.0", inputs, hidden, Activation.Relu), new LayerDescription($"{name}.2", hidden, outputs, Activation.None)]);
}
