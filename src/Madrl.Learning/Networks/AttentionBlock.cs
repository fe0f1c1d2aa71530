using Madrl.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Madrl.Learning.Networks;

/// <summary>
/// One layer of a transformer's encoder (Vaswani et al., NeurIPS 2017, section 3.1; normalised after each part):
/// z = LN1(x + attention(x)), y = LN2(z + ff2(relu(ff1(z)))). Its parameters are those of <see cref="SelfAttention"/> and
/// <c>ln1</c>, <c>ln2</c> (<c>weight</c>, <c>bias</c> [E]), <c>ff1</c> (<c>weight</c> [H, E], <c>bias</c> [H]),
/// <c>ff2</c> (<c>weight</c> [E, H], <c>bias</c> [E]).
/// </summary>
public sealed class AttentionBlock : IDisposable
{
    private readonly int _size;
    private readonly SelfAttention _attention;

    /// <summary>A block with all parameters zero.</summary>
    /// <param name="size">Size of an element, E.</param>
    /// <param name="heads">Heads of the attention.</param>
    /// <param name="hidden">Size of the hidden layer, H.</param>
    /// <exception cref="ArgumentException">The heads do not divide the size.</exception>
    public AttentionBlock(int size, int heads, int hidden)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        _size = size;
        Parameters = new FlatParameters(
        [
            .. SelfAttention.ParametersOf(size, heads),
            ("ln1.weight", [size]), ("ln1.bias", [size]), ("ln2.weight", [size]), ("ln2.bias", [size]),
            ("ff1.weight", [hidden, size]), ("ff1.bias", [hidden]), ("ff2.weight", [size, hidden]), ("ff2.bias", [size]),
        ]);
        _attention = new SelfAttention(Parameters, size, heads);
    }

    /// <summary>The parameters.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>The block's output.</summary>
    /// <param name="x">[…, N, E].</param>
    /// <param name="padding">[…, N], not 0 where an element is ignored as a key; null for none.</param>
    /// <returns>The output […, N, E], and the attention […, heads, query, key].</returns>
    /// <exception cref="ArgumentException">A shape does not fit; gives both.</exception>
    public (Tensor Output, Tensor Attention) Forward(Tensor x, Tensor? padding = null)
    {
        var (attended, attention) = _attention.Forward(x, padding);
        var middle = AfterAttention(x, attended);
        return (Normalise("ln2", middle.Plus(Linear("ff2", Linear("ff1", middle).relu()))), attention);
    }

    /// <summary>
    /// Draws the initial weights as PyTorch does: the attention as <see cref="SelfAttention.Initialise(ulong, int)"/>, linear
    /// layers uniform in ±1/√inputs, normalisation the identity.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="network">Number of this block among the networks of the learner: no two share a stream.</param>
    public void Initialise(ulong seed, int network)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, 0, 0);
        _attention.Initialise(ref random);
        Parameters.DrawLinear("ff1", ref random);
        Parameters.DrawLinear("ff2", ref random);
        foreach (var module in (string[])["ln1", "ln2"])
        {
            Parameters.Fill($"{module}.weight", 1);
            Parameters.Fill($"{module}.bias", 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    /// <summary>z […, N, E], from the attention's output.</summary>
    internal Tensor AfterAttention(Tensor x, Tensor attended) => Normalise("ln1", x.Plus(attended));

    private Tensor Linear(string module, Tensor x) => linear(x, Parameters[$"{module}.weight"], Parameters[$"{module}.bias"]);

    private Tensor Normalise(string module, Tensor x) =>
        layer_norm(x, [_size], Parameters[$"{module}.weight"], Parameters[$"{module}.bias"]);
}
