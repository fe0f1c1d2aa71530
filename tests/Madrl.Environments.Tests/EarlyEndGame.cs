using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments.Tests;

/// <summary>
/// A game whose copy with the drawn length n ends after n steps. Its one agent observes (drawn number, steps taken) and
/// is rewarded with the number of its action. It shows what a collector does with episodes of unequal length.
/// </summary>
internal sealed class EarlyEndGame(int copies, int limit) : IMarkovGame
{
    private readonly int[] _steps = new int[copies];
    private readonly int[] _lengths = new int[copies];

    public GameSpec Spec { get; } =
        new("early-end", "plain", [new AgentSpec("only", 2, new ActionSpace.Box(1, 1, 9))], 1, limit, "sum over 1 agent");

    public int Copies => copies;

    public IReadOnlyList<int> Lengths => _lengths;

    public void Reset(int copy, KeyedRandom random)
    {
        _steps[copy] = 0;
        _lengths[copy] = 1 + random.NextInt32(2 * limit);
    }

    public void Step(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated)
    {
        for (var copy = 0; copy < copies; copy++)
        {
            rewards[copy] = actions[0][copy];
            _steps[copy]++;
            terminated[copy] = _steps[copy] >= _lengths[copy];
        }
    }

    public void Observe(int agent, Span<float> observations)
    {
        for (var copy = 0; copy < copies; copy++)
        {
            observations[2 * copy] = _lengths[copy];
            observations[2 * copy + 1] = _steps[copy];
        }
    }

    public void ObserveAll(ReadOnlySpan<float[]> observations) => Observe(0, observations[0]);

    public void WriteState(Span<float> states)
    {
        for (var copy = 0; copy < copies; copy++) states[copy] = 100 + _steps[copy];
    }

    public void ActScripted(int agent, Span<float> actions) => actions.Fill(2);

    public IReadOnlyList<string> Terms => [];

    public void WriteTerms(Span<double> terms)
    {
    }

    public Picture Draw(int copy) => new(0, 0, 1, 1, []);
}
