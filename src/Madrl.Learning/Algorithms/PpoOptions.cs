using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Policies;

namespace Madrl.Learning.Algorithms;

/// <summary>Which program's update a learner performs.</summary>
public enum Fidelity
{
    /// <summary>This project's preset: what learns best and fastest.</summary>
    Madrl,

    /// <summary>EPyMARL's update, number by number.</summary>
    Epymarl,
}

/// <summary>
/// Settings of MAPPO and IPPO. The defaults follow Yu et al. 2022 (table of MPE hyperparameters: 10 epochs, 1 minibatch,
/// clip 0.2, entropy 0.01, γ 0.99, λ 0.95, gradient norm 10, value normalisation, Adam ε 1e-5, output gain 0.01); where
/// they differ, docs/algorithms.md says why and by how much it helped.
/// </summary>
public sealed record PpoOptions : LearnerOptions
{
    /// <summary>Which program's update.</summary>
    [Description("whose update: this project's, or EPyMARL's number by number")]
    public Fidelity Fidelity { get; init; } = Fidelity.Madrl;

    /// <summary>Adam's step size for actor and critic.</summary>
    [Range(1e-8, 1.0), Description("Adam's step size, for actor and critic")]
    public double LearningRate { get; init; } = 4e-3;

    /// <summary>Whether the step size falls linearly to zero over the run.</summary>
    [Description("let the step size fall linearly to zero over the run")]
    public bool Anneal { get; init; } = true;

    /// <summary>Passes over the rollouts of an iteration.</summary>
    [Range(1, 100), Description("passes over the rollouts of an iteration")]
    public int Epochs { get; init; } = 10;

    /// <summary>Minibatches of whole episodes per pass.</summary>
    [Range(1, 1024), Description("minibatches of whole episodes per pass")]
    public int Minibatches { get; init; } = 1;

    /// <summary>ε of the clipped surrogate.</summary>
    [Range(0.001, 1.0), Description("clip range of the probability ratio")]
    public double Clip { get; init; } = 0.2;

    /// <summary>Weight of the entropy bonus.</summary>
    [Range(0.0, 1.0), Description("weight of the entropy bonus")]
    public double Entropy { get; init; } = 0.01;

    /// <summary>γ.</summary>
    [Range(0.0, 1.0), Description("discount γ")]
    public double Discount { get; init; } = 0.95;

    /// <summary>λ of the generalised advantages.</summary>
    [Range(0.0, 1.0), Description("λ of the generalised advantages")]
    public double Lambda { get; init; } = 0.95;

    /// <summary>Largest 2-norm of a network's gradient.</summary>
    [Range(1e-6, 1e6), Description("largest norm of a network's gradient")]
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>Size of the two hidden layers.</summary>
    [Range(1, 1024), Description("size of the two hidden layers")]
    public int Hidden { get; init; } = 64;

    /// <summary>Activation of the hidden layers.</summary>
    [Description("activation of the hidden layers")]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the agents share one actor, telling them apart by a one-hot id.</summary>
    [Description("one actor for all agents, with a one-hot agent id")]
    public bool ShareParameters { get; init; } = true;
}

/// <summary>
/// Settings of MAPPO and IPPO with <c>fidelity=epymarl</c>. Defaults: EPyMARL's tuned values for the Multi-Particle
/// Environments (Papoudakis et al., NeurIPS 2021 Datasets and Benchmarks, appendix).
/// </summary>
public sealed record EpymarlPpoOptions : LearnerOptions
{
    /// <summary>Which program's update.</summary>
    [Description("whose update: this project's, or EPyMARL's number by number")]
    public Fidelity Fidelity { get; init; } = Fidelity.Epymarl;

    /// <summary>Adam's step size for actor and critic.</summary>
    [Range(1e-8, 1.0), Description("Adam's step size, for actor and critic")]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Passes over the rollouts of an iteration.</summary>
    [Range(1, 100), Description("passes over the rollouts of an iteration")]
    public int Epochs { get; init; } = 4;

    /// <summary>ε of the clipped surrogate.</summary>
    [Range(0.001, 1.0), Description("clip range of the probability ratio")]
    public double Clip { get; init; } = 0.2;

    /// <summary>Weight of the entropy bonus.</summary>
    [Range(0.0, 1.0), Description("weight of the entropy bonus")]
    public double Entropy { get; init; } = 0.01;

    /// <summary>γ.</summary>
    [Range(0.0, 1.0), Description("discount γ")]
    public double Discount { get; init; } = 0.99;

    /// <summary>Rewards before the target critic's value.</summary>
    [Range(1, 1000), Description("rewards in a return before the target critic's value")]
    public int NStep { get; init; } = 5;

    /// <summary>Whether the value after the last step of a full-length episode counts.</summary>
    [Description("add the value after the last step")]
    public bool AddValueLastStep { get; init; } = true;

    /// <summary>Above 1: iterations between hard copies of the critic; up to 1: the soft update's rate.</summary>
    [Range(1e-6, 1e6), Description("above 1: updates between copies to the target critic; up to 1: soft update rate")]
    public double TargetUpdate { get; init; } = 0.01;

    /// <summary>Whether rewards are standardised by running statistics.</summary>
    [Description("standardise rewards by running statistics")]
    public bool StandardiseRewards { get; init; } = true;

    /// <summary>Whether returns are standardised by running statistics.</summary>
    [Description("standardise returns by running statistics")]
    public bool StandardiseReturns { get; init; }

    /// <summary>Whether every agent is given the sum of all rewards.</summary>
    [Description("give every agent the sum of all rewards")]
    public bool CommonReward { get; init; } = true;

    /// <summary>Largest 2-norm of a network's gradient.</summary>
    [Range(1e-6, 1e6), Description("largest norm of a network's gradient")]
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>Size of the two hidden layers.</summary>
    [Range(1, 1024), Description("size of the two hidden layers")]
    public int Hidden { get; init; } = 64;

    /// <summary>Whether the agents share one actor and one critic, telling them apart by a one-hot id.</summary>
    [Description("one actor and critic for all agents, with a one-hot agent id")]
    public bool ShareParameters { get; init; } = true;
}
