using Madrl.Environments;
using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Terminal.Playing;

/// <summary>A moment of an episode, valid until the next one.</summary>
/// <param name="Game">The game, at this moment.</param>
/// <param name="Episode">Number of the episode.</param>
/// <param name="Step">Steps made so far.</param>
/// <param name="Returns">What each agent has earned so far.</param>
/// <param name="IsLast">Whether the episode is over.</param>
internal sealed record Moment(IMarkovGame Game, int Episode, int Step, IReadOnlyList<double> Returns, bool IsLast)
{
    /// <summary>What is seen: drawn only for those who look.</summary>
    public Picture Draw() => Game.Draw(0);
}

/// <summary>An episode that was played.</summary>
/// <param name="Episode">Number of the episode.</param>
/// <param name="Steps">Steps that it lasted.</param>
/// <param name="Terminated">Whether the game itself ended it, rather than the limit.</param>
/// <param name="Returns">What each agent earned.</param>
/// <param name="Terms">Of every term that the game reports, the sum over agents and steps.</param>
internal sealed record PlayedEpisode(
    int Episode, int Steps, bool Terminated, IReadOnlyList<double> Returns, IReadOnlyList<(string Name, double Sum)> Terms)
{
    /// <summary>The sum over agents and steps.</summary>
    public double Return => Returns.Sum();
}

/// <summary>Plays test episodes one by one, exactly those of evaluations, and shows every moment of them.</summary>
internal sealed class Playback
{
    private readonly IMarkovGame _game;
    private readonly IActors _actors;
    private readonly ulong _seed;

    /// <summary>Episodes of a seed.</summary>
    /// <param name="players">The game and who plays.</param>
    /// <param name="seed">Seed of the episodes.</param>
    public Playback(Players players, ulong seed)
    {
        _game = players.Game.Create(1);
        (_actors, _seed) = (players.Actors(_game, seed), seed);
    }

    /// <summary>Plays an episode.</summary>
    /// <param name="episode">Its number.</param>
    /// <param name="show">Is shown each moment, and may take its time.</param>
    public async Task<PlayedEpisode> PlayAsync(int episode, Func<Moment, Task> show)
    {
        var play = new EpisodeStepper(_game, _seed, episode);
        var returns = new double[_game.Spec.Agents.Count];
        play.Begin(RandomPurpose.TestReset, 0);
        await ShowAsync();
        while (!play.IsOver)
        {
            await _actors.ActAsync(play.Next(ActingMode.Greedy), play.Observations, play.Actions);
            play.Step();
            for (var agent = 0; agent < returns.Length; agent++) returns[agent] += play.Reward(agent, 0);
            await ShowAsync();
        }

        var terms = new double[_game.Terms.Count];
        _game.WriteTerms(terms);
        return new PlayedEpisode(episode, play.Steps, play.Terminated[0], returns, [.. _game.Terms.Zip(terms)]);

        Task ShowAsync() => show(new Moment(_game, episode, play.Steps, returns, play.IsOver));
    }
}
