using Madrl.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Madrl.Learning.Networks;

/// <summary>
/// Multi-head self-attention over a set of N elements (agents, entities): Vaswani et al., NeurIPS 2017, section 3.2. It is
/// PyTorch's <c>MultiheadAttention</c> with query = key = value, under its parameter names: <c>in_proj_weight</c> [3E, E] and
/// <c>in_proj_bias</c> [3E] with the rows of queries, keys and values, <c>out_proj.weight</c> [E, E], <c>out_proj.bias</c> [E].
/// </summary>
public sealed class SelfAttention : IDisposable
{
    private readonly int _size;
    private readonly int _heads;

    /// <summary>A layer with all parameters zero.</summary>
    /// <param name="size">Size of an element, E.</param>
    /// <param name="heads">Heads; each sees E / heads of the columns.</param>
    /// <exception cref="ArgumentException">The heads do not divide the size.</exception>
    public SelfAttention(int size, int heads)
        : this(new FlatParameters([.. ParametersOf(size, heads)]), size, heads)
    {
    }

    /// <summary>A layer whose parameters are among those of a larger one.</summary>
    internal SelfAttention(FlatParameters parameters, int size, int heads)
    {
        Parameters = parameters;
        _size = size;
        _heads = heads;
    }

    /// <summary>The parameters.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>Every element as a weighted average over the values of all.</summary>
    /// <param name="x">[…, N, E].</param>
    /// <param name="padding">[…, N], not 0 where an element is ignored as a key; null for none. With all ignored, the average is 0.</param>
    /// <returns>The output […, N, E], and the attention […, heads, query, key].</returns>
    /// <exception cref="ArgumentException">A shape does not fit; gives both.</exception>
    public (Tensor Output, Tensor Attention) Forward(Tensor x, Tensor? padding = null)
    {
        ThrowIfUnfit(x, padding);
        var projected = linear(x, Parameters["in_proj_weight"], Parameters["in_proj_bias"]).chunk(3, -1);
        var (query, key, value) = (Split(projected[0]), Split(projected[1]), Split(projected[2]));
        var scores = query.matmul(key.transpose(-2, -1)).Over(Math.Sqrt(_size / _heads));
        var attention = AttentionHeads.Weights(scores, padding?.to(ScalarType.Bool).unsqueeze(-2).unsqueeze(-2));
        return (linear(AttentionHeads.Join(attention.matmul(value)), Parameters["out_proj.weight"], Parameters["out_proj.bias"]), attention);
    }

    /// <summary>Draws the initial weights as PyTorch does: Xavier for the input, ±1/√E for the output, biases zero.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="network">Number of this layer among the networks of the learner: no two share a stream.</param>
    public void Initialise(ulong seed, int network)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, 0, 0);
        Initialise(ref random);
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    /// <summary>Names and shapes of the parameters.</summary>
    internal static IEnumerable<(string Name, long[] Shape)> ParametersOf(int size, int heads)
    {
        if (size < 1 || heads < 1 || size % heads != 0)
            throw new ArgumentException($"{nameof(SelfAttention)}: {heads} heads do not divide a size of {size}.", nameof(heads));
        return
        [
            ("in_proj_weight", [3L * size, size]), ("in_proj_bias", [3L * size]),
            ("out_proj.weight", [size, size]), ("out_proj.bias", [size]),
        ];
    }

    /// <summary>Draws the initial weights from the stream of the layer that this one is a part of.</summary>
    internal void Initialise(ref KeyedRandom random)
    {
        Parameters.DrawXavier("in_proj_weight", ref random);
        Parameters.Fill("in_proj_bias", 0);
        Parameters.Draw("out_proj.weight", ref random, 1 / Math.Sqrt(_size));
        Parameters.Fill("out_proj.bias", 0);
    }

    private Tensor Split(Tensor x) => AttentionHeads.Split(x, _heads);

    private void ThrowIfUnfit(Tensor x, Tensor? padding)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.shape is not [.., _, var size] || size != _size)
            throw Shapes.Unfit(nameof(SelfAttention), $"[…, N, {_size}]", x, nameof(x));
        if (padding is not null && !padding.shape.AsSpan().SequenceEqual(x.shape.AsSpan()[..^1]))
            throw Shapes.Unfit(nameof(SelfAttention), Shapes.Text(x.shape.AsSpan()[..^1]), padding, nameof(padding));
    }
}
