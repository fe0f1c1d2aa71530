using Madrl.Learning.Networks;

namespace Madrl.Learning.Algorithms;

/// <summary>Independent PPO: every agent's critic sees what the agent sees.</summary>
[Algorithm]
public sealed class Ippo : PpoDefinition
{
    /// <inheritdoc/>
    public override string Name => "ippo";

    /// <inheritdoc/>
    public override string Summary => "PPO with a critic per agent over its own observation";

    /// <inheritdoc/>
    public override string Source => "de Witt et al., Is Independent Learning All You Need in the StarCraft Multi-Agent Challenge?, 2020";

    /// <inheritdoc/>
    protected override CriticView View => CriticView.Observation;

    /// <inheritdoc/>
    protected override CriticView EpymarlView => CriticView.Observation;

    /// <inheritdoc/>
    protected override EpymarlPpoOptions EpymarlPreset => new() { StandardiseRewards = false };
}
