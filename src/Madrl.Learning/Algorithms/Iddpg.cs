using Madrl.Learning.Networks;

namespace Madrl.Learning.Algorithms;

/// <summary>Independent DDPG: every agent's critic sees what the agent itself sees and does.</summary>
[Algorithm]
public sealed class Iddpg : DdpgDefinition
{
    /// <inheritdoc/>
    public override string Name => "iddpg";

    /// <inheritdoc/>
    public override string Summary => "DDPG with a critic per agent over its own observation and action";

    /// <inheritdoc/>
    public override string Source => "Lillicrap et al., Continuous control with deep reinforcement learning, ICLR 2016, one learner per agent";

    /// <inheritdoc/>
    public override bool HasEpymarlForm => false;

    /// <inheritdoc/>
    protected override ActionCriticView View => ActionCriticView.Own;
}
