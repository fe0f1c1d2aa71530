using Madrl.Learning.Networks;

namespace Madrl.Learning.Algorithms;

/// <summary>Multi-agent DDPG: decentralised actors, critics that see what all agents see and do.</summary>
[Algorithm]
public sealed class Maddpg : DdpgDefinition
{
    /// <inheritdoc/>
    public override string Name => "maddpg";

    /// <inheritdoc/>
    public override string Summary => "DDPG with a centralised critic per agent over all observations and actions";

    /// <inheritdoc/>
    public override string Source => "Lowe et al., Multi-Agent Actor-Critic for Mixed Cooperative-Competitive Environments, NeurIPS 2017";

    /// <inheritdoc/>
    protected override ActionCriticView View => ActionCriticView.All;
}
