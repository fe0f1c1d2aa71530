using System.Runtime.InteropServices;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Networks;

/// <summary>Initial weights, drawn from the keyed generator in plain double arithmetic: the same on every device.</summary>
public static class Initialisation
{
    /// <summary>
    /// Orthogonal rows or columns scaled by a gain, biases zero: √2 for hidden layers, <paramref name="outputGain"/> for the last.
    /// Source: Saxe, McClelland, Ganguli, ICLR 2014; gains as in Schulman et al.'s PPO.
    /// </summary>
    /// <param name="random">The network's own stream.</param>
    /// <param name="description">The layers.</param>
    /// <param name="outputGain">Gain of the last layer.</param>
    /// <returns>The flat weights [P].</returns>
    public static Block Orthogonal(ref KeyedRandom random, NetworkDescription description, double outputGain)
    {
        ArgumentNullException.ThrowIfNull(description);
        var weights = new float[description.ParameterCount];
        var offset = 0;
        foreach (var layer in description.Layers)
        {
            var gain = layer == description.Layers[^1] ? outputGain : Math.Sqrt(2);
            FillOrthogonal(ref random, layer.Outputs, layer.Inputs, gain, weights.AsSpan(offset, layer.Outputs * layer.Inputs));
            offset += layer.ParameterCount;
        }

        return Block.From(weights, weights.Length);
    }

    /// <summary>PyTorch's default of a linear layer: weights and biases uniform in ±1/√inputs.</summary>
    /// <param name="random">The network's own stream.</param>
    /// <param name="description">The layers.</param>
    /// <returns>The flat weights [P].</returns>
    public static Block Uniform(ref KeyedRandom random, NetworkDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var weights = new float[description.ParameterCount];
        var offset = 0;
        foreach (var layer in description.Layers)
        {
            var bound = 1 / Math.Sqrt(layer.Inputs);
            foreach (ref var weight in weights.AsSpan(offset, layer.ParameterCount)) weight = (float)random.NextDouble(-bound, bound);
            offset += layer.ParameterCount;
        }

        return Block.From(weights, weights.Length);
    }

    /// <summary>Gram-Schmidt on Gaussian vectors: orthonormal rows of the shorter side of the matrix.</summary>
    private static void FillOrthogonal(ref KeyedRandom random, int rows, int columns, double gain, Span<float> matrix)
    {
        var (count, length) = rows <= columns ? (rows, columns) : (columns, rows);
        var vectors = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var vector = vectors[i] = new double[length];
            foreach (ref var value in vector.AsSpan()) value = random.NextGaussian();
            for (var j = 0; j < i; j++)
            {
                var projection = Dot(vector, vectors[j]);
                for (var k = 0; k < length; k++) vector[k] -= projection * vectors[j][k];
            }

            var norm = Math.Sqrt(Dot(vector, vector));
            foreach (ref var value in vector.AsSpan()) value /= norm;
        }

        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                matrix[row * columns + column] = (float)(gain * (rows <= columns ? vectors[row][column] : vectors[column][row]));
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
