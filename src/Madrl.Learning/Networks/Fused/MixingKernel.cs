using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Madrl.Numerics;

namespace Madrl.Learning.Networks.Fused;

/// <summary>
/// QMIX's mixing of each row's values q [n] by what the hypernetworks gave for it, W₁ [n, E], w₂ [E], b₁ [E] and V:
/// y = elu(q |W₁| + b₁) · |w₂| + V, and its gradients. A row's results do not depend on the other rows.
/// </summary>
internal static unsafe class MixingKernel
{
    private const int Lanes = 16;

    /// <summary>Rows that a thread takes at once.</summary>
    private const int RowsPerTask = 128;

    /// <summary>Writes y [rows].</summary>
    /// <param name="workers">The threads that share the rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="agents">n.</param>
    /// <param name="embed">E.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">Receives the outputs.</param>
    public static void Forward(LearnerThreads workers, int rows, int agents, int embed, MixingRows x, float* y) =>
        Share(workers, rows, row => y[row] = ForwardRow(agents, embed, x.From(row, agents, embed)));

    /// <summary>Writes the gradients of everything but V, whose gradient is that of y.</summary>
    /// <param name="workers">The threads that share the rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="agents">n.</param>
    /// <param name="embed">E.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="dy">The gradient of the outputs [rows].</param>
    /// <param name="dx">Receives the gradients of the inputs; V's is left alone.</param>
    public static void Backward(LearnerThreads workers, int rows, int agents, int embed, MixingRows x, float* dy, MixingRows dx) =>
        Share(workers, rows, row => BackwardRow(agents, embed, x.From(row, agents, embed), dy[row], dx.From(row, agents, embed)));

    private static void Share(LearnerThreads workers, int rows, Action<nint> each) =>
        workers.Run((rows + RowsPerTask - 1) / RowsPerTask, rows, task =>
        {
            for (var row = task * RowsPerTask; row < Math.Min(rows, (task + 1) * RowsPerTask); row++) each(row);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ForwardRow(int agents, int embed, MixingRows x)
    {
        var total = Vector512<float>.Zero;
        for (var unit = 0; unit < embed; unit += Lanes)
        {
            var count = embed - unit;
            total += Elu(Sum(agents, embed, x, unit)) * Vector512.Abs(Load(x.Last + unit, count));
        }

        return Across(total) + *x.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(int agents, int embed, MixingRows x, float dy, MixingRows dx)
    {
        for (var agent = 0; agent < agents; agent++) dx.Values[agent] = 0;
        for (var unit = 0; unit < embed; unit += Lanes)
        {
            var count = embed - unit;
            var sum = Sum(agents, embed, x, unit);
            var (hidden, weight) = (Elu(sum), Load(x.Last + unit, count));
            Store(hidden * Sign(weight) * Vector512.Create(dy), dx.Last + unit, count);

            // The derivative of elu is 1, or e^x = elu + 1 below zero.
            var slope = Vector512.ConditionalSelect(Vector512.GreaterThan(sum, Vector512<float>.Zero), Vector512<float>.One, hidden + Vector512<float>.One);
            var flow = slope * Vector512.Abs(weight) * Vector512.Create(dy);
            Store(flow, dx.Bias + unit, count);
            for (var agent = 0; agent < agents; agent++)
            {
                var own = Load(x.First + agent * embed + unit, count);
                dx.Values[agent] += Across(flow * Vector512.Abs(own));
                Store(flow * Sign(own) * Vector512.Create(x.Values[agent]), dx.First + agent * embed + unit, count);
            }
        }
    }

    /// <summary>q |W₁| + b₁ for the next units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(int agents, int embed, MixingRows x, int unit)
    {
        var count = embed - unit;
        var sum = Load(x.Bias + unit, count);
        for (var agent = 0; agent < agents; agent++)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(x.Values[agent]), Vector512.Abs(Load(x.First + agent * embed + unit, count)), sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Elu(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, SingleMath.Exp(x) - Vector512<float>.One);

    /// <summary>The derivative of |x|: -1, 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sign(Vector512<float> x)
    {
        var positive = Vector512.GreaterThan(x, Vector512<float>.Zero) & Vector512<float>.One;
        return positive - (Vector512.LessThan(x, Vector512<float>.Zero) & Vector512<float>.One);
    }

    /// <summary>The sum of all lanes, in one order on every processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Across(Vector512<float> x)
    {
        var half = x.GetLower() + x.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[1] + (quarter[2] + quarter[3]);
    }

    /// <summary>The next units, zeros after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* x, int count) => count >= Lanes ? Vector512.Load(x) : FlatKernel.Tail(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> value, float* x, int count)
    {
        if (count >= Lanes) value.Store(x);
        else
        {
            for (var lane = 0; lane < count; lane++) x[lane] = value[lane];
        }
    }
}

/// <summary>Where rows of a mixing lie, or the gradients of them.</summary>
/// <param name="values">q [rows, n].</param>
/// <param name="first">W₁ [rows, n, E].</param>
/// <param name="last">w₂ [rows, E].</param>
/// <param name="bias">b₁ [rows, E].</param>
/// <param name="value">V [rows].</param>
internal readonly unsafe struct MixingRows(float* values, float* first, float* last, float* bias, float* value)
{
    public readonly float* Values = values, First = first, Last = last, Bias = bias, Value = value;

    /// <summary>The rows from the given one on.</summary>
    public MixingRows From(nint row, int agents, int embed) =>
        new(Values + row * agents, First + row * agents * embed, Last + row * embed, Bias + row * embed, Value + row);
}
