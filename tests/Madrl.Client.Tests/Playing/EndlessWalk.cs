using System.ComponentModel;
using Madrl.Environments;
using Madrl.Environments.Drawing;
using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Client.Tests.Playing;

/// <summary>A game without a limit of its episodes that nobody can draw.</summary>
[Game]
public sealed class EndlessWalkDefinition()
    : ScalarGameDefinition<EndlessWalkOptions>("endless-walk", "One agent walks on.", options => new EndlessWalk(options));

public sealed record EndlessWalkOptions
{
    [Description("steps after which an episode ends; 0 for never")]
    public int Length { get; init; }
}

/// <summary>Each step earns 1.</summary>
public sealed class EndlessWalk(EndlessWalkOptions options)
    : ScalarGame(AgentSpec.Alike(1, observationSize: 1, new ActionSpace.Discrete(2)), episodeLimit: int.MaxValue)
{
    private int _steps;

    public override void Begin(ref KeyedRandom random) => _steps = 0;

    public override bool Step(JointAction actions, Span<double> rewards)
    {
        rewards[0] = 1;
        return ++_steps == options.Length;
    }

    public override void Observe(int agent, Span<float> observation) => observation[0] = _steps;

    public override void Play(int agent, Span<float> action) => action[0] = 1;

    public override Picture Draw() => throw new InvalidOperationException("Nobody looks.");
}
