using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>
/// Plays an episode in every copy of a batch, step by step, and keeps nothing of it but the present step. A copy whose game ends early is
/// stepped on with the others; nobody should look at what it does. Reuses its buffers: a step allocates nothing.
/// </summary>
public sealed class EpisodeStepper
{
    private readonly IMarkovGame _game;
    private readonly ulong _seed;
    private readonly long _firstCopy;
    private readonly float[][] _played;
    private readonly double[] _rewards;
    private readonly bool[] _ended;
    private readonly bool[] _terminated;
    private readonly int[] _lengths;
    private long _episode;
    private int _copiesPlaying;

    /// <summary>A stepper for a batch.</summary>
    /// <param name="game">The batch of copies.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="firstCopy">Global index of the batch's first copy.</param>
    public EpisodeStepper(IMarkovGame game, ulong seed, long firstCopy)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentOutOfRangeException.ThrowIfNegative(firstCopy);
        (_game, _seed, _firstCopy) = (game, seed, firstCopy);
        Observations = [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.ObservationSize])];
        Actions = [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.Actions.Width])];
        _played = [.. game.Spec.Agents.Select((agent, i) => agent.Actions is ActionSpace.Box ? new float[Actions[i].Length] : Actions[i])];
        _rewards = new double[game.Spec.Agents.Count * game.Copies];
        (_ended, _terminated, _lengths) = (new bool[game.Copies], new bool[game.Copies], new int[game.Copies]);
    }

    /// <summary>What the agents see now: per agent [K, observation size].</summary>
    public float[][] Observations { get; }

    /// <summary>Receives what they do next: per agent [K, width of its action space].</summary>
    public float[][] Actions { get; }

    /// <summary>Steps made in this episode.</summary>
    public int Steps { get; private set; }

    /// <summary>Steps that each copy's episode has lasted so far [K].</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Whether the game itself has ended each copy's episode [K].</summary>
    public ReadOnlySpan<bool> Terminated => _terminated;

    /// <summary>Whether the episodes of all copies are over.</summary>
    public bool IsOver => _copiesPlaying == 0 || Steps == _game.Spec.EpisodeLimit;

    /// <summary>Whether the last step, and what is observed now, belong to a copy's episode rather than come after its end.</summary>
    /// <param name="copy">Index within the batch, in [0, K).</param>
    public bool TookPart(int copy) => _lengths[copy] == Steps;

    /// <summary>A reward of the last step: a float32 number, as learners keep them and returns sum them.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="copy">Index within the batch, in [0, K).</param>
    public float Reward(int agent, int copy) => (float)_rewards[agent * _game.Copies + copy];

    /// <summary>The key of the actions that come next.</summary>
    /// <param name="mode">How they are chosen.</param>
    public ActingStep Next(ActingMode mode) => new(mode, _firstCopy, _game.Copies, _episode * _game.Spec.EpisodeLimit + Steps, Steps);

    /// <summary>Begins an episode in every copy.</summary>
    /// <param name="reset">What the initial states are drawn for: training, evaluation or test.</param>
    /// <param name="episode">Number of the episode since the run's start: with the copy it keys the initial state.</param>
    public void Begin(RandomPurpose reset, long episode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(episode);
        for (var copy = 0; copy < _game.Copies; copy++)
            _game.Reset(copy, new KeyedRandom(_seed, reset, _firstCopy + copy, agent: 0, episode));
        (_episode, Steps, _copiesPlaying) = (episode, 0, _game.Copies);
        Array.Clear(_lengths);
        Array.Clear(_terminated);
        _game.ObserveAll(Observations);
    }

    /// <summary>Takes a step with <see cref="Actions"/>.</summary>
    public void Step()
    {
        Clip();
        _game.Step(_played, _rewards, _ended);
        for (var copy = 0; copy < _game.Copies; copy++)
        {
            if (_terminated[copy]) continue;
            _lengths[copy]++;
            if (!_ended[copy]) continue;
            _terminated[copy] = true;
            _copiesPlaying--;
        }

        Steps++;
        _game.ObserveAll(Observations);
    }

    /// <summary>
    /// A Gaussian policy knows no limits: the game gets the nearest action that is within them, as is usual. What is no finite number
    /// stays, for the game to judge.
    /// </summary>
    private void Clip()
    {
        for (var agent = 0; agent < Actions.Length; agent++)
        {
            if (_game.Spec.Agents[agent].Actions is not ActionSpace.Box box) continue;
            var (drawn, played) = (Actions[agent], _played[agent]);
            for (var i = 0; i < drawn.Length; i++) played[i] = float.IsFinite(drawn[i]) ? Math.Clamp(drawn[i], box.Low, box.High) : drawn[i];
        }
    }
}
