using System.Runtime.Intrinsics;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Networks.Fused;

/// <summary>The forward pass of a network over sequences, block by block through all layers.</summary>
internal static unsafe class FusedForward
{
    private const int Lanes = 16;

    /// <summary>Computes outputs [M, C, T, outputs].</summary>
    /// <param name="layout">The network.</param>
    /// <param name="batch">M, C and T.</param>
    /// <param name="parameters">[M, P].</param>
    /// <param name="stride">P.</param>
    /// <param name="x">[M, C, T, inputs].</param>
    /// <param name="resets">[C, T], null for none.</param>
    /// <param name="y">Receives the outputs.</param>
    /// <param name="workspace">Receives what a backward pass needs, M times <see cref="FusedLayout.PerRow"/> for every column; null where none follows.</param>
    public static void Run(FusedLayout layout, in Batch batch, float* parameters, nint stride, float* x, float* resets, float* y, float* workspace)
    {
        // Without a workspace every block takes the place of the one before it, as if it were the only one of its member.
        var one = workspace == null ? new Batch(1, batch.Width, 1) : batch;
        var scratch = workspace == null ? Scratch.Take(layout.PerRow * batch.Width) : null;
        for (var member = 0; member < batch.Members; member++)
        {
            var kept = scratch is null ? workspace + (nint)member * layout.PerRow * batch.Blocks * batch.Width : scratch.Pointer;
            for (var group = 0; group < batch.Groups; group++)
            {
                for (var step = 0; step < batch.Steps; step++)
                    RunBlock(layout, batch, one, parameters + member * stride, x, resets, y, kept, member, group, step, scratch is not null);
            }
        }

        GC.KeepAlive(scratch);
    }

    private static void RunBlock(
        FusedLayout layout, in Batch batch, in Batch kept, float* parameters, float* x, float* resets, float* y, float* memory,
        int member, int group, int step, bool reuses)
    {
        var layers = layout.Layers;
        var (inputs, outputs, count, width) = (layers[0].Inputs, layers[^1].Outputs, batch.CountIn(group), batch.Width);
        var block = reuses ? 0 : group * batch.Steps + step;
        var values = layout.Inputs(memory, kept, block);
        GradientKernel.ToColumns(x + batch.RowAt(member, group, step, inputs), (nint)batch.Steps * inputs, count, inputs, values, width);
        for (var index = 0; index < layers.Length; index++)
        {
            var own = layout.Kept(memory, kept, index, block);
            if (layers[index].Kind == LayerKind.Gru)
            {
                var previous = step == 0 ? null : layout.Output(memory, kept, index, reuses ? 0 : block - 1);
                EnterState(previous, resets == null ? null : resets + (nint)group * width * batch.Steps + step, batch, group, layers[index].Outputs, own);
            }

            values = ColumnForward.Layer(layers[index], parameters, values, own, width);
        }

        GradientKernel.ToRows(values, width, y + batch.RowAt(member, group, step, outputs), (nint)batch.Steps * outputs, count, outputs);
    }

    /// <summary>The state a step starts from: the previous one, zero where the sequence begins or is reset.</summary>
    private static void EnterState(float* previous, float* resets, in Batch batch, int group, int size, float* state)
    {
        var count = size * batch.Width;
        if (previous == null)
        {
            new Span<float>(state, count).Clear();
            return;
        }

        new ReadOnlySpan<float>(previous, count).CopyTo(new Span<float>(state, count));
        if (resets != null) Keep(resets, batch, group, size, state);
    }

    /// <summary>Multiplies a state, or the gradient that flows back to it, by 1 - reset.</summary>
    /// <param name="resets">The resets of the group's first sequence at this step; the next sequence's lies T further on.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="group">The group.</param>
    /// <param name="size">Rows of <paramref name="state"/>.</param>
    /// <param name="state">[size, W].</param>
    public static void Keep(float* resets, in Batch batch, int group, int size, float* state)
    {
        var width = batch.Width;
        var kept = stackalloc float[width];
        for (var column = 0; column < batch.CountIn(group); column++) kept[column] = 1 - resets[(nint)column * batch.Steps];
        for (var row = 0; row < size; row++, state += width)
        {
            for (var column = 0; column < width; column += Lanes) (Vector512.Load(state + column) * Vector512.Load(kept + column)).Store(state + column);
        }
    }
}
