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
    public static Tensor Unroll(FusedLayout layout, Tensor parameters, Tensor x, Tensor? resets)
    {
        var rows = x.contiguous();
        if (is_grad_enabled()) return apply(layout, parameters, rows, resets?.contiguous()!);
        return Compute(layout, parameters, rows, resets?.contiguous(), keeps: false).Outputs;
    }

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (layout, parameters, x, resets) = ((FusedLayout)vars[0], (Tensor)vars[1], (Tensor)vars[2], vars[3] as Tensor);
        var (outputs, workspace) = Compute(layout, parameters, x, resets, keeps: true);
        ctx.save_for_backward(resets is null ? [parameters, x, workspace!] : [parameters, x, workspace!, resets]);
        ctx.save_data(LayoutKey, layout);
        return outputs;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (layout, saved) = ((FusedLayout)ctx.get_data(LayoutKey), ctx.get_saved_variables());
        var (parameters, x, workspace, resets) = (saved[0], saved[1], saved[2], saved.Count > 3 ? saved[3] : null);
        var dy = grad_output.contiguous();
        var gradient = zeros_like(parameters);
        var dx = x.requires_grad ? empty_like(x) : null;
        FusedBackward.Run(
            layout, BatchOf(layout, x), Tensors.Data(parameters), (nint)parameters.shape[1], Tensors.Data(workspace), Tensors.Data(resets), Tensors.Data(dy), Tensors.Data(gradient), Tensors.Data(dx));
        return [null!, gradient, dx!, null!];
    }

    private static (Tensor Outputs, Tensor? Workspace) Compute(FusedLayout layout, Tensor parameters, Tensor x, Tensor? resets, bool keeps)
    {
        var (shape, batch) = (x.shape, BatchOf(layout, x));
        var outputs = empty([shape[0], shape[1], shape[2], layout.Layers[^1].Outputs]);
        var workspace = keeps ? empty((long)batch.Members * batch.Blocks * batch.Width * layout.PerRow) : null;
        FusedForward.Run(layout, batch, Tensors.Data(parameters), (nint)parameters.shape[1], Tensors.Data(x), Tensors.Data(resets), Tensors.Data(outputs), Tensors.Data(workspace));
        return (outputs, workspace);
    }

    /// <summary>Without recurrent layers every row is a sequence of one step.</summary>
    private static Batch BatchOf(FusedLayout layout, Tensor x)
    {
        var shape = x.shape;
        return layout.States > 0
            ? new Batch((int)shape[0], (int)shape[1], (int)shape[2])
            : new Batch((int)shape[0], (int)(shape[1] * shape[2]), 1);
    }
}
