namespace Madrl.Policies;

/// <summary>
/// A layer as the forward pass over columns sees it. What it computes for a block of W rows is kept in one piece: its output
/// [outputs, W] last; before it, for a recurrent layer, the state it started from [H, W] and its gates [4 H, W].
/// </summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Inputs">Numbers it takes.</param>
/// <param name="Outputs">Numbers it gives.</param>
/// <param name="Activation">What follows.</param>
/// <param name="Parameters">Where its parameters begin in the flat weight vector.</param>
/// <param name="WeightColumns">Columns of its weights: its inputs, and those of a one-hot id that stands in the bias.</param>
internal sealed record ColumnLayer(LayerKind Kind, int Inputs, int Outputs, Activation Activation, int Parameters, int WeightColumns)
{
    /// <summary>Numbers kept per row.</summary>
    public int Kept => Kind == LayerKind.Gru ? 6 * Outputs : Outputs;

    /// <summary>Where the output begins in what is kept, in numbers per row.</summary>
    public int OutputAt => Kept - Outputs;

    /// <summary>Where the bias begins in the layer's own parameters; for a recurrent layer that of the inputs.</summary>
    public int BiasAt => Kind switch
    {
        LayerKind.Gru => 3 * Outputs * (WeightColumns + Outputs),
        LayerKind.LayerNorm => Outputs,
        _ => Outputs * WeightColumns,
    };

    /// <summary>The layers of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="agentIds">Inputs at the end that are a one-hot id and are left out, because the first bias holds it.</param>
    public static ColumnLayer[] Of(NetworkDescription network, int agentIds = 0)
    {
        var layers = new ColumnLayer[network.Layers.Count];
        var offset = 0;
        for (var i = 0; i < layers.Length; i++)
        {
            var layer = network.Layers[i];
            layers[i] = new ColumnLayer(
                layer.Kind, layer.Inputs - (i == 0 ? agentIds : 0), layer.Outputs, layer.Activation, offset, layer.Inputs);
            offset += layer.ParameterCount;
        }

        return layers;
    }
}
