using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>Turns a flat weight vector into what one agent's policy computes with.</summary>
internal static unsafe class PolicyBuilder
{
    /// <summary>
    /// The network's weights. The first layer takes the bare observation: the column of the agent's one-hot id, the only
    /// one of them that is ever multiplied by 1, is added to its bias.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is not finite.</exception>
    public static AlignedBuffer Weights(PolicyDescription description, ReadOnlySpan<float> weights, int agent)
    {
        var network = description.Network;
        var rest = weights;
        foreach (var (name, shape) in network.Layers.SelectMany(layer => layer.Parameters()))
            Take(ref rest, shape.Aggregate(1, (count, size) => count * size), agent, name);

        var buffer = new AlignedBuffer(network.ParameterCount);
        var own = new Span<float>(buffer.Pointer, network.ParameterCount);
        weights[..network.ParameterCount].CopyTo(own);
        if (description.AgentIds == 0) return buffer;
        var first = ColumnLayer.Of(network, description.AgentIds)[0];
        var rows = first.Kind == LayerKind.Gru ? 3 * first.Outputs : first.Outputs;
        for (var row = 0; row < rows; row++) own[first.BiasAt + row] += own[row * first.WeightColumns + first.Inputs + agent];
        return buffer;
    }

    /// <summary>The standard deviations of a Gaussian head, from the end of the weights; none for another head.</summary>
    /// <exception cref="ArgumentException">A logarithm or a deviation is not finite.</exception>
    public static float[] Deviations(PolicyDescription description, ReadOnlySpan<float> weights, int agent)
    {
        weights = weights[description.Network.ParameterCount..];
        var logarithms = Take(ref weights, weights.Length, agent, "log_std");
        var deviations = new float[logarithms.Length];
        for (var i = 0; i < deviations.Length; i++)
        {
            deviations[i] = SingleMath.Exp(logarithms[i]);
            if (float.IsInfinity(deviations[i]))
            {
                var message = $"Agent {agent}: number {i} of log_std is {logarithms[i]}, too large for a standard deviation.";
                throw new ArgumentException(message, nameof(weights));
            }
        }

        return deviations;
    }

    private static ReadOnlySpan<float> Take(ref ReadOnlySpan<float> weights, int count, int agent, string name)
    {
        var taken = weights[..count];
        weights = weights[count..];
        var bad = NonFinite.IndexIn(taken);
        return bad < 0
            ? taken
            : throw new ArgumentException($"Agent {agent}: number {bad} of {name} is {taken[bad]}.", nameof(weights));
    }
}
