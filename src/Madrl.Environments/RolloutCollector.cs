using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>
/// Plays episodes and records them: one in every copy of a batch at a time, step by step, with actors that choose the actions. A copy
/// whose game ends early is stepped on with the others, but nothing more of it is recorded. Reuses its buffers, so an
/// instance plays one episode at a time; a step allocates nothing if the actors answer at once.
/// </summary>
public sealed class RolloutCollector
{
    private readonly IMarkovGame _game;
    private readonly EpisodeStepper _play;
    private readonly int _limit;
    private readonly float[] _states;

    /// <summary>A collector for a batch.</summary>
    /// <param name="game">The batch of copies.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="firstCopy">Global index of the batch's first copy.</param>
    public RolloutCollector(IMarkovGame game, ulong seed, long firstCopy)
    {
        _play = new EpisodeStepper(game, seed, firstCopy);
        _game = game;
        _limit = game.Spec.EpisodeLimit;
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
        CheckShape(rollout);
        _play.Begin(reset, episode);
        Clear(rollout);
        RecordSeen(rollout);
        while (!_play.IsOver)
        {
            await actors.ActAsync(_play.Next(mode), _play.Observations, _play.Actions).ConfigureAwait(false);
            _play.Step();
            RecordDone(rollout);
            RecordSeen(rollout);
        }

        _play.Lengths.CopyTo(rollout.Lengths);
        _play.Terminated.CopyTo(rollout.Terminated);
    }

    private void CheckShape(Rollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var fits = rollout.Copies == _game.Copies && rollout.Steps == _limit && rollout.Rewards.Length == _play.Actions.Length
            && rollout.States.Length == _states.Length * (_limit + 1);
        for (var agent = 0; fits && agent < _play.Actions.Length; agent++)
        {
            fits = rollout.Observations[agent].Length == _play.Observations[agent].Length * (_limit + 1)
                && rollout.Actions[agent].Length == _play.Actions[agent].Length * _limit;
        }

        if (!fits)
        {
            throw new ArgumentException($"The rollout was made for another game or number of copies: make it for "
                + $"{_game.Spec.Task} and {_game.Copies} copies.", nameof(rollout));
        }
    }

    private static void Clear(Rollout rollout)
    {
        foreach (var observations in rollout.Observations) Array.Clear(observations);
        foreach (var actions in rollout.Actions) Array.Clear(actions);
        foreach (var rewards in rollout.Rewards) Array.Clear(rewards);
        Array.Clear(rollout.States);
    }

    /// <summary>The last step: the actions as they were drawn, not as they were clipped, because probabilities are of those.</summary>
    private void RecordDone(Rollout rollout)
    {
        var step = _play.Steps - 1;
        for (var agent = 0; agent < _play.Actions.Length; agent++)
        {
            Record(_play.Actions[agent], rollout.Actions[agent], step, _limit);
            for (var copy = 0; copy < _game.Copies; copy++)
            {
                if (_play.TookPart(copy)) rollout.Rewards[agent][copy * _limit + step] = _play.Reward(agent, copy);
            }
        }
    }

    private void RecordSeen(Rollout rollout)
    {
        for (var agent = 0; agent < _play.Observations.Length; agent++)
            Record(_play.Observations[agent], rollout.Observations[agent], _play.Steps, _limit + 1);
        _game.WriteState(_states);
        Record(_states, rollout.States, _play.Steps, _limit + 1);
    }

    /// <summary>Copies [K, width] to one entry of [K, entries, width] for the copies that took part in the last step.</summary>
    private void Record(float[] batch, float[] record, int entry, int entries)
    {
        var width = batch.Length / _game.Copies;
        for (var copy = 0; copy < _game.Copies; copy++)
        {
            if (_play.TookPart(copy)) Array.Copy(batch, copy * width, record, (copy * entries + entry) * width, width);
        }
    }
}
