using Madrl.Environments.Replay;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Replay;

/// <summary>Rollouts of a game of unequal episodes, and their replay.</summary>
internal static class ReplayGames
{
    public const int Limit = 6;

    public static GameSpec Spec { get; } = new EarlyEndGame(1, Limit).Spec;

    public static ReplayDescription Describe(long capacity, int batch = 64, bool wholeEpisodes = false, bool states = true) =>
        new(capacity, batch, wholeEpisodes, UpdateEvery: 1, WarmUp: 0, states);

    /// <summary>The episodes that copies firstCopy … play in an iteration.</summary>
    public static Rollout Play(long iteration, int firstCopy, int copies)
    {
        var game = new EarlyEndGame(copies, Limit);
        var rollout = new Rollout(game.Spec, copies);
        var playing = new RolloutCollector(game, seed: 3, firstCopy).CollectAsync(
            new RandomActors(game.Spec, seed: 3), ActingMode.Explore, RandomPurpose.Reset, iteration, rollout);
        Assert.True(playing.IsCompletedSuccessfully);
        return rollout;
    }

    /// <summary>Everything that a rollout holds, in one list.</summary>
    public static float[] Content(Rollout rollout) =>
    [
        .. rollout.Observations.SelectMany(values => values), .. rollout.Actions.SelectMany(values => values),
        .. rollout.Rewards.SelectMany(values => values), .. rollout.States, .. rollout.Lengths.Select(length => (float)length),
        .. rollout.Terminated.Select(ended => ended ? 1f : 0),
    ];
}
