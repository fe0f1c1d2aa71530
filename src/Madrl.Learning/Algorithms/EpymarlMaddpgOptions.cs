using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// Settings of MADDPG with <c>fidelity=epymarl</c>. Defaults: EPyMARL's <c>maddpg.yaml</c> (commit cbc38c0) over its
/// <c>default.yaml</c>; one update per episode once there are enough for a batch.
/// </summary>
public sealed record EpymarlMaddpgOptions : LearnerOptions
{
    /// <summary>Which program's update.</summary>
    [Description("whose update: this project's, or EPyMARL's number by number")]
    public Fidelity Fidelity { get; init; } = Fidelity.Epymarl;

    /// <summary>Adam's step size for actor and critic.</summary>
    [Range(1e-8, 1.0), Description("Adam's step size, for actor and critic")]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Episodes per update.</summary>
    [Range(1, 65_536), Description("episodes per update")]
    public int Batch { get; init; } = 32;

    /// <summary>Episodes that are kept.</summary>
    [Range(1, 10_000_000), Description("episodes that are kept for replay")]
    public int Capacity { get; init; } = 50_000;

    /// <summary>γ.</summary>
    [Range(0.0, 1.0), Description("discount γ")]
    public double Discount { get; init; } = 0.99;

    /// <summary>Above 1: updates between hard copies of the networks; up to 1: the soft update's rate.</summary>
    [Range(1e-6, 1e6), Description("above 1: updates between copies to the target networks; up to 1: soft update rate")]
    public double TargetUpdate { get; init; } = 0.01;

    /// <summary>Weight of the mean squared logit in the policy's loss.</summary>
    [Range(0.0, 1e3), Description("weight of the mean squared logit in the policy's loss")]
    public double Regularisation { get; init; } = 1e-3;

    /// <summary>Whether rewards are standardised by running statistics.</summary>
    [Description("standardise rewards by running statistics")]
    public bool StandardiseRewards { get; init; } = true;

    /// <summary>Whether every agent is given the sum of all rewards.</summary>
    [Description("give every agent the sum of all rewards")]
    public bool CommonReward { get; init; } = true;

    /// <summary>Largest 2-norm of a network's gradient.</summary>
    [Range(1e-6, 1e6), Description("largest norm of a network's gradient")]
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>Size of the two hidden layers.</summary>
    [Range(1, 1024), Description("size of the two hidden layers")]
    public int Hidden { get; init; } = 128;

    /// <summary>Whether the agents share one actor and one critic, telling them apart by a one-hot id.</summary>
    [Description("one actor and critic for all agents, with a one-hot agent id")]
    public bool ShareParameters { get; init; } = true;
}
