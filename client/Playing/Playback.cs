using Madrl.Environments;
using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Terminal.Playing;

/// <summary>A moment of an episode.</summary>
/// <param name="Episode">Number of the episode.</param>
/// <param name="Step">Steps made so far.</param>
/// <param name="Picture">What is seen.</param>
/// <param name="Returns">What each agent has earned so far.</param>
/// <param name="IsLast">Whether the episode is over.</param>
internal sealed record Moment(int Episode, int Step, Picture Picture, IReadOnlyList<double> Returns, bool IsLast);

/// <summary>An episode that was played.</summary>
/// <param name="Episode">Number of the episode.</param>
/// <param name="Steps">Steps that it lasted.</param>
/// <param name="Terminated">Whether the game itself ended it, rather than the limit.</param>
/// <param name="Return">The sum over agents and steps.</param>
/// <param name="Returns">What each agent earned.</param>
/// <param name="Terms">Of every term that the game reports, the sum over agents and steps.</param>
internal sealed record PlayedEpisode(
    int Episode, int Steps, bool Terminated, double Return, IReadOnlyList<double> Returns, IReadOnlyList<(string Name, double Sum)> Terms);

/// <summary>Plays test episodes one by one, exactly those of evaluations, and shows every moment of them.</summary>
/// <param name="players">The game and who plays.</param>
/// <param name="seed">Seed of the episodes.</param>
internal sealed class Playback(Players players, ulong seed)
{
    private readonly IMarkovGame _game = players.Game.Create(1);

    /// <summary>Plays an episode.</summary>
    /// <param name="episode">Its number.</param>
    /// <param name="show">Is shown each moment, and may take its time.</param>
    public async Task<PlayedEpisode> PlayAsync(int episode, Func<Moment, Task> show)
    {
        var rollout = new Rollout(_game.Spec, 1);
        var watched = new WatchedActors(players.Actors(_game, seed), step => show(At(step, isLast: false)));
        await new RolloutCollector(_game, seed, episode).CollectAsync(watched, ActingMode.Greedy, RandomPurpose.TestReset, 0, rollout);
        var last = At(rollout.Lengths[0], isLast: true);
        await show(last);
        var whole = new double[1];
        EpisodeReturns.Compute(rollout, whole);
        var terms = new double[_game.Terms.Count];
        _game.WriteTerms(terms);
        return new PlayedEpisode(episode, last.Step, rollout.Terminated[0], whole[0], last.Returns, [.. _game.Terms.Zip(terms)]);

        Moment At(int step, bool isLast) =>
            new(episode, step, _game.Draw(0), [.. rollout.Rewards.Select(rewards => rewards.Take(step).Sum(reward => (double)reward))], isLast);
    }

    /// <summary>Calls somebody to look before each action.</summary>
    private sealed class WatchedActors(IActors actors, Func<int, Task> look) : IActors
    {
        public async ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
        {
            await look(step.EpisodeStep);
            await actors.ActAsync(step, observations, actions);
        }
    }
}
