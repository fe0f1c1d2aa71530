using Madrl.Environments;
using Madrl.Learning;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Terminal.Evaluation;

/// <summary>Plays test episodes: for a run's seed the same ones as its final test.</summary>
internal static class TestEpisodes
{
    /// <summary>Episodes that are played at a time: keeps memory small however many there are.</summary>
    private const int Batch = 200;

    /// <summary>Actors by whom a run's policies play.</summary>
    public static IActors Actors(RunSpecification run, PolicySet policies)
    {
        var actors = new PolicyActors(run.Seed);
        actors.Use([.. policies.Weights.Select((weights, agent) => new Policy(policies.Description, weights, agent))]);
        return actors;
    }

    /// <summary>The returns in the order of the episodes.</summary>
    /// <param name="create">Makes a batch of the game.</param>
    /// <param name="actors">Those who act in it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="episodes">Episodes to play.</param>
    public static async Task<IReadOnlyList<double>> PlayAsync(
        Func<int, IMarkovGame> create, Func<IMarkovGame, IActors> actors, ulong seed, int episodes)
    {
        List<double> returns = new(episodes);
        while (returns.Count < episodes)
        {
            var game = create(Math.Min(Batch, episodes - returns.Count));
            returns.AddRange(await EpisodeReturns.PlayAsync(game, actors(game), seed, RandomPurpose.TestReset, returns.Count));
        }

        return returns;
    }
}
