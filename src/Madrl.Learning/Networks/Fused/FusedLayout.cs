using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Networks.Fused;

/// <summary>
/// Where a member's activations lie: for all blocks the inputs [inputs, W], then for all blocks what the first layer keeps, and
/// so on: the blocks of one layer follow each other, so that its gradient is one sum over them.
/// </summary>
internal sealed unsafe class FusedLayout
{
    private readonly ColumnLayer[] _layers;

    public FusedLayout(NetworkDescription description)
    {
        _layers = ColumnLayer.Of(description);
        PerRow = description.Inputs + _layers.Sum(layer => layer.Kept);
        Widest = Math.Max(description.Inputs, _layers.Max(layer => layer.Outputs));
        States = _layers.Sum(layer => layer.Kind == LayerKind.Gru ? layer.Outputs : 0);
        GradientsPerRow = _layers.Sum(GradientRows);
    }

    public ReadOnlySpan<ColumnLayer> Layers => _layers;

    /// <summary>The threads that compute.</summary>
    public LearnerThreads Workers { get; set; } = LearnerThreads.Alone;

    /// <summary>Whether it is feed-forward and its first layer linear.</summary>
    public bool BeginsLinear => States == 0 && _layers[0].Kind == LayerKind.Linear;

    /// <summary>Numbers kept per row, the inputs among them.</summary>
    public int PerRow { get; }

    /// <summary>The largest input or output of a layer.</summary>
    public int Widest { get; }

    /// <summary>Outputs of all recurrent layers.</summary>
    public int States { get; }

    /// <summary>Numbers per row of all that <see cref="GradientRows"/> counts.</summary>
    public int GradientsPerRow { get; }

    /// <summary>
    /// Numbers per row that the gradient of a layer's parameters is made from: of its outputs before their activation; of a
    /// recurrent layer the reset and update gates, the candidate and its hidden part; of a normalising one also their
    /// products with the normalised inputs.
    /// </summary>
    public static int GradientRows(ColumnLayer layer) => layer.Kind switch
    {
        LayerKind.Gru => 4 * layer.Outputs,
        LayerKind.LayerNorm => 2 * layer.Outputs,
        _ => layer.Outputs,
    };

    /// <summary>The inputs of a block.</summary>
    public float* Inputs(float* member, in Batch batch, int block) => member + (nint)block * _layers[0].Inputs * batch.Width;

    /// <summary>What a layer keeps of a block.</summary>
    public float* Kept(float* member, in Batch batch, int layer, int block)
    {
        nint before = _layers[0].Inputs;
        for (var i = 0; i < layer; i++) before += _layers[i].Kept;
        return member + (before * batch.Blocks + (nint)block * _layers[layer].Kept) * batch.Width;
    }

    /// <summary>A layer's input in a block, and the distance to that of the next block.</summary>
    public float* Input(float* member, in Batch batch, int layer, int block, out nint stride)
    {
        stride = (layer == 0 ? _layers[0].Inputs : _layers[layer - 1].Kept) * batch.Width;
        return layer == 0 ? Inputs(member, batch, block) : Output(member, batch, layer - 1, block);
    }

    /// <summary>A layer's output in a block.</summary>
    public float* Output(float* member, in Batch batch, int layer, int block) =>
        Kept(member, batch, layer, block) + _layers[layer].OutputAt * batch.Width;
}

/// <summary>Memory of the calling thread, kept for its next call.</summary>
internal static unsafe class Scratch
{
    [ThreadStatic]
    private static AlignedBuffer? _buffer;

    /// <summary>At least <paramref name="length"/> numbers of any value, valid until this thread's next call.</summary>
    public static AlignedBuffer Take(int length) =>
        _buffer is { } buffer && buffer.Length >= length ? buffer : _buffer = new AlignedBuffer(length);
}
