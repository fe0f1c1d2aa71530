using Madrl.Environments;
using Madrl.Numerics;

namespace Madrl.Benchmarks.Environments;

/// <summary>
/// Plays a batch of copies by random actions, which are drawn before and used again and again: what is timed is the game. Every
/// step writes the observations of all agents; a copy that ends begins again at once.
/// </summary>
internal sealed class EnvironmentPlay
{
    /// <summary>Steps whose actions are drawn: enough to be no cycle that a game could fall into.</summary>
    private const int DrawnSteps = 32;

    private const ulong Seed = 1;

    private readonly IMarkovGame _game;
    private readonly long _firstCopy;
    private readonly float[][][] _actions;
    private readonly float[][] _observations;
    private readonly double[] _rewards;
    private readonly bool[] _ended;
    private readonly int[] _stepsLeft;
    private long _step;

    /// <summary>A batch whose copies have begun.</summary>
    /// <param name="game">The batch.</param>
    /// <param name="firstCopy">Global index of its first copy: with it go the copies' random numbers.</param>
    public EnvironmentPlay(IMarkovGame game, long firstCopy)
    {
        (_game, _firstCopy) = (game, firstCopy);
        var agents = game.Spec.Agents;
        _actions = [.. Enumerable.Range(0, DrawnSteps).Select(_ => agents.Select(agent => new float[game.Copies * agent.Actions.Width]).ToArray())];
        _observations = [.. agents.Select(agent => new float[game.Copies * agent.ObservationSize])];
        _rewards = new double[agents.Count * game.Copies];
        _ended = new bool[game.Copies];
        _stepsLeft = new int[game.Copies];
        var actors = new RandomActors(game.Spec, Seed);
        foreach (var (step, actions) in _actions.Index())
        {
            var drawn = actors.ActAsync(new ActingStep(ActingMode.Explore, firstCopy, game.Copies, step), _observations, actions);
            if (!drawn.IsCompletedSuccessfully) throw new InvalidOperationException("Random actors answer at once.");
        }

        for (var copy = 0; copy < game.Copies; copy++) Begin(copy);
        game.ObserveAll(_observations);
    }

    /// <summary>What all agents observe, agent after agent [K, observation size].</summary>
    public IReadOnlyList<float[]> Observations => _observations;

    /// <summary>The rewards of the last step [agents, K].</summary>
    public IReadOnlyList<double> Rewards => _rewards;

    /// <summary>The global states [K, state size].</summary>
    public float[] States()
    {
        var states = new float[_game.Copies * _game.Spec.StateSize];
        _game.WriteState(states);
        return states;
    }

    /// <summary>Makes steps.</summary>
    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            _game.Step(_actions[_step % DrawnSteps], _rewards, _ended);
            _step++;
            for (var copy = 0; copy < _ended.Length; copy++)
            {
                if (--_stepsLeft[copy] == 0 || _ended[copy]) Begin(copy);
            }

            _game.ObserveAll(_observations);
        }
    }

    private void Begin(int copy)
    {
        _stepsLeft[copy] = _game.Spec.EpisodeLimit;
        _game.Reset(copy, new KeyedRandom(Seed, RandomPurpose.Reset, _firstCopy + copy, agent: 0, _step));
    }
}
