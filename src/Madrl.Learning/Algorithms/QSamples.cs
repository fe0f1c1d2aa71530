using Madrl.Learning.Networks;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>The episodes that a Q-learner's update goes over: k series of values, n agents' or one of the team.</summary>
/// <param name="Inputs">What the agents see [n, B, T+1, I].</param>
/// <param name="Actions">Actions taken [n, B, T, 1], int64.</param>
/// <param name="Rewards">[k, B, T].</param>
/// <param name="Continues">γ, or 0 at the step that ended the game [B, T].</param>
/// <param name="States">Global states [B, T+1, S].</param>
/// <param name="Forbidden">Which actions may not be taken after each step [n, B, T, A]; null for none.</param>
internal sealed record QSamples(Tensor Inputs, Tensor Actions, Tensor Rewards, Tensor Continues, Tensor States, Tensor? Forbidden)
{
    /// <summary>Value of an action that may not be taken, as in EPyMARL.</summary>
    private const double ForbiddenValue = -9_999_999;

    /// <summary>Steps, T.</summary>
    public long Steps => Actions.size(2);

    /// <summary>Values [n, B, T+1, A] as they are after each step [n, B, T, A]: very low for what may not be done.</summary>
    public Tensor AfterSteps(Tensor values)
    {
        var after = values.narrow(2, 1, Steps);
        return Forbidden is null ? after : after.Filled(Forbidden, ForbiddenValue);
    }
}

/// <summary>What a Q-learner's loss is made of, over all episodes.</summary>
/// <param name="Taken">Values of the actions taken [k, B, T].</param>
/// <param name="Targets">What they should be [k, B, T].</param>
/// <param name="Mask">1 for steps that were taken [B, T].</param>
/// <param name="Total">Sum of the mask over all k series.</param>
internal sealed record TemporalDifferences(Tensor Taken, Tensor Targets, Tensor Mask, Tensor Total)
{
    /// <summary>The mean squared difference, of <paramref name="taken"/> as it stands in the graph [k, B, T].</summary>
    public Tensor Loss(Tensor taken) => ((taken - Targets) * Mask).Squared().sum() / Total;

    /// <summary>What EPyMARL logs; its means of values are once more divided by the number of agents.</summary>
    public IReadOnlyDictionary<string, Tensor> Measure(Tensor loss, Tensor gradientNorm, int agents)
    {
        using var differences = Taken - Targets;
        using var errors = differences.abs();
        return new Dictionary<string, Tensor>(5)
        {
            ["loss"] = loss.detach(),
            ["grad_norm"] = gradientNorm,
            ["td_error_abs"] = Mean(errors, 1),
            ["q_taken_mean"] = Mean(Taken, agents),
            ["target_mean"] = Mean(Targets, agents),
        };

        Tensor Mean(Tensor values, int over)
        {
            using var masked = values * Mask;
            using var sum = masked.sum();
            using var share = sum.Over(over);
            return share / Total;
        }
    }
}
