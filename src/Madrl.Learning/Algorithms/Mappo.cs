using Madrl.Learning.Networks;

namespace Madrl.Learning.Algorithms;

/// <summary>Multi-agent PPO: decentralised actors, a critic that sees the global state.</summary>
[Algorithm]
public sealed class Mappo : PpoDefinition
{
    /// <inheritdoc/>
    public override string Name => "mappo";

    /// <inheritdoc/>
    public override string Summary => "PPO with a centralised critic over the global state";

    /// <inheritdoc/>
    public override string Source => "Yu et al., The Surprising Effectiveness of PPO in Cooperative Multi-Agent Games, 2022";

    /// <inheritdoc/>
    protected override CriticView View => CriticView.State;

    /// <inheritdoc/>
    protected override CriticView EpymarlView => CriticView.StateAndAgent;

    /// <inheritdoc/>
    protected override EpymarlPpoOptions EpymarlPreset => new();
}
