using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>A layer for single rows: the bits of <see cref="ColumnForward"/>, with vectors of 16 outputs instead of 16 rows.</summary>
internal sealed unsafe class RowLayer
{
    private const int Lanes = 16;

    private readonly ColumnLayer _layer;
    private readonly PackedMatrix? _input;
    private readonly PackedMatrix? _hiddenGates;
    private readonly PackedMatrix? _hiddenCandidate;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer? _hiddenBias;
    private readonly AlignedBuffer? _candidateBias;
    private readonly AlignedBuffer? _gates;
    private readonly AlignedBuffer? _state;
    private readonly AlignedBuffer? _weight;

    /// <param name="layer">The layer.</param>
    /// <param name="parameters">Its own parameters.</param>
    public RowLayer(ColumnLayer layer, ReadOnlySpan<float> parameters)
    {
        _layer = layer;
        var size = layer.Outputs;
        switch (layer.Kind)
        {
            case LayerKind.Gru:
                var hidden = parameters[(3 * size * layer.WeightColumns)..];
                var biases = parameters[layer.BiasAt..];
                _input = new PackedMatrix(parameters[..(3 * size * layer.WeightColumns)], 3 * size, layer.Inputs);
                _hiddenGates = new PackedMatrix(hidden[..(2 * size * size)], 2 * size, size);
                _hiddenCandidate = new PackedMatrix(hidden.Slice(2 * size * size, size * size), size, size);
                _bias = Padded(biases[..(3 * size)]);
                _hiddenBias = Padded(biases.Slice(3 * size, 2 * size));
                _candidateBias = Padded(biases.Slice(5 * size, size));

                // The last vectors of a gate may reach past its end.
                _gates = new AlignedBuffer(PackedMatrix.Padded(3 * size) + PackedMatrix.Padded(size) + Lanes);
                _state = Padded(new float[size]);
                break;
            case LayerKind.LayerNorm:
                _weight = Padded(parameters[..size]);
                _bias = Padded(parameters[size..]);
                break;
            default:
                _input = new PackedMatrix(parameters[..layer.BiasAt], size, layer.Inputs);
                _bias = Padded(parameters[layer.BiasAt..]);
                break;
        }
    }

    /// <summary>Computes y from x; of a recurrent layer also from the state, which it replaces.</summary>
    /// <param name="x">[inputs], with room for a whole vector after the last number.</param>
    /// <param name="state">[outputs] of a recurrent layer.</param>
    /// <param name="y">Receives [outputs], padded to whole vectors.</param>
    public void Forward(float* x, Span<float> state, float* y)
    {
        var padded = PackedMatrix.Padded(_layer.Outputs);
        switch (_layer.Kind)
        {
            case LayerKind.Gru:
                Gru(x, state, y);
                break;
            case LayerKind.LayerNorm:
                LayerNorm(x, y);
                break;
            default:
                _input!.Multiply(x, _bias.Pointer, y);
                break;
        }

        if (_layer.Activation == Activation.Relu) ColumnForward.Rectify(y, padded);
        else if (_layer.Activation == Activation.Tanh) ColumnForward.Tanh(y, padded);
        GC.KeepAlive(this);
    }

    private void Gru(float* x, Span<float> state, float* y)
    {
        var size = _layer.Outputs;
        float* h = _state!.Pointer, gates = _gates!.Pointer, hidden = gates + PackedMatrix.Padded(3 * size);
        state.CopyTo(new Span<float>(h, size));
        _input!.Multiply(x, _bias.Pointer, gates);
        _hiddenGates!.Multiply(h, gates, gates);
        _hiddenCandidate!.Multiply(h, _candidateBias!.Pointer, hidden);
        for (var i = 0; i < size; i += Lanes)
        {
            var next = ColumnForward.Gates(
                Vector512.Load(gates + i) + Vector512.Load(_hiddenBias!.Pointer + i),
                Vector512.Load(gates + size + i) + Vector512.Load(_hiddenBias.Pointer + size + i),
                Vector512.Load(gates + 2 * size + i), Vector512.Load(hidden + i), Vector512.Load(h + i), out _, out _, out _);
            next.Store(y + i);
        }

        new ReadOnlySpan<float>(y, size).CopyTo(state);
    }

    private void LayerNorm(float* x, float* y)
    {
        // Lane 0 of the sums over columns.
        var (mean, scale) = ColumnForward.Moments(x, _layer.Inputs, 1);
        var (mean0, scale0) = (Vector512.Create(mean.ToScalar()), Vector512.Create(scale.ToScalar()));
        for (var i = 0; i < _layer.Outputs; i += Lanes)
        {
            var normal = (Vector512.Load(x + i) - mean0) * scale0;
            Vector512.FusedMultiplyAdd(normal, Vector512.Load(_weight!.Pointer + i), Vector512.Load(_bias.Pointer + i)).Store(y + i);
        }
    }

    /// <summary>A copy with room for a whole vector after the last number.</summary>
    private static AlignedBuffer Padded(ReadOnlySpan<float> values)
    {
        var buffer = new AlignedBuffer(PackedMatrix.Padded(values.Length) + Lanes);
        values.CopyTo(new Span<float>(buffer.Pointer, values.Length));
        return buffer;
    }
}
