using Madrl.Policies;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Madrl.Learning.Networks.Fused;

/// <summary>
/// A whole network as one operation of libtorch's automatic differentiation, for float32 on the CPU: what
/// <see cref="EagerLayers"/> computes, by the kernels that act, with a backward pass of its own. docs/performance.md tells why.
/// </summary>
internal sealed unsafe class FusedNetwork : SingleTensorFunction<FusedNetwork>
{
    private const string LayoutKey = "layout";

    /// <inheritdoc/>
    public override string Name => nameof(FusedNetwork);

    /// <summary>The outputs [M, C, T, outputs] for <paramref name="x"/> [M, C, T, inputs].</summary>
    /// <param name="layout">The network.</param>
    /// <param name="parameters">[M, P].</param>
    /// <param name="x">The inputs.</param>
    /// <param name="resets">[C, T] or null.</param>
    /// <param name="state">[M, C, S] or null.</param>
    public static Tensor Unroll(FusedLayout layout, Tensor parameters, Tensor x, Tensor? resets, Tensor? state)
    {
        Tensor?[] inputs = [parameters, Tensors.Dense(x), Tensors.Dense(resets), Tensors.Dense(state)];
        return is_grad_enabled() ? apply(layout, inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!) : Compute(layout, inputs, keeps: false, out _);
    }

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var layout = (FusedLayout)vars[0];
        Tensor?[] inputs = [(Tensor)vars[1], (Tensor)vars[2], vars[3] as Tensor, vars[4] as Tensor];
        var outputs = Compute(layout, inputs, keeps: true, out var workspace);
        ctx.save_for_backward([.. inputs!, workspace!]);
        ctx.save_data(LayoutKey, layout);
        return outputs;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (layout, saved) = ((FusedLayout)ctx.get_data(LayoutKey), ctx.get_saved_variables());
        var workspace = saved[4];
        var gradient = Backward(layout, saved[..4], workspace, grad_output, out var dx, out var dState);
        return [null!, gradient!, dx!, null!, dState!];
    }

    /// <summary>The gradients of the parameters [M, P], the inputs and the first state, of those that require one.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="inputs">Parameters, x, resets and state, as of <see cref="Unroll"/>.</param>
    /// <param name="workspace">What <see cref="Compute"/> kept.</param>
    /// <param name="dy">The gradient of the outputs.</param>
    /// <param name="dx">[M, C, T, inputs].</param>
    /// <param name="dState">[M, C, S].</param>
    public static Tensor? Backward(FusedLayout layout, IReadOnlyList<Tensor?> inputs, Tensor workspace, Tensor dy, out Tensor? dx, out Tensor? dState)
    {
        Tensor parameters = inputs[0]!, x = inputs[1]!;
        var (state, batch, size) = (inputs[3], BatchOf(layout, x), parameters.size(1));
        var gradients = parameters.requires_grad ? zeros(batch.Parts, batch.Members, size) : null;
        dx = x.requires_grad ? empty_like(x) : null;
        dState = state?.requires_grad == true ? empty_like(state) : null;
        var dense = Tensors.Dense(dy);
        FusedBackward.Run(
            layout.Workers, layout, batch, Tensors.Data(parameters), (nint)size, Tensors.Data(workspace), Tensors.Data(inputs[2]),
            Tensors.Data(dense), Tensors.Data(gradients), Tensors.Data(dx), firstInput: 0, Tensors.Data(dState));
        KeepAlive(inputs, workspace, dense, gradients);
        return gradients?[0];
    }

    /// <summary>The gradient of the sum of all outputs with respect to the inputs from the given one on [M, C, T, inputs - firstInput].</summary>
    public static Tensor InputGradient(FusedLayout layout, Tensor parameters, Tensor x, int firstInput, out Tensor outputs)
    {
        Tensor?[] inputs = [parameters, Tensors.Dense(x), null, null];
        outputs = Compute(layout, inputs, keeps: true, out var workspace);
        var dy = ones_like(outputs);
        var dx = empty(x.size(0), x.size(1), x.size(2), x.size(3) - firstInput);
        FusedBackward.Run(
            layout.Workers, layout, BatchOf(layout, x), Tensors.Data(parameters), (nint)parameters.size(1), Tensors.Data(workspace), null,
            Tensors.Data(dy), null, Tensors.Data(dx), firstInput, null);
        KeepAlive(inputs, workspace, dy, null);
        return dx;
    }

    /// <summary>The outputs, outside the graph.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="inputs">Parameters, x, resets and state, as of <see cref="Unroll"/>.</param>
    /// <param name="keeps">Whether a backward pass follows.</param>
    /// <param name="workspace">What it needs.</param>
    public static Tensor Compute(FusedLayout layout, Tensor?[] inputs, bool keeps, out Tensor? workspace)
    {
        Tensor parameters = inputs[0]!, x = inputs[1]!;
        var batch = BatchOf(layout, x);
        var outputs = empty(x.size(0), x.size(1), x.size(2), layout.Layers[^1].Outputs);
        var numbers = keeps ? (long)batch.Members * batch.Blocks * batch.Width * layout.PerRow : 0;
        if (numbers * sizeof(float) > int.MaxValue)
            throw new InvalidOperationException($"A pass over {batch.Rows} rows keeps {numbers} numbers, more than 2 GiB: learn from smaller minibatches.");
        workspace = keeps ? empty(numbers) : null;
        FusedForward.Run(
            layout.Workers, layout, batch, Tensors.Data(parameters), (nint)parameters.size(1), Tensors.Data(x), Tensors.Data(inputs[2]), Tensors.Data(inputs[3]),
            Tensors.Data(outputs), Tensors.Data(workspace));
        KeepAlive(inputs, workspace, null, null);
        return outputs;
    }

    /// <summary>Only pointers were in use: without this, whoever made a tensor for the call alone could have it collected within.</summary>
    private static void KeepAlive(IReadOnlyList<Tensor?> inputs, Tensor? workspace, Tensor? dy, Tensor? gradients)
    {
        for (var input = 0; input < inputs.Count; input++) GC.KeepAlive(inputs[input]);
        GC.KeepAlive(workspace);
        GC.KeepAlive(dy);
        GC.KeepAlive(gradients);
    }

    /// <summary>Without recurrent layers every row is a sequence of one step. A tensor's shape as an array would take 150 bytes.</summary>
    private static Batch BatchOf(FusedLayout layout, Tensor x) => layout.States > 0
        ? new Batch((int)x.size(0), (int)x.size(1), (int)x.size(2))
        : new Batch((int)x.size(0), (int)(x.size(1) * x.size(2)), 1);
}
