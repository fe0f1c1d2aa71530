using Madrl.Environments;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Evaluation;

namespace Madrl.Terminal.Listing;

/// <summary>What a team's returns are compared with: the floor that random players reach, and what hand-written ones do.</summary>
/// <param name="Episodes">Test episodes that were played.</param>
/// <param name="Random">Return of the random players.</param>
/// <param name="Scripted">Return of the scripted players.</param>
internal sealed record References(int Episodes, ReturnEstimate Random, ReturnEstimate Scripted)
{
    /// <summary>Agents' steps that each measurement is to take: games of long episodes play fewer of them.</summary>
    private const int Budget = 200_000;

    private const int LeastEpisodes = 40;

    /// <summary>The seed that training has unless another is given, so that the figures are those of a run's summary.</summary>
    public const ulong Seed = 1;

    /// <summary>Measures a game on test episodes, the 400 of a run's summary or as many of them as take a moment.</summary>
    public static async Task<References> MeasureAsync(GameChoice game)
    {
        var episodes = Math.Clamp(Budget / (game.Spec.Agents.Count * game.Spec.EpisodeLimit), LeastEpisodes, RunMachine.EvaluationEpisodes);
        return new References(episodes, await PlayAsync(batch => new RandomActors(batch.Spec, Seed)), await PlayAsync(batch => new ScriptedActors(batch)));

        async Task<ReturnEstimate> PlayAsync(Func<IMarkovGame, IActors> actors) =>
            ReturnEstimate.From(await TestEpisodes.PlayAsync(game.Create, actors, Seed, episodes));
    }
}
