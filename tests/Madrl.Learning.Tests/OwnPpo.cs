using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;

namespace Madrl.Learning.Tests;

/// <summary>An algorithm of a user, in an assembly of the user: this one, which the end-to-end tests name to the console too.</summary>
[Algorithm]
public sealed class OwnPpo : PpoDefinition
{
    public override string Name => "own-ppo";

    public override string Summary => "PPO with a critic over the state and the agent";

    public override string Source => "tests of this project";

    protected override CriticView View => CriticView.StateAndAgent;

    protected override CriticView EpymarlView => CriticView.State;

    protected override EpymarlPpoOptions EpymarlPreset => new();
}
