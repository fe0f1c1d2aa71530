using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// Discrete actions that gradients pass through: one-hot forward, the softmax's gradient backward (the straight-through
/// Gumbel-softmax estimator: Jang, Gu, Poole; Maddison, Mnih, Teh; both ICLR 2017).
/// </summary>
public static class GumbelSoftmax
{
    /// <summary>Keeps the logarithms finite.</summary>
    private const float Tiny = 1e-20f;

    /// <summary>
    /// Gumbel noise -log(-log u) [n, B, T, A]. Each number is keyed by what it is for, so neither the split of the rows over
    /// threads nor their number has a say in it.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="update">Number of the update.</param>
    /// <param name="agents">Agents, n.</param>
    /// <param name="copies">Rows, B.</param>
    /// <param name="steps">Steps, T.</param>
    /// <param name="actions">Actions, A.</param>
    /// <param name="device">Where it is wanted; null for the CPU, where it is drawn.</param>
    public static Tensor Noise(ulong seed, long update, int agents, int copies, int steps, int actions, Device? device = null)
    {
        var noise = empty([agents, copies, steps, actions], ScalarType.Float32);
        var numbers = MemoryMarshal.Cast<byte, float>(noise.bytes);
        var rowSize = steps * actions;
        for (var agent = 0; agent < agents; agent++)
            KeyedRows.NextSingles(seed, RandomPurpose.Gumbel, 0, agent, update, numbers.Slice(agent * copies * rowSize, copies * rowSize), rowSize);
        ToGumbel(numbers);
        return device is null || device.type == DeviceType.CPU ? noise : noise.to(device);
    }

    /// <summary>One-hot actions […, A] drawn from logits with Gumbel noise […, A], outside the graph; ties give more than one 1.</summary>
    public static Tensor Sample(Tensor logits, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (!Tensors.IsPlain(logits) || !Tensors.IsPlain(noise)) return OneHot(logits.detach().Plus(noise));
        var actions = empty_like(noise);
        Sample(MemoryMarshal.Cast<byte, float>(logits.bytes), MemoryMarshal.Cast<byte, float>(noise.bytes), MemoryMarshal.Cast<byte, float>(actions.bytes), (int)noise.shape[^1]);
        GC.KeepAlive(logits);
        GC.KeepAlive(noise);
        return actions;
    }

    /// <summary>libtorch takes several times as long over so short rows.</summary>
    private static void Sample(ReadOnlySpan<float> logits, ReadOnlySpan<float> noise, Span<float> actions, int size)
    {
        for (var row = 0; row < actions.Length; row += size)
        {
            var largest = float.NegativeInfinity;
            for (var i = row; i < row + size; i++) largest = Math.Max(largest, actions[i] = logits[i] + noise[i]);
            for (var i = row; i < row + size; i++) actions[i] = actions[i] == largest ? 1 : 0;
        }
    }

    /// <summary>-log(-log u) in place, with our own logarithm: libtorch's takes ten times as long on some processors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToGumbel(Span<float> uniform)
    {
        var tiny = Vector512.Create(Tiny);
        var i = 0;
        for (; i + Vector512<float>.Count <= uniform.Length; i += Vector512<float>.Count)
        {
            var u = Vector512.Create<float>(uniform[i..]);
            (-SingleMath.Log(tiny - SingleMath.Log(u + tiny))).CopyTo(uniform[i..]);
        }

        for (; i < uniform.Length; i++) uniform[i] = -SingleMath.Log(Tiny - SingleMath.Log(uniform[i] + Tiny));
    }

    /// <summary>Soft actions […, A]: softmax((logits + noise) / τ), positive numbers that sum to 1.</summary>
    /// <param name="logits">[…, A].</param>
    /// <param name="noise">[…, A].</param>
    /// <param name="temperature">τ, positive: the smaller, the closer to one-hot.</param>
    public static Tensor Soft(Tensor logits, Tensor noise, double temperature = 1)
    {
        var scores = Scores(logits, noise, temperature);
        return Soft(scores, scores.detach().amax([-1], keepdim: true));
    }

    /// <summary>Straight-through actions […, A]: one-hot forward, the gradient of <see cref="Soft(Tensor, Tensor, double)"/> backward.</summary>
    /// <param name="logits">[…, A].</param>
    /// <param name="noise">[…, A].</param>
    /// <param name="temperature">τ, positive: the smaller, the closer the gradient's sample is to one-hot.</param>
    public static Tensor StraightThrough(Tensor logits, Tensor noise, double temperature = 1)
    {
        var scores = Scores(logits, noise, temperature);
        var largest = scores.detach().amax([-1], keepdim: true);
        var soft = Soft(scores, largest);
        var hard = OneHot(scores.detach(), largest);
        return (hard - soft.detach()).Plus(soft);
    }

    /// <summary>1 wherever the score is the largest of its row: one-hot, but for ties.</summary>
    /// <param name="scores">[…, A].</param>
    public static Tensor OneHot(Tensor scores) => OneHot(scores, scores.amax([-1], keepdim: true));

    private static Tensor OneHot(Tensor scores, Tensor largest) => scores.eq(largest).to(scores.dtype);

    private static Tensor Scores(Tensor logits, Tensor noise, double temperature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        var scores = logits.Plus(noise);
        return temperature == 1 ? scores : scores.Over(temperature);
    }

    /// <summary>The softmax over the last axis: libtorch's own takes twice as long over so short an axis.</summary>
    private static Tensor Soft(Tensor scores, Tensor largest)
    {
        var weights = (scores - largest).exp();
        return weights / weights.sum(-1, keepdim: true);
    }
}
