using Madrl.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Madrl.Learning.Networks;

/// <summary>
/// Graph attention: every node averages over those it listens to (Veličković et al., ICLR 2018, equations 1 to 5, heads
/// concatenated). With h = W x per head, node i weighs node j by the softmax over j of LeakyReLU(att_dst·h_i + att_src·h_j).
/// Parameters, F numbers a head: <c>weight</c> [heads·F, inputs], <c>att_src</c> and <c>att_dst</c> [heads, F],
/// <c>bias</c> [heads·F].
/// </summary>
public sealed class GraphAttention : IDisposable
{
    private const double Slope = 0.2;

    private readonly int _inputs;
    private readonly int _heads;

    /// <summary>A layer with all parameters zero.</summary>
    /// <param name="inputs">Size of a node's features.</param>
    /// <param name="size">Outputs of a head, F.</param>
    /// <param name="heads">Heads.</param>
    public GraphAttention(int inputs, int size, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        (_inputs, _heads) = (inputs, heads);
        var outputs = (long)heads * size;
        Parameters = new FlatParameters(
            ("weight", [outputs, inputs]), ("att_src", [heads, size]), ("att_dst", [heads, size]), ("bias", [outputs]));
    }

    /// <summary>The parameters.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>What every node takes from those it listens to. A node that listens to nobody gets the bias alone.</summary>
    /// <param name="x">Features […, N, inputs].</param>
    /// <param name="adjacency">[…, N, N], not 0 at (i, j) where i listens to j; a node listens to itself only if the diagonal says so.</param>
    /// <param name="present">
    /// […, N], 0 where a node is absent: nobody listens to it, its features have no effect, its output is 0. Null where all are present.
    /// </param>
    /// <returns>The output […, N, heads·F], and the attention […, heads, i, j].</returns>
    /// <exception cref="ArgumentException">A shape does not fit; gives both.</exception>
    public (Tensor Output, Tensor Attention) Forward(Tensor x, Tensor adjacency, Tensor? present = null)
    {
        ThrowIfUnfit(x, adjacency, present);
        var ignored = adjacency.to(ScalarType.Bool).logical_not();
        var absent = present?.to(ScalarType.Bool).logical_not();
        if (absent is not null)
        {
            // Its features too: 0 times what is no number would be no number.
            x = x.Filled(absent.unsqueeze(-1), 0);
            ignored = ignored.logical_or(absent.unsqueeze(-2)).logical_or(absent.unsqueeze(-1));
        }

        var hidden = AttentionHeads.Split(linear(x, Parameters["weight"]), _heads);
        var listening = hidden.matmul(Parameters["att_dst"].unsqueeze(-1));
        var heard = hidden.matmul(Parameters["att_src"].unsqueeze(-1)).transpose(-2, -1);
        var attention = AttentionHeads.Weights(listening.Plus(heard).LeakyRelu(Slope), ignored.unsqueeze(-3));
        var output = AttentionHeads.Join(attention.matmul(hidden)).Plus(Parameters["bias"]);
        return (absent is null ? output : output.Filled(absent.unsqueeze(-1), 0), attention);
    }

    /// <summary>Draws the initial weights as is usual for this layer: Xavier, the bias zero.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="network">Number of this layer among the networks of the learner: no two share a stream.</param>
    public void Initialise(ulong seed, int network)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, network, 0, 0);
        foreach (var name in (string[])["weight", "att_src", "att_dst"]) Parameters.DrawXavier(name, ref random);
        Parameters.Fill("bias", 0);
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    private void ThrowIfUnfit(Tensor x, Tensor adjacency, Tensor? present)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(adjacency);
        if (x.shape is not [.. var batch, var nodes, var inputs] || inputs != _inputs)
            throw Shapes.Unfit(nameof(GraphAttention), $"[…, N, {_inputs}]", x, nameof(x));
        long[] square = [.. batch, nodes, nodes];
        if (!adjacency.shape.AsSpan().SequenceEqual(square))
            throw Shapes.Unfit(nameof(GraphAttention), Shapes.Text(square), adjacency, nameof(adjacency));
        if (present is not null && !present.shape.AsSpan().SequenceEqual([.. batch, nodes]))
            throw Shapes.Unfit(nameof(GraphAttention), Shapes.Text([.. batch, nodes]), present, nameof(present));
    }
}
