using Madrl.Environments;
using Madrl.Numerics;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Listing;

/// <summary>What a team's returns are compared with: the floor that random players reach, and what hand-written ones do.</summary>
/// <param name="Episodes">Test episodes that were played.</param>
/// <param name="CutAfter">Steps after which episodes were cut that had not ended, because they take too long; null where none was.</param>
/// <param name="Random">Return of the random players.</param>
/// <param name="Scripted">Return of the scripted players.</param>
internal sealed record References(int Episodes, int? CutAfter, ReturnEstimate Random, ReturnEstimate Scripted)
{
    /// <summary>Agents' steps that each measurement is to take: games of long episodes play fewer of them.</summary>
    private const int Budget = 200_000;

    private const int LeastEpisodes = 40;

    /// <summary>Agents' steps that a measurement takes at most, so that a game whose episodes hardly end is listed too.</summary>
    private const int Most = 2_000_000;

    /// <summary>The seed that training has unless another is given, so that the figures are those of a run's summary.</summary>
    public const ulong Seed = 1;

    /// <summary>Measures a game on test episodes, the 400 of a run's summary or as many of them as take a moment.</summary>
    public static async Task<References> MeasureAsync(GameChoice game)
    {
        var (agents, limit) = ((long)game.Spec.Agents.Count, game.Spec.EpisodeLimit);
        var episodes = (int)Math.Clamp(Budget / (agents * limit), LeastEpisodes, RunMachine.EvaluationEpisodes);
        var steps = (int)Math.Clamp(Most / (agents * episodes), 1, limit);
        var random = await PlayAsync(batch => new RandomActors(batch.Spec, Seed));
        var scripted = await PlayAsync(batch => new ScriptedActors(batch));
        return new References(
            episodes, random.IsCut || scripted.IsCut ? steps : null, ReturnEstimate.From(random.Returns), ReturnEstimate.From(scripted.Returns));

        Task<(double[] Returns, bool IsCut)> PlayAsync(Func<IMarkovGame, IActors> actors)
        {
            var batch = game.Create(episodes);
            return References.PlayAsync(batch, actors(batch), steps);
        }
    }

    /// <summary>What is said of episodes that were cut; empty where none was.</summary>
    public string Note => CutAfter is { } steps ? $", cut off after {Format.Count(steps)} steps to save time" : "";

    /// <summary>Plays an episode in each copy, and keeps nothing of it but the return.</summary>
    private static async Task<(double[] Returns, bool IsCut)> PlayAsync(IMarkovGame batch, IActors actors, int steps)
    {
        var play = new EpisodeStepper(batch, Seed, firstCopy: 0);
        var returns = new double[batch.Copies];
        play.Begin(RandomPurpose.TestReset, 0);
        while (!play.IsOver && play.Steps < steps)
        {
            await actors.ActAsync(play.Next(ActingMode.Greedy), play.Observations, play.Actions);
            play.Step();
            for (var copy = 0; copy < returns.Length; copy++)
            {
                if (!play.TookPart(copy)) continue;
                for (var agent = 0; agent < batch.Spec.Agents.Count; agent++) returns[copy] += play.Reward(agent, copy);
            }
        }

        return (returns, !play.IsOver);
    }
}
