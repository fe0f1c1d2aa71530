using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>
/// Plays episodes: one in every copy of a batch at a time, step by step, with actors that choose the actions. A copy
/// whose game ends early is stepped on with the others, but nothing more of it is recorded. Reuses its buffers, so an
/// instance plays one episode at a time; a step allocates nothing if the actors answer at once.
/// </summary>
public sealed class RolloutCollector
{
    private readonly IMarkovGame _game;
    private readonly ulong _seed;
    private readonly long _firstCopy;
    private readonly int _limit;
    private readonly float[][] _observations;
    private readonly float[][] _actions;
    private readonly float[][] _played;
    private readonly double[] _rewards;
    private readonly bool[] _ended;
    private readonly bool[] _playing;
    private readonly float[] _states;
    private int _copiesPlaying;

    /// <summary>A collector for a batch.</summary>
    /// <param name="game">The batch of copies.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="firstCopy">Global index of the batch's first copy.</param>
    public RolloutCollector(IMarkovGame game, ulong seed, long firstCopy)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentOutOfRangeException.ThrowIfNegative(firstCopy);
        _game = game;
        _seed = seed;
        _firstCopy = firstCopy;
        _limit = game.Spec.EpisodeLimit;
        _observations = [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.ObservationSize])];
        _actions = [.. game.Spec.Agents.Select(agent => new float[game.Copies * agent.Actions.Width])];
        _played = [.. game.Spec.Agents.Select((agent, i) => agent.Actions is ActionSpace.Box ? new float[_actions[i].Length] : _actions[i])];
        _rewards = new double[game.Spec.Agents.Count * game.Copies];
        _ended = new bool[game.Copies];
        _playing = new bool[game.Copies];
        _states = new float[game.Copies * game.Spec.StateSize];
    }

    /// <summary>Plays one episode in every copy.</summary>
    /// <param name="actors">Choose the actions.</param>
    /// <param name="mode">How they choose.</param>
    /// <param name="reset">What the initial states are drawn for: training, evaluation or test.</param>
    /// <param name="episode">Number of the episode since the run's start: with the copy it keys the initial state.</param>
    /// <param name="rollout">Receives the episodes; made for this game and as many copies. What it held is gone.</param>
    /// <exception cref="ArgumentException">The rollout is of another shape.</exception>
    public async ValueTask CollectAsync(IActors actors, ActingMode mode, RandomPurpose reset, long episode, Rollout rollout)
    {
        ArgumentNullException.ThrowIfNull(actors);
        ArgumentOutOfRangeException.ThrowIfNegative(episode);
        CheckShape(rollout);
        Begin(reset, episode, rollout);
        for (var step = 0; step < _limit && _copiesPlaying > 0; step++)
        {
            var key = new ActingStep(mode, _firstCopy, _game.Copies, episode * _limit + step, step);
            await actors.ActAsync(key, _observations, _actions).ConfigureAwait(false);
            Step(step, rollout);
        }
    }

    private void CheckShape(Rollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var fits = rollout.Copies == _game.Copies && rollout.Steps == _limit && rollout.Rewards.Length == _actions.Length
            && rollout.States.Length == _states.Length * (_limit + 1);
        for (var agent = 0; fits && agent < _actions.Length; agent++)
        {
            fits = rollout.Observations[agent].Length == _observations[agent].Length * (_limit + 1)
                && rollout.Actions[agent].Length == _actions[agent].Length * _limit;
        }

        if (!fits)
        {
            throw new ArgumentException($"The rollout was made for another game or number of copies: make it for "
                + $"{_game.Spec.Task} and {_game.Copies} copies.", nameof(rollout));
        }
    }

    private void Begin(RandomPurpose reset, long episode, Rollout rollout)
    {
        for (var copy = 0; copy < _game.Copies; copy++)
            _game.Reset(copy, new KeyedRandom(_seed, reset, _firstCopy + copy, agent: 0, episode));

        foreach (var observations in rollout.Observations) Array.Clear(observations);
        foreach (var actions in rollout.Actions) Array.Clear(actions);
        foreach (var rewards in rollout.Rewards) Array.Clear(rewards);
        Array.Clear(rollout.States);
        Array.Clear(rollout.Lengths);
        Array.Clear(rollout.Terminated);
        Array.Fill(_playing, true);
        _copiesPlaying = _game.Copies;
        Observe(0, rollout);
    }

    private void Step(int step, Rollout rollout)
    {
        Clip();
        _game.Step(_played, _rewards, _ended);
        for (var agent = 0; agent < _actions.Length; agent++)
        {
            Record(_actions[agent], rollout.Actions[agent], step, _limit);
            for (var copy = 0; copy < _game.Copies; copy++)
            {
                if (_playing[copy]) rollout.Rewards[agent][copy * _limit + step] = (float)_rewards[agent * _game.Copies + copy];
            }
        }

        Observe(step + 1, rollout);
        for (var copy = 0; copy < _game.Copies; copy++)
        {
            if (!_playing[copy]) continue;
            rollout.Lengths[copy] = step + 1;
            if (!_ended[copy]) continue;
            rollout.Terminated[copy] = true;
            _playing[copy] = false;
            _copiesPlaying--;
        }
    }

    /// <summary>
    /// A Gaussian policy knows no limits: the game gets the nearest action that is within them, as is usual; recorded is what was drawn,
    /// because probabilities are of that. What is no finite number stays, for the game to judge.
    /// </summary>
    private void Clip()
    {
        for (var agent = 0; agent < _actions.Length; agent++)
        {
            if (_game.Spec.Agents[agent].Actions is not ActionSpace.Box box) continue;
            var (drawn, played) = (_actions[agent], _played[agent]);
            for (var i = 0; i < drawn.Length; i++) played[i] = float.IsFinite(drawn[i]) ? Math.Clamp(drawn[i], box.Low, box.High) : drawn[i];
        }
    }

    private void Observe(int entry, Rollout rollout)
    {
        _game.ObserveAll(_observations);
        for (var agent = 0; agent < _observations.Length; agent++) Record(_observations[agent], rollout.Observations[agent], entry, _limit + 1);
        _game.WriteState(_states);
        Record(_states, rollout.States, entry, _limit + 1);
    }

    /// <summary>Copies [K, width] to one entry of [K, entries, width] for the copies that still play.</summary>
    private void Record(float[] batch, float[] record, int entry, int entries)
    {
        var width = batch.Length / _game.Copies;
        for (var copy = 0; copy < _game.Copies; copy++)
        {
            if (_playing[copy]) Array.Copy(batch, copy * width, record, (copy * entries + entry) * width, width);
        }
    }
}
