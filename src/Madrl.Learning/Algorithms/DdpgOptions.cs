using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Policies;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// Settings of MADDPG and IDDPG. The defaults are those of Lowe et al.'s program (<c>openai/maddpg</c>: batch 1024, an update
/// every 100 steps from 25,600 on, γ 0.95, τ 0.01, 64 hidden units, gradient norm 0.5, logit penalty 0.001, replay of a
/// million) but for the step size, 0.01 there and not annealed; docs/algorithms.md says why.
/// </summary>
public sealed record DdpgOptions : LearnerOptions
{
    /// <summary>Which program's update.</summary>
    [Description("whose update: this project's, or EPyMARL's number by number (maddpg only)")]
    public Fidelity Fidelity { get; init; } = Fidelity.Madrl;

    /// <summary>Adam's step size for actor and critic.</summary>
    [Range(1e-8, 1.0), Description("Adam's step size, for actor and critic")]
    public double LearningRate { get; init; } = 5e-3;

    /// <summary>Whether the step size falls linearly to zero over the run.</summary>
    [Description("let the step size fall linearly to zero over the run")]
    public bool Anneal { get; init; } = true;

    /// <summary>Environment steps per update.</summary>
    [Range(1, 1_000_000), Description("environment steps per update")]
    public int UpdateEvery { get; init; } = 100;

    /// <summary>Transitions per update.</summary>
    [Range(1, 65_536), Description("transitions per update")]
    public int Batch { get; init; } = 1024;

    /// <summary>Whether every agent learns from a batch of its own, as in Lowe et al.'s program, or all from one.</summary>
    [Description("a batch of its own for every agent, as in Lowe et al.'s program, rather than one for all: n times the work for the same data")]
    public bool BatchPerAgent { get; init; }

    /// <summary>Transitions that are kept.</summary>
    [Range(1, 1_000_000_000), Description("transitions that are kept for replay")]
    public int Capacity { get; init; } = 1_000_000;

    /// <summary>Environment steps before learning begins.</summary>
    [Range(0, 1_000_000_000), Description("environment steps before learning begins")]
    public int WarmUp { get; init; } = 25_600;

    /// <summary>γ.</summary>
    [Range(0.0, 1.0), Description("discount γ")]
    public double Discount { get; init; } = 0.95;

    /// <summary>τ.</summary>
    [Range(0.0, 1.0), Description("rate τ at which the target networks follow")]
    public double Tau { get; init; } = 0.01;

    /// <summary>Weight of the squared logits in the policy's loss.</summary>
    [Range(0.0, 1e3), Description("weight of the mean squared logit (or output before tanh) in the policy's loss")]
    public double Regularisation { get; init; } = 1e-3;

    /// <summary>Largest 2-norm of a network's gradient.</summary>
    [Range(1e-6, 1e6), Description("largest norm of a network's gradient")]
    public double MaxGradientNorm { get; init; } = 0.5;

    /// <summary>Size of the two hidden layers.</summary>
    [Range(1, 1024), Description("size of the two hidden layers")]
    public int Hidden { get; init; } = 64;

    /// <summary>Activation of the hidden layers.</summary>
    [Description("activation of the hidden layers")]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the agents share one actor and one critic, telling them apart by a one-hot id.</summary>
    [Description("one actor and critic for all agents, with a one-hot agent id")]
    public bool ShareParameters { get; init; }

    /// <summary>θ of the Ornstein-Uhlenbeck noise on continuous actions.</summary>
    [Range(0.0, 1.0), Description("θ of the exploration noise on continuous actions: the part lost in a step")]
    public double NoiseTheta { get; init; } = 0.15;

    /// <summary>σ of the Ornstein-Uhlenbeck noise on continuous actions, in halves of their range.</summary>
    [Range(0.0, 10.0), Description("σ of the exploration noise on continuous actions, in halves of their range")]
    public double NoiseSigma { get; init; } = 0.2;
}
