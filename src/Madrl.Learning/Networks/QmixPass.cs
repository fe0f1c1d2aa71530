using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// A pass of <see cref="QmixMixer"/> whose gradients will be asked for. As with <see cref="NetworkPass"/>, its output is where the
/// graph of libtorch begins, and the way back is taken once, without the graph's expense.
/// </summary>
public sealed class QmixPass
{
    private readonly QmixMixer _mixer;
    private readonly Tensor _values;
    private readonly NetworkPass[] _passes;
    private readonly Tensor[] _outputs;
    private readonly Tensor? _graph;

    internal QmixPass(QmixMixer mixer, Tensor values, NetworkPass[] passes, long[] shape)
    {
        (_mixer, _values, _passes, _outputs) = (mixer, values, passes, Array.ConvertAll(passes, pass => pass.Outputs));
        if (!mixer.IsFused(values)) _graph = mixer.Formula(_values.requires_grad_(), _outputs);
        Output = (_graph?.detach() ?? mixer.Mix(_values, _outputs)).view(shape).requires_grad_();
    }

    /// <summary>Q_tot […], a leaf of the graph.</summary>
    public Tensor Output { get; }

    /// <summary>Gradients for a gradient of <see cref="Output"/>.</summary>
    /// <param name="output">The gradient […].</param>
    /// <param name="values">Receives those of the agents' values [rows, n].</param>
    /// <returns>Those of the parameters, in parts [1, P] as they lie one after another in the mixer's flat tensor.</returns>
    /// <exception cref="ArgumentException">The gradient has another shape or type than the output.</exception>
    public Tensor[] Backward(Tensor output, out Tensor values)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.dim() != Output.dim() || !Shapes.Agree(output, Output, output.dim()) || output.dtype != Output.dtype)
            throw Shapes.Unfit("The pass", $"{Shapes.Text(Output.shape)} of {Output.dtype}", output, nameof(output));
        var gradients = _graph is null
            ? _mixer.Backward(_values, _outputs, output)
            : [.. autograd.grad([_graph], [_values, .. _outputs], [output.view_as(_graph)])];
        values = gradients[0];
        var parameters = new Tensor[_passes.Length];
        for (var part = 0; part < parameters.Length; part++)
        {
            parameters[part] = _passes[part].Backward(gradients[part + 1]);
            gradients[part + 1].Dispose();
        }

        return parameters;
    }
}
