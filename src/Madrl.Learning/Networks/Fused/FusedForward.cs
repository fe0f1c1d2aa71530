using System.Runtime.Intrinsics;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Networks.Fused;

/// <summary>The forward pass of a network over sequences, block by block through all layers.</summary>
internal readonly unsafe ref struct FusedForward
{
    private const int Lanes = 16;

    private readonly FusedLayout _layout;
    private readonly Batch _batch;
    private readonly Batch _kept;
    private readonly float* _parameters;
    private readonly float* _x;
    private readonly float* _resets;
    private readonly float* _state;
    private readonly float* _y;
    private readonly float* _memory;
    private readonly bool _reuses;

    private FusedForward(
        FusedLayout layout, in Batch batch, in Batch kept, float* parameters, float* x, float* resets, float* state, float* y, float* memory, bool reuses)
    {
        (_layout, _batch, _kept, _reuses) = (layout, batch, kept, reuses);
        _parameters = parameters;
        _x = x;
        _resets = resets;
        _state = state;
        _y = y;
        _memory = memory;
    }

    /// <summary>Computes outputs [M, C, T, outputs].</summary>
    /// <param name="workers">The threads that share the groups.</param>
    /// <param name="layout">The network.</param>
    /// <param name="batch">M, C and T.</param>
    /// <param name="parameters">[M, P].</param>
    /// <param name="stride">P.</param>
    /// <param name="x">[M, C, T, inputs].</param>
    /// <param name="resets">[C, T], null for none.</param>
    /// <param name="state">What the recurrent layers begin with [M, C, S], null for zero.</param>
    /// <param name="y">Receives the outputs.</param>
    /// <param name="workspace">Receives what a backward pass needs, M times <see cref="FusedLayout.PerRow"/> for every column; null where none follows.</param>
    public static void Run(
        LearnerThreads workers, FusedLayout layout, in Batch batch, float* parameters, nint stride, float* x, float* resets, float* state, float* y,
        float* workspace)
    {
        var (all, groups) = (batch, batch.Groups);
        workers.Run(batch.Members * groups, batch.Rows, task =>
        {
            var (member, group) = Math.DivRem(task, groups);
            var own = parameters + member * stride;
            if (workspace == null) RunAlone(layout, all, own, x, resets, state, y, member, group);
            else
            {
                var memory = workspace + (nint)member * layout.PerRow * all.Blocks * all.Width;
                new FusedForward(layout, all, all, own, x, resets, state, y, memory, reuses: false).RunGroup(member, group);
            }
        });
    }

    /// <summary>Without a workspace every block takes the place of the one before it, as if it were the only one of its member.</summary>
    private static void RunAlone(
        FusedLayout layout, in Batch batch, float* parameters, float* x, float* resets, float* state, float* y, int member, int group)
    {
        var scratch = Scratch.Take(layout.PerRow * batch.Width);
        var one = new Batch(1, batch.Width, 1);
        new FusedForward(layout, batch, one, parameters, x, resets, state, y, scratch.Pointer, reuses: true).RunGroup(member, group);
        GC.KeepAlive(scratch);
    }

    private void RunGroup(int member, int group)
    {
        for (var step = 0; step < _batch.Steps; step++) RunBlock(member, group, step);
    }

    private void RunBlock(int member, int group, int step)
    {
        var layers = _layout.Layers;
        var (inputs, outputs, count, width) = (layers[0].Inputs, layers[^1].Outputs, _batch.CountIn(group), _batch.Width);
        var block = _reuses ? 0 : group * _batch.Steps + step;
        var values = _layout.Inputs(_memory, _kept, block);
        GradientKernel.ToColumns(_x + _batch.RowAt(member, group, step, inputs), (nint)_batch.Steps * inputs, count, inputs, values, width);
        var states = 0;
        for (var index = 0; index < layers.Length; index++)
        {
            var own = _layout.Kept(_memory, _kept, index, block);
            if (layers[index].Kind == LayerKind.Gru)
            {
                var size = layers[index].Outputs;
                if (step > 0) new ReadOnlySpan<float>(_layout.Output(_memory, _kept, index, _reuses ? 0 : block - 1), size * width).CopyTo(new Span<float>(own, size * width));
                else if (_state == null) new Span<float>(own, size * width).Clear();
                else GradientKernel.ToColumns(_state + _batch.StateAt(member, group, _layout.States) + states, _layout.States, count, size, own, width);
                if (_resets != null) Keep(_resets + (nint)group * width * _batch.Steps + step, _batch, group, size, own);
                states += size;
            }

            values = ColumnForward.Layer(layers[index], _parameters, values, own, width);
        }

        GradientKernel.ToRows(values, width, _y + _batch.RowAt(member, group, step, outputs), (nint)_batch.Steps * outputs, count, outputs);
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
