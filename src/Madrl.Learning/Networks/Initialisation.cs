using System.Runtime.InteropServices;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Networks;

/// <summary>Initial weights, drawn from the keyed generator in plain double arithmetic: the same on every device.</summary>
public static class Initialisation
{
    /// <summary>
    /// Orthogonal rows or columns scaled by a gain, biases zero: √2 for hidden layers, <paramref name="outputGain"/> for the last,
    /// 1 for each gate of a recurrent layer. Normalising layers begin as the identity.
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
        var rest = weights.AsSpan();
        foreach (var layer in description.Layers)
        {
            var gain = layer == description.Layers[^1] ? outputGain : Math.Sqrt(2);
            var own = Take(ref rest, layer.ParameterCount);
            switch (layer.Kind)
            {
                case LayerKind.LayerNorm:
                    own[..layer.Outputs].Fill(1);
                    break;
                case LayerKind.Gru:
                    foreach (var columns in (int[])[layer.Inputs, layer.Outputs])
                    {
                        for (var gate = 0; gate < 3; gate++) FillOrthogonal(ref random, layer.Outputs, columns, 1, Take(ref own, layer.Outputs * columns));
                    }

                    break;
                default:
                    FillOrthogonal(ref random, layer.Outputs, layer.Inputs, gain, own[..(layer.Outputs * layer.Inputs)]);
                    break;
            }
        }

        return Block.From(weights, weights.Length);
    }

    /// <summary>
    /// PyTorch's defaults: a linear layer's weights and biases uniform in ±1/√inputs, a recurrent layer's in ±1/√outputs, a
    /// normalising layer the identity.
    /// </summary>
    /// <param name="random">The network's own stream.</param>
    /// <param name="layers">The layers, in the order of their weights.</param>
    /// <returns>The flat weights [P].</returns>
    public static Block Uniform(ref KeyedRandom random, IReadOnlyList<LayerDescription> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var weights = new float[layers.Sum(layer => layer.ParameterCount)];
        var rest = weights.AsSpan();
        foreach (var layer in layers)
        {
            var own = Take(ref rest, layer.ParameterCount);
            if (layer.Kind == LayerKind.LayerNorm)
            {
                own[..layer.Outputs].Fill(1);
                continue;
            }

            var bound = 1 / Math.Sqrt(layer.Kind == LayerKind.Gru ? layer.Outputs : layer.Inputs);
            foreach (ref var weight in own) weight = (float)random.NextDouble(-bound, bound);
        }

        return Block.From(weights, weights.Length);
    }

    private static Span<float> Take(ref Span<float> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
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
