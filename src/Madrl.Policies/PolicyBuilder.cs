using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>Turns a flat weight vector into the layers of one agent's policy.</summary>
internal static class PolicyBuilder
{
    /// <summary>
    /// The layers in order. The first one takes the bare observation: the column of the agent's one-hot id, the only one
    /// of them that is ever multiplied by 1, is added to its bias.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is not finite.</exception>
    public static LinearLayer[] Layers(PolicyDescription description, ReadOnlySpan<float> weights, int agent)
    {
        var layers = new LinearLayer[description.Network.Layers.Count];
        for (var i = 0; i < layers.Length; i++)
        {
            var layer = description.Network.Layers[i];
            var matrix = Take(ref weights, layer.Outputs * layer.Inputs, agent, $"{layer.Name}.weight");
            var bias = Take(ref weights, layer.Outputs, agent, $"{layer.Name}.bias").ToArray();
            var inputs = layer.Inputs;
            if (i == 0 && description.AgentIds > 0)
            {
                inputs = description.ObservationSize;
                for (var o = 0; o < bias.Length; o++) bias[o] += matrix[o * layer.Inputs + inputs + agent];
            }

            layers[i] = new LinearLayer(inputs, matrix, bias, layer.Activation);
        }

        return layers;
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
