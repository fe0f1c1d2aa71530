using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// A Gaussian squashed into (-1, 1): a = tanh(u), u = mean + exp(log_std)·ε (Haarnoja et al., ICML 2018, appendix C).
/// </summary>
public static class TanhGaussian
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>
    /// Actions for given noise, with their log-densities; gradients pass through both (the reparametrised sample). The density of
    /// u is corrected by log(1 - tanh² u), computed as 2(log 2 - u - softplus(-2u)): exact also where tanh u rounds to ±1.
    /// </summary>
    /// <param name="mean">[…, A].</param>
    /// <param name="logDeviation">log_std, broadcast to […, A].</param>
    /// <param name="noise">ε, standard normal […, A].</param>
    /// <returns>u and a, both […, A], and log π(a) […], summed over the A dimensions.</returns>
    public static (Tensor PreTanh, Tensor Action, Tensor LogProbability) Sample(Tensor mean, Tensor logDeviation, Tensor noise)
    {
        var preTanh = mean.Plus(logDeviation.exp() * noise);

        // (u - mean) / std is the noise itself. -softplus(-2u) = log sigmoid(2u).
        var density = (noise.Squared().Times(-0.5) - logDeviation).Plus(-HalfLogTwoPi);
        var correction = (preTanh.Times(2).log_sigmoid() - preTanh).Plus(Math.Log(2)).Times(2);
        return (preTanh, preTanh.tanh(), (density - correction).sum(-1));
    }
}
