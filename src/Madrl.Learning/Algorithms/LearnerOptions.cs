using System.ComponentModel;

namespace Madrl.Learning.Algorithms;

/// <summary>Settings that every algorithm has.</summary>
public abstract record LearnerOptions
{
    /// <summary>Whether the first tensor that is not finite is named: see <see cref="Learner.Checked"/>.</summary>
    [Description("name the first tensor of an update that is not finite: slower, the values agree within rounding")]
    public bool Checked { get; init; }
}
