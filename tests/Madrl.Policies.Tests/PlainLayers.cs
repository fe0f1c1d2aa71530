namespace Madrl.Policies.Tests;

/// <summary>Layers as their definitions read, number by number in double precision.</summary>
internal static class PlainLayers
{
    private const double NormEpsilon = 1e-5;

    /// <summary>W x + b, W [size, inputs] row by row.</summary>
    public static double[] Linear(int size, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, double[] x)
    {
        var y = new double[size];
        for (var o = 0; o < size; o++)
        {
            y[o] = bias[o];
            for (var k = 0; k < x.Length; k++) y[o] += weight[o * x.Length + k] * x[k];
        }

        return y;
    }

    /// <summary>(x - mean) / sqrt(variance + epsilon), times the weight, plus the bias.</summary>
    public static double[] LayerNorm(ReadOnlySpan<float> parameters, double[] x)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + NormEpsilon);
        var y = new double[x.Length];
        for (var i = 0; i < y.Length; i++) y[i] = (x[i] - mean) / deviation * parameters[i] + parameters[x.Length + i];
        return y;
    }

    /// <summary>PyTorch's <c>GRUCell</c>: gates in the order reset, update, new; replaces the state, which is the output.</summary>
    public static double[] Gru(int size, ReadOnlySpan<float> parameters, double[] x, double[] state)
    {
        var weightIh = parameters[..(3 * size * x.Length)];
        var weightHh = parameters.Slice(3 * size * x.Length, 3 * size * size);
        var biases = parameters[(3 * size * (x.Length + size))..];
        var input = Linear(3 * size, weightIh, biases, x);
        var hidden = Linear(3 * size, weightHh, biases[(3 * size)..], state);
        for (var i = 0; i < size; i++)
        {
            var reset = 1 / (1 + Math.Exp(-input[i] - hidden[i]));
            var update = 1 / (1 + Math.Exp(-input[size + i] - hidden[size + i]));
            var candidate = Math.Tanh(input[2 * size + i] + reset * hidden[2 * size + i]);
            state[i] = (1 - update) * candidate + update * state[i];
        }

        return [.. state];
    }
}
