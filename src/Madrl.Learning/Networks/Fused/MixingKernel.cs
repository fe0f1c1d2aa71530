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

    /// <summary>Where a batch of rows lies, or the gradients of it: addresses of float32 numbers.</summary>
    /// <param name="Values">q [rows, n].</param>
    /// <param name="First">W₁ [rows, n, E].</param>
    /// <param name="Last">w₂ [rows, E].</param>
    /// <param name="Bias">b₁ [rows, E].</param>
    /// <param name="Value">V [rows].</param>
    public readonly record struct Rows(nint Values, nint First, nint Last, nint Bias, nint Value);

    /// <summary>Writes y [rows].</summary>
    /// <param name="workers">The threads that share the rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="agents">n.</param>
    /// <param name="embed">E.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">Receives the outputs.</param>
    public static void Forward(LearnerThreads workers, int rows, int agents, int embed, Rows x, float* y) =>
        Share(workers, rows, row => y[row] = ForwardRow(
            agents, embed, (float*)x.Values + row * agents, (float*)x.First + row * agents * embed, (float*)x.Last + row * embed,
            (float*)x.Bias + row * embed) + ((float*)x.Value)[row]);

    /// <summary>Writes the gradients of everything but V, whose gradient is that of y.</summary>
    /// <param name="workers">The threads that share the rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="agents">n.</param>
    /// <param name="embed">E.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="dy">The gradient of the outputs [rows].</param>
    /// <param name="dx">Receives the gradients of the inputs; V's is left alone.</param>
    public static void Backward(LearnerThreads workers, int rows, int agents, int embed, Rows x, float* dy, Rows dx) =>
        Share(workers, rows, row => BackwardRow(
            agents, embed, (float*)x.Values + row * agents, (float*)x.First + row * agents * embed, (float*)x.Last + row * embed,
            (float*)x.Bias + row * embed, dy[row], (float*)dx.Values + row * agents, (float*)dx.First + row * agents * embed,
            (float*)dx.Last + row * embed, (float*)dx.Bias + row * embed));

    private static void Share(LearnerThreads workers, int rows, Action<nint> each) =>
        workers.Run((rows + RowsPerTask - 1) / RowsPerTask, rows, task =>
        {
            for (var row = task * RowsPerTask; row < Math.Min(rows, (task + 1) * RowsPerTask); row++) each(row);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ForwardRow(int agents, int embed, float* q, float* first, float* last, float* bias)
    {
        var total = Vector512<float>.Zero;
        for (var unit = 0; unit < embed; unit += Lanes)
        {
            var count = embed - unit;
            total += Elu(Sum(agents, embed, q, first + unit, bias + unit, count)) * Vector512.Abs(Load(last + unit, count));
        }

        return Across(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(
        int agents, int embed, float* q, float* first, float* last, float* bias, float dy, float* dq, float* dFirst, float* dLast, float* dBias)
    {
        for (var agent = 0; agent < agents; agent++) dq[agent] = 0;
        for (var unit = 0; unit < embed; unit += Lanes)
        {
            var count = embed - unit;
            var sum = Sum(agents, embed, q, first + unit, bias + unit, count);
            var (hidden, weight) = (Elu(sum), Load(last + unit, count));
            Store(hidden * Sign(weight) * Vector512.Create(dy), dLast + unit, count);

            // The derivative of elu is 1, or e^x = elu + 1 below zero.
            var slope = Vector512.ConditionalSelect(Vector512.GreaterThan(sum, Vector512<float>.Zero), Vector512<float>.One, hidden + Vector512<float>.One);
            var flow = slope * Vector512.Abs(weight) * Vector512.Create(dy);
            Store(flow, dBias + unit, count);
            for (var agent = 0; agent < agents; agent++)
            {
                var own = Load(first + agent * embed + unit, count);
                dq[agent] += Across(flow * Vector512.Abs(own));
                Store(flow * Sign(own) * Vector512.Create(q[agent]), dFirst + agent * embed + unit, count);
            }
        }
    }

    /// <summary>q |W₁| + b₁ for the next units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(int agents, int embed, float* q, float* first, float* bias, int count)
    {
        var sum = Load(bias, count);
        for (var agent = 0; agent < agents; agent++)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(q[agent]), Vector512.Abs(Load(first + agent * embed, count)), sum);
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
