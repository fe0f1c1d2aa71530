using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Numerics;

namespace Madrl.Benchmarks.Cases;

/// <summary>Experience to learn from: simple-spread (3 agents, observations of 18 numbers, 5 actions) played at random.</summary>
internal static class RandomPlay
{
    private const ulong Seed = 1;

    /// <summary>The game.</summary>
    /// <param name="steps">Steps of an episode.</param>
    public static GameSpec Game(int steps) => Create(1, steps).Spec;

    /// <summary>One episode in every copy.</summary>
    public static Rollout Episodes(int copies, int steps)
    {
        var game = Create(copies, steps);
        var played = new Rollout(game.Spec, copies);
        var playing = new RolloutCollector(game, Seed, firstCopy: 0).CollectAsync(
            new RandomActors(game.Spec, Seed), ActingMode.Explore, RandomPurpose.Reset, episode: 0, played);
        playing.AsTask().GetAwaiter().GetResult();
        return played;
    }

    /// <summary>Transitions drawn from episodes as a learner's replay draws them.</summary>
    /// <param name="replay">How the learner replays.</param>
    /// <param name="played">The episodes.</param>
    /// <param name="draw">Number of the draw.</param>
    public static Rollout Transitions(ReplayDescription replay, Rollout played, long draw)
    {
        var game = Game(played.Steps);
        var buffer = new ReplayBuffer(game, replay, rounds: 1, firstCopy: 0, played.Copies);
        var index = new ReplayIndex(replay, Seed, played.Copies, played.Steps);
        buffer.Append(0, played);
        index.Add(0, 0, played.Lengths);
        var picks = new ReplayPick[replay.Batch];
        var batch = new Rollout(game, replay.Batch, steps: 1, replay.KeepsStates);
        index.Draw(draw, 0, picks);
        buffer.Gather(picks, batch);
        return batch;
    }

    private static IMarkovGame Create(int copies, int steps) => GameCatalog.Find("simple-spread")
        .Create(copies, "mpe2", new Dictionary<string, string> { ["episode-limit"] = $"{steps}" });
}
