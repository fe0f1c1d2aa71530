using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Networks.Fused;

/// <summary>
/// The backward pass of one member: block by block from the last step to the first, and in each from the last layer to the
/// first. What the parameters' gradients are made from is gathered over several blocks before it is summed, because a long
/// sum costs no more to begin and to end than a short one.
/// </summary>
internal readonly unsafe ref struct FusedBackward
{
    /// <summary>Rows that are gathered before they are summed.</summary>
    private const int GatheredRows = 1024;

    private readonly FusedLayout _layout;
    private readonly Batch _batch;
    private readonly float* _parameters;
    private readonly float* _kept;
    private readonly float* _resets;
    private readonly float* _gradient;
    private readonly float* _dState;
    private readonly float* _gathered;
    private readonly float* _carried;
    private readonly float* _flowing;
    private readonly int _slots;
    private readonly int _firstInput;

    private FusedBackward(FusedLayout layout, in Batch batch, float* parameters, float* kept, float* resets, float* gradient, float* dState, float* scratch,
        int slots, int firstInput)
    {
        (_layout, _batch, _slots, _firstInput) = (layout, batch, slots, firstInput);
        _parameters = parameters;
        _kept = kept;
        _resets = resets;
        _gradient = gradient;
        _dState = dState;
        _gathered = scratch;
        _carried = _gathered + (nint)layout.GradientsPerRow * slots * batch.Width;
        _flowing = _carried + layout.States * batch.Width;
    }

    /// <summary>Writes the gradients of the parameters, and those of the inputs.</summary>
    /// <param name="workers">The threads that share the parts.</param>
    /// <param name="layout">The network.</param>
    /// <param name="batch">M, C and T.</param>
    /// <param name="parameters">[M, P].</param>
    /// <param name="stride">P.</param>
    /// <param name="workspace">What <see cref="FusedForward"/> kept.</param>
    /// <param name="resets">[C, T], null for none.</param>
    /// <param name="dy">[M, C, T, outputs].</param>
    /// <param name="gradients">Zeros [parts, M, P]; part 0 receives the sum over the parts. Null where it is not wanted.</param>
    /// <param name="dx">Receives [M, C, T, inputs - firstInput]; null where it is not wanted.</param>
    /// <param name="firstInput">The first of the inputs whose gradients are wanted; 0 unless the first layer is linear.</param>
    /// <param name="dState">Receives the gradient of what the recurrent layers began with [M, C, S]; null where it is not wanted.</param>
    public static void Run(
        LearnerThreads workers, FusedLayout layout, in Batch batch, float* parameters, nint stride, float* workspace, float* resets, float* dy,
        float* gradients, float* dx, int firstInput, float* dState)
    {
        var (all, parts) = (batch, batch.Parts);
        workers.Run(batch.Members * parts, batch.Rows, task =>
        {
            var (member, part) = Math.DivRem(task, parts);
            var kept = workspace + (nint)member * layout.PerRow * all.Blocks * all.Width;
            var gradient = gradients == null ? null : gradients + ((nint)part * all.Members + member) * stride;
            var slots = gradients == null ? 1 : Math.Clamp(GatheredRows / all.Width, 1, all.Blocks);
            var scratch = Scratch.Take((layout.GradientsPerRow * slots + layout.States + layout.Widest) * all.Width);
            new FusedBackward(layout, all, parameters + member * stride, kept, resets, gradient, dState, scratch.Pointer, slots, firstInput).RunPart(member, part, dy, dx);
            GC.KeepAlive(scratch);
        });
        if (gradients == null) return;
        for (var part = 1; part < parts; part++) FlatKernel.Add(gradients, gradients + part * batch.Members * stride, batch.Members * stride);
    }

    private void RunPart(int member, int part, float* dy, float* dx)
    {
        var (first, end) = _batch.GroupsOf(part);
        var (lowest, gathered) = (first * _batch.Steps, 0);
        for (var block = end * _batch.Steps - 1; block >= lowest; block--)
        {
            var (group, step) = Math.DivRem(block, _batch.Steps);
            if (step == _batch.Steps - 1) new Span<float>(_carried, _layout.States * _batch.Width).Clear();
            RunBlock(member, group, step, block, dy, dx);
            if (step == 0 && _dState != null) LeaveState(member, group);
            gathered++;
            if (_gradient == null || (block % _slots != 0 && block != lowest)) continue;
            Sum(block, gathered);
            gathered = 0;
        }
    }

    private void RunBlock(int member, int group, int step, int block, float* dy, float* dx)
    {
        var layers = _layout.Layers;
        var (last, width) = (layers.Length - 1, _batch.Width);
        var (count, outputs) = (_batch.CountIn(group), layers[last].Outputs);
        var flow = Target(last, block);
        GradientKernel.ToColumns(dy + _batch.RowAt(member, group, step, outputs), (nint)_batch.Steps * outputs, count, outputs, flow, width);
        if (layers[last].Activation == Activation.Relu) ColumnGradients.Gate(flow, Output(last, block), outputs * width);
        for (var index = last; index >= 0; index--)
        {
            if (layers[index].Activation == Activation.Tanh) ColumnGradients.Tanh(flow, Output(index, block), layers[index].Outputs * width);
            var below = index == 0 && dx == null ? null : Target(index - 1, block);
            var gate = index > 0 && layers[index - 1].Activation == Activation.Relu ? Output(index - 1, block) : null;
            Layer(index, group, step, block, flow, below, gate);
            flow = below;
        }

        if (dx == null) return;
        var inputs = layers[0].Inputs - _firstInput;
        GradientKernel.ToRows(flow, width, dx + _batch.RowAt(member, group, step, inputs), (nint)_batch.Steps * inputs, count, inputs);
    }

    /// <summary>From the gradient of a layer's output (before its activation) to what is gathered, and to that of its input.</summary>
    private void Layer(int index, int group, int step, int block, float* flow, float* below, float* gate)
    {
        var (layer, width) = (_layout.Layers[index], _batch.Width);
        float* own = _parameters + layer.Parameters, gathered = Gathered(index, block);
        var form = new ProductForm { Gate = gate };
        switch (layer.Kind)
        {
            case LayerKind.Gru:
                RecurrentLayer(index, group, step, block, flow, gathered);
                if (below != null) MatrixKernel.Multiply(own, 1, layer.Inputs, gathered, below, layer.Inputs, 3 * layer.Outputs, width, form);
                break;
            case LayerKind.LayerNorm:
                ColumnGradients.LayerNorm(own, _layout.Input(_kept, _batch, index, block, out _), flow, gathered, below, layer.Outputs, width);
                if (gate != null) ColumnGradients.Gate(below, gate, layer.Inputs * width);
                break;
            default:
                var first = index == 0 ? _firstInput : 0;
                if (below != null) MatrixKernel.Multiply(own + first, 1, layer.Inputs, flow, below, layer.Inputs - first, layer.Outputs, width, form);
                break;
        }
    }

    /// <summary>The gradients of a recurrent layer's gates, and what flows on to the step before.</summary>
    private void RecurrentLayer(int index, int group, int step, int block, float* flow, float* gates)
    {
        var (layer, width) = (_layout.Layers[index], _batch.Width);
        var size = layer.Outputs;
        float* carried = Carried(index), weightHidden = _parameters + layer.Parameters + 3 * size * layer.Inputs;
        ColumnGradients.Gru(_layout.Kept(_kept, _batch, index, block), flow, carried, gates, size * width);
        if (step == 0 && _dState == null) return;
        var adds = new ProductForm { Adds = true };
        MatrixKernel.Multiply(weightHidden, 1, size, gates, carried, size, 2 * size, width, adds);
        MatrixKernel.Multiply(weightHidden + 2 * size * size, 1, size, gates + 3 * size * width, carried, size, size, width, adds);
        if (_resets != null) FusedForward.Keep(_resets + (nint)group * width * _batch.Steps + step, _batch, group, size, carried);
    }

    private void LeaveState(int member, int group)
    {
        var (states, at) = (_layout.States, _batch.StateAt(member, group, _layout.States));
        GradientKernel.ToRows(_carried, _batch.Width, _dState + at, states, _batch.CountIn(group), states);
    }

    /// <summary>Adds what was gathered from blocks first … first + count - 1 to the gradients of the parameters.</summary>
    private void Sum(int first, int count)
    {
        for (var index = 0; index < _layout.Layers.Length; index++)
        {
            var (layer, width) = (_layout.Layers[index], _batch.Width);
            var size = layer.Outputs;
            var x = _layout.Input(_kept, _batch, index, first, out var xStride);
            float* dy = Gathered(index, first), weight = _gradient + layer.Parameters, bias = weight + layer.BiasAt;
            var blocks = new Blocks(count, width, (nint)FusedLayout.GradientRows(layer) * width, xStride);
            switch (layer.Kind)
            {
                case LayerKind.Gru:
                    float* weightHidden = weight + 3 * size * layer.Inputs, candidate = dy + 3 * size * width;
                    var h = _layout.Kept(_kept, _batch, index, first);
                    var fromStates = blocks with { XStride = (nint)layer.Kept * width };
                    GradientKernel.Outer(dy, x, weight, 3 * size, layer.Inputs, blocks);
                    GradientKernel.Outer(dy, h, weightHidden, 2 * size, size, fromStates);
                    GradientKernel.Outer(candidate, h, weightHidden + 2 * size * size, size, size, fromStates);
                    GradientKernel.Sum(dy, bias, 3 * size, blocks);
                    GradientKernel.Sum(dy, bias + 3 * size, 2 * size, blocks);
                    GradientKernel.Sum(candidate, bias + 5 * size, size, blocks);
                    break;
                case LayerKind.LayerNorm:
                    GradientKernel.Sum(dy + size * width, weight, size, blocks);
                    GradientKernel.Sum(dy, bias, size, blocks);
                    break;
                default:
                    GradientKernel.Outer(dy, x, weight, size, layer.Inputs, blocks);
                    GradientKernel.Sum(dy, bias, size, blocks);
                    break;
            }
        }
    }

    /// <summary>Where the gradient of a layer's output goes: to where it is gathered, unless the layer makes more of it; of the inputs (-1) nowhere else.</summary>
    private float* Target(int index, int block) =>
        index >= 0 && _layout.Layers[index].Kind == LayerKind.Linear ? Gathered(index, block) : _flowing;

    private float* Gathered(int index, int block)
    {
        nint before = 0;
        for (var i = 0; i < index; i++) before += FusedLayout.GradientRows(_layout.Layers[i]);
        return _gathered + (before * _slots + block % _slots * (nint)FusedLayout.GradientRows(_layout.Layers[index])) * _batch.Width;
    }

    private float* Carried(int index)
    {
        var before = 0;
        for (var i = 0; i < index; i++) before += _layout.Layers[i].Kind == LayerKind.Gru ? _layout.Layers[i].Outputs : 0;
        return _carried + before * _batch.Width;
    }

    private float* Output(int index, int block) => _layout.Output(_kept, _batch, index, block);
}
