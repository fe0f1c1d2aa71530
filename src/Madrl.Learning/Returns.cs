using Madrl.Learning.Networks;
using static TorchSharp.torch;

namespace Madrl.Learning;

/// <summary>Returns and advantages over batches of episodes [n, B, T].</summary>
public static class Returns
{
    /// <summary>
    /// Generalised advantage estimates (Schulman et al., ICLR 2016, equation 16). An episode cut off at its limit is
    /// continued by the value of what was seen last; one that terminated is not.
    /// </summary>
    /// <param name="rewards">[n, B, T].</param>
    /// <param name="values">[n, B, T+1], in the units of the rewards.</param>
    /// <param name="mask">1 for steps that were taken [B, T].</param>
    /// <param name="terminated">1 for the step that ended the game [B, T].</param>
    /// <param name="discount">γ.</param>
    /// <param name="lambda">λ.</param>
    /// <returns>Advantages [n, B, T], zero where the mask is zero.</returns>
    public static Tensor GeneralisedAdvantages(Tensor rewards, Tensor values, Tensor mask, Tensor terminated, double discount, double lambda)
    {
        using var scope = NewDisposeScope();
        var steps = mask.shape[1];
        var continues = terminated.Complement();
        var advantages = new Tensor[steps];
        var next = zeros_like(rewards.select(2, 0));
        for (var t = steps - 1; t >= 0; t--)
        {
            var ahead = continues.select(1, t).Times(discount);
            var delta = rewards.select(2, t).Plus(values.select(2, t + 1) * ahead) - values.select(2, t);
            next = delta.Plus((next * ahead).Times(lambda)) * mask.select(1, t);
            advantages[t] = next;
        }

        return stack(advantages, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// EPyMARL's n-step returns: up to <paramref name="length"/> rewards, then the discounted value. The value after the
    /// very last step counts only with <paramref name="addLastValue"/>, and then unmasked, as there.
    /// </summary>
    /// <param name="rewards">[n, B, T].</param>
    /// <param name="values">Of the target critic [n, B, T+1].</param>
    /// <param name="mask">[B, T].</param>
    /// <param name="length">n-step length N, at least 1.</param>
    /// <param name="discount">γ.</param>
    /// <param name="addLastValue">Whether the value after step T-1 is added.</param>
    /// <returns>[n, B, T].</returns>
    public static Tensor NStep(Tensor rewards, Tensor values, Tensor mask, int length, double discount, bool addLastValue)
    {
        using var scope = NewDisposeScope();
        var steps = (int)mask.shape[1];
        var returns = new Tensor[steps];
        for (var t = 0; t < steps; t++)
        {
            var sum = zeros_like(rewards.select(2, 0));
            for (var k = 0; k <= length && t + k < steps; k++)
            {
                var u = t + k;
                if (k == length)
                {
                    sum = sum.Plus(values.select(2, u).Times(Math.Pow(discount, k)) * mask.select(1, u));
                    break;
                }

                sum = sum.Plus(rewards.select(2, u).Times(Math.Pow(discount, k)) * mask.select(1, u));
                if (u == steps - 1 && addLastValue) sum = sum.Plus(values.select(2, u + 1).Times(Math.Pow(discount, k + 1)));
            }

            returns[t] = sum;
        }

        return stack(returns, 2).MoveToOuterDisposeScope();
    }
}
