using Madrl.Learning.Networks.Fused;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// Adam on one flat parameter tensor: Kingma and Ba, ICLR 2015, algorithm 1, with bias correction and ε outside the root
/// (PyTorch's form).
/// </summary>
public sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    private readonly Tensor _parameters;
    private readonly double _epsilon;

    /// <summary>An optimiser with empty state.</summary>
    /// <param name="parameters">The parameters, changed in place; the caller keeps them.</param>
    /// <param name="epsilon">ε.</param>
    public Adam(Tensor parameters, double epsilon)
    {
        _parameters = parameters;
        _epsilon = epsilon;
        FirstMoment = zeros_like(parameters).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters).DetachFromDisposeScope();
    }

    /// <summary>Running mean of the gradient, shaped like the parameters.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of the squared gradient, shaped like the parameters.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>One step.</summary>
    /// <param name="gradient">Shaped like the parameters.</param>
    /// <param name="learningRate">Step size α.</param>
    public void Step(Tensor gradient, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (gradient.NumberOfElements != _parameters.NumberOfElements)
            throw Shapes.Unfit(nameof(Adam), Shapes.Text(_parameters.shape), gradient, nameof(gradient));
        Steps++;
        var (step, correction) = (learningRate / (1 - Math.Pow(Beta1, Steps)), Math.Sqrt(1 - Math.Pow(Beta2, Steps)));
        if (Tensors.IsPlain(_parameters) && Tensors.IsPlain(gradient))
        {
            unsafe
            {
                var rates = new AdamRates(
                    (float)Beta1, (float)(1 - Beta1), (float)Beta2, (float)(1 - Beta2), (float)_epsilon, (float)step, (float)(1 / correction));
                FlatKernel.Adam(
                    Tensors.Data(_parameters), Tensors.Data(gradient), Tensors.Data(FirstMoment), Tensors.Data(SecondMoment), (nint)gradient.NumberOfElements, rates);
            }

            GC.KeepAlive(gradient);
            return;
        }

        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        FirstMoment.TimesInPlace(Beta1).PlusInPlace(gradient, 1 - Beta1);
        SecondMoment.TimesInPlace(Beta2).PlusProductInPlace(gradient, gradient, 1 - Beta2);
        _parameters.PlusQuotientInPlace(FirstMoment, SecondMoment.sqrt().Over(correction).PlusInPlace(_epsilon), -step);
    }

    /// <summary>
    /// Scales a gradient so that its 2-norm is at most <paramref name="limit"/>, in place.
    /// </summary>
    /// <returns>The norm before, as a scalar tensor: reading it is left to the caller.</returns>
    public static Tensor ClipNorm(Tensor gradient, double limit)
    {
        if (Tensors.IsPlain(gradient))
        {
            unsafe
            {
                var size = FlatKernel.Norm(Tensors.Data(gradient), (nint)gradient.NumberOfElements);

                // Written so that a norm that is no number makes the gradient so too, to be found.
                if (!(size + 1e-6 <= limit)) FlatKernel.Scale(Tensors.Data(gradient), (nint)gradient.NumberOfElements, (float)(limit / (size + 1e-6)));
                GC.KeepAlive(gradient);
                return tensor((float)size);
            }
        }

        var norm = gradient.norm();
        gradient.mul_(norm.Plus(1e-6).reciprocal().Times(limit).AtMost(1));
        return norm;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
