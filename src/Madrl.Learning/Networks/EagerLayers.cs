using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// The layers of a description as ordinary TorchSharp code, for any device and element type: M members together by batched
/// products, their parameters views of one flat tensor.
/// </summary>
internal static class EagerLayers
{
    private const double NormEpsilon = 1e-5;

    /// <summary>The outputs [M, C, T, outputs] for <paramref name="x"/> [M, C, T, inputs].</summary>
    /// <param name="description">The layers.</param>
    /// <param name="parameters">[M, P], P at least the description's.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="resets">[C, T], 1 where the state of recurrent layers is set to zero before the step; null for none.</param>
    /// <param name="state">[M, C, S], what the recurrent layers begin with, one after another; null for zero.</param>
    /// <param name="check">Looks at what each layer gives; null for none.</param>
    public static Tensor Unroll(
        NetworkDescription description, Tensor parameters, Tensor x, Tensor? resets, Tensor? state, FiniteCheck? check = null)
    {
        var (offset, stateOffset) = (0L, 0L);
        foreach (var layer in description.Layers)
        {
            var own = Parameters(layer, parameters, ref offset);
            x = layer.Kind switch
            {
                LayerKind.Gru => Gru(x, own[0], own[1], own[2], own[3], resets, State(layer, state, ref stateOffset)),
                LayerKind.LayerNorm => LayerNorm(x, own[0], own[1]),
                _ => Linear(x, own[0], own[1]),
            };
            x = layer.Activation switch
            {
                Activation.Relu => x.relu(),
                Activation.Tanh => x.tanh(),
                _ => x,
            };
            check?.Output(layer.Name, x);
        }

        return x;
    }

    /// <summary>x Wᵀ + b for x [M, C, T, in], W [M, out, in] and b [M, 1, out].</summary>
    private static Tensor Linear(Tensor x, Tensor weight, Tensor bias)
    {
        var shape = x.shape;
        return x.reshape(shape[0], -1, shape[3]).bmm(weight.transpose(1, 2)).Plus(bias).view(shape[0], shape[1], shape[2], -1);
    }

    /// <summary>(x - mean) / √(variance + ε) · weight + bias over the last axis, with weight and bias [M, 1, size].</summary>
    private static Tensor LayerNorm(Tensor x, Tensor weight, Tensor bias)
    {
        var centred = x - x.mean([-1], keepdim: true);
        var deviation = centred.Squared().mean([-1], keepdim: true).Plus(NormEpsilon).sqrt();
        return (centred / deviation * weight.unsqueeze(1)).Plus(bias.unsqueeze(1));
    }

    /// <summary>All states [M, C, T, H] of a GRU; what the inputs contribute is one product over all steps.</summary>
    private static Tensor Gru(Tensor x, Tensor weightIh, Tensor weightHh, Tensor biasIh, Tensor biasHh, Tensor? resets, Tensor? initial)
    {
        var (shape, size) = (x.shape, weightHh.shape[2]);
        var fromInputs = Linear(x, weightIh, biasIh);
        var recurrent = weightHh.transpose(1, 2);
        var state = initial ?? x.new_zeros(shape[0], shape[1], size);
        var states = new Tensor[shape[2]];
        for (var t = 0; t < states.Length; t++)
        {
            if (resets is not null) state = state * resets.select(1, t).Complement().unsqueeze(-1);
            var input = fromInputs.select(2, t);
            var hidden = state.bmm(recurrent).Plus(biasHh);
            var gates = (input.narrow(-1, 0, 2 * size).Plus(hidden.narrow(-1, 0, 2 * size))).sigmoid();
            var (reset, update) = (gates.narrow(-1, 0, size), gates.narrow(-1, size, size));
            var candidate = input.narrow(-1, 2 * size, size).Plus(reset * hidden.narrow(-1, 2 * size, size)).tanh();
            state = candidate.Plus(update * (state - candidate));
            states[t] = state;
        }

        return stack(states, 2);
    }

    /// <summary>What a recurrent layer begins with [M, C, H].</summary>
    private static Tensor? State(LayerDescription layer, Tensor? state, ref long offset)
    {
        var own = state?.narrow(-1, offset, layer.Outputs);
        offset += layer.Outputs;
        return own;
    }

    /// <summary>A layer's parameters: matrices [M, rows, columns], vectors [M, 1, size].</summary>
    private static Tensor[] Parameters(LayerDescription layer, Tensor parameters, ref long offset)
    {
        var own = new List<Tensor>();
        foreach (var (_, dimensions) in layer.Parameters())
        {
            var (rows, columns) = dimensions is [var first, var second] ? (first, second) : (1, dimensions[0]);
            own.Add(parameters.narrow(1, offset, (long)rows * columns).view(-1, rows, columns));
            offset += (long)rows * columns;
        }

        return [.. own];
    }
}
