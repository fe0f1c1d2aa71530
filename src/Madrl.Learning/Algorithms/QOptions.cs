using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Madrl.Learning.Algorithms;

/// <summary>How the agents' values become what is learnt.</summary>
public enum ValueMixing
{
    /// <summary>Not at all: every agent learns its own (IQL: Tan, ICML 1993).</summary>
    None,

    /// <summary>Their sum is the team's value (VDN: Sunehag et al. 2018).</summary>
    Sum,

    /// <summary>A monotonic function of them that depends on the state is the team's value (QMIX: Rashid et al. 2018).</summary>
    Monotonic,
}

/// <summary>
/// Settings of IQL, VDN and QMIX. Defaults: EPyMARL's <c>qmix.yaml</c> over its <c>default.yaml</c>, with the replay and the
/// recurrent agent of its <c>iql.yaml</c>; one update per episode once there are enough for a batch.
/// </summary>
public sealed record QOptions : LearnerOptions
{
    /// <summary>Adam's step size.</summary>
    [Range(1e-8, 1.0), Description("Adam's step size")]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Episodes per update.</summary>
    [Range(1, 65_536), Description("episodes per update")]
    public int Batch { get; init; } = 32;

    /// <summary>Episodes that are kept.</summary>
    [Range(1, 10_000_000), Description("episodes that are kept for replay")]
    public int Capacity { get; init; } = 5_000;

    /// <summary>γ.</summary>
    [Range(0.0, 1.0), Description("discount γ")]
    public double Discount { get; init; } = 0.99;

    /// <summary>Whether the online network picks the action that the target network values (van Hasselt et al. 2016).</summary>
    [Description("double Q: the online network picks the action that the target network values")]
    public bool DoubleQ { get; init; } = true;

    /// <summary>Above 1: updates between hard copies of the networks; up to 1: the soft update's rate.</summary>
    [Range(1e-6, 1e6), Description("above 1: updates between copies to the target networks; up to 1: soft update rate")]
    public double TargetUpdate { get; init; } = 200;

    /// <summary>Whether rewards are standardised by running statistics.</summary>
    [Description("standardise rewards by running statistics")]
    public bool StandardiseRewards { get; init; } = true;

    /// <summary>Whether targets are standardised by running statistics, which take in padding too.</summary>
    [Description("standardise targets by running statistics")]
    public bool StandardiseReturns { get; init; }

    /// <summary>Whether every agent is given the sum of all rewards.</summary>
    [Description("give every agent the sum of all rewards (always so with vdn and qmix)")]
    public bool CommonReward { get; init; } = true;

    /// <summary>Largest 2-norm of the gradient of agents and mixer together.</summary>
    [Range(1e-6, 1e6), Description("largest norm of the gradient of agents and mixer together")]
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>Size of an agent's two hidden layers.</summary>
    [Range(1, 1024), Description("size of an agent's two hidden layers")]
    public int Hidden { get; init; } = 64;

    /// <summary>Whether the agents have a recurrent layer, and so a memory of the episode.</summary>
    [Description("agents with a recurrent layer: they remember the episode")]
    public bool Recurrent { get; init; } = true;

    /// <summary>Whether an agent sees its own previous action.</summary>
    [Description("an agent sees its own previous action, one-hot")]
    public bool LastAction { get; init; }

    /// <summary>Whether the agents share one network, telling them apart by a one-hot id.</summary>
    [Description("one network for all agents, with a one-hot agent id")]
    public bool ShareParameters { get; init; } = true;

    /// <summary>Hidden size of the mixing network.</summary>
    [Range(1, 1024), Description("hidden size of the mixing network (qmix only)")]
    public int MixerHidden { get; init; } = 32;

    /// <summary>Linear layers of the hypernetworks of the mixing weights.</summary>
    [Range(1, 2), Description("linear layers of the hypernetworks of the mixing weights (qmix only)")]
    public int HypernetLayers { get; init; } = 2;

    /// <summary>Hidden size of the hypernetworks of two layers.</summary>
    [Range(1, 1024), Description("hidden size of the hypernetworks of two layers (qmix only)")]
    public int HypernetHidden { get; init; } = 64;
}
