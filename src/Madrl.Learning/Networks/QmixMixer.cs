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
    private readonly LayerDescription[] _layers;
    private readonly (string Name, int Outputs)[] _first;
    private readonly long[] _firstSizes;
    private readonly long[] _sizes;
    private readonly Tensor[] _parts;

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
        _first = hypernet > 0
            ? [("hyper_w_1.0", hypernet), ("hyper_w_final.0", hypernet), ("V.0", embed), ("hyper_b_1", embed)]
            : [("hyper_w_1", agents * embed), ("hyper_w_final", embed), ("V.0", embed), ("hyper_b_1", embed)];

        // All hypernetworks see the same state: their first layers lie one below the other and are one product.
        LayerDescription first = new("first", stateSize, _first.Sum(part => part.Outputs), Activation.None);
        LayerDescription value = new("V.2", embed, 1, Activation.None);
        _layers = hypernet > 0
            ? [first, new("hyper_w_1.2", hypernet, agents * embed, Activation.None), new("hyper_w_final.2", hypernet, embed, Activation.None), value]
            : [first, value];
        _firstSizes = [.. _first.Select(part => (long)part.Outputs)];
        _sizes = [.. _layers.SelectMany(layer => (long[])[(long)layer.Outputs * layer.Inputs, layer.Outputs])];
        Flat = zeros(_sizes.Sum(), device: Native.TorchDevice.Current).DetachFromDisposeScope();
        Parameters = Flat.detach().requires_grad_().DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        _parts = [.. Split(Flat).Select(part => part.DetachFromDisposeScope())];
    }

    /// <summary>All parameters [P], outside the autograd graph: written by the optimiser, seen by <see cref="Mix"/> at once.</summary>
    public Tensor Flat { get; }

    /// <summary>The same numbers as <see cref="Flat"/>, as the leaf of the autograd graph.</summary>
    internal Tensor Parameters { get; }

    /// <summary>What looks at all tensors in checked mode; null otherwise.</summary>
    internal FiniteCheck? Check { get; set; }

    /// <summary>The parameters under EPyMARL's names, as views of <see cref="Flat"/> in PyTorch's shapes.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named() => Named(Flat);

    /// <summary>A tensor like <see cref="Flat"/>, such as a gradient, as views with EPyMARL's names.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Named(Tensor flat)
    {
        var parts = Split(flat);
        var row = 0;
        foreach (var (name, outputs) in _first)
        {
            yield return ($"{name}.weight", parts[0].narrow(0, row, outputs));
            yield return ($"{name}.bias", parts[1].narrow(0, row, outputs));
            row += outputs;
        }

        for (var layer = 1; layer < _layers.Length; layer++)
        {
            yield return ($"{_layers[layer].Name}.weight", parts[2 * layer]);
            yield return ($"{_layers[layer].Name}.bias", parts[2 * layer + 1]);
        }
    }

    /// <summary>Q_tot […] of the team from the values […, n] of its agents in the states […, S].</summary>
    public Tensor Mix(Tensor values, Tensor states)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(states);
        Check?.Flat(Parameters, Named);
        var isLearning = is_grad_enabled();
        var parts = isLearning ? Split(Parameters) : _parts;
        using var flatStates = states.reshape(-1, _layers[0].Inputs);
        var seen = Layer(0, flatStates).split(_firstSizes, -1);
        for (var part = 0; part < seen.Length; part++) Check?.Output(_first[part].Name, seen[part]);
        var deep = _layers.Length > 2;
        using var first = (deep ? Layer(1, seen[0].relu()) : seen[0]).abs().view(-1, _agents, _embed);
        using var last = (deep ? Layer(2, seen[1].relu()) : seen[1]).abs();
        using var value = Layer(_layers.Length - 1, seen[2].relu());

        // So few agents are mixed faster by a product of elements and a sum than by a batched product of matrices.
        using var hidden = (values.reshape(-1, _agents, 1) * first).sum(-2).Plus(seen[3]).Elu();
        Check?.Output("hidden", hidden);
        var mixed = (hidden * last).sum(-1, keepdim: true).Plus(value).view(values.shape[..^1]);

        // The graph holds what it needs itself.
        foreach (var part in seen) part.Dispose();
        if (isLearning) foreach (var part in parts) part.Dispose();
        return mixed;

        Tensor Layer(int layer, Tensor x)
        {
            var y = nn.functional.linear(x, parts[2 * layer], parts[2 * layer + 1]);
            if (layer > 0) Check?.Output(_layers[layer].Name, y);
            return y;
        }
    }

    /// <summary>Draws the initial weights: PyTorch's uniform default, as for every layer of its own.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="network">Number of this network within the learner: two networks never share a stream.</param>
    public void Initialise(ulong seed, int network)
    {
        using var scope = NewDisposeScope();
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, 0, 0);
        Flat.copy_(Tensors.FromBlock(Initialisation.Uniform(ref random, _layers)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
        Parameters.Dispose();
        Flat.Dispose();
    }

    /// <summary>Weight [outputs, inputs] and bias [outputs] of each layer; one split, because its gradient is one concatenation.</summary>
    private Tensor[] Split(Tensor flat)
    {
        var parts = flat.split(_sizes, 0);
        for (var layer = 0; layer < _layers.Length; layer++) parts[2 * layer] = parts[2 * layer].view(_layers[layer].Outputs, _layers[layer].Inputs);
        return parts;
    }
}
