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
        Steps++;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        FirstMoment.TimesInPlace(Beta1).PlusInPlace(gradient, 1 - Beta1);
        SecondMoment.TimesInPlace(Beta2).PlusProductInPlace(gradient, gradient, 1 - Beta2);
        var denominator = SecondMoment.sqrt().Over(Math.Sqrt(1 - Math.Pow(Beta2, Steps))).PlusInPlace(_epsilon);
        _parameters.PlusQuotientInPlace(FirstMoment, denominator, -learningRate / (1 - Math.Pow(Beta1, Steps)));
    }

    /// <summary>
    /// Scales a gradient so that its 2-norm is at most <paramref name="limit"/>, in place.
    /// </summary>
    /// <returns>The norm before, as a scalar tensor: reading it is left to the caller.</returns>
    public static Tensor ClipNorm(Tensor gradient, double limit)
    {
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
