using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Hosting.Storage;
using Madrl.Terminal.Evaluation;

namespace Madrl.Terminal.Playing;

/// <summary>A game and who plays it.</summary>
/// <param name="Game">The game.</param>
/// <param name="Name">Name of the players: <c>scripted</c>, <c>random</c>, or a run's id.</param>
/// <param name="Seed">Seed that the players themselves come with.</param>
/// <param name="Actors">Makes them for a batch and a seed.</param>
internal sealed record Players(GameChoice Game, string Name, ulong Seed, Func<IMarkovGame, ulong, IActors> Actors)
{
    /// <summary>Names of the players that every game has.</summary>
    public const string Scripted = "scripted", Random = "random";

    private const ulong DefaultSeed = 1;

    /// <summary>The scripted or the random players; null for other names, which are runs.</summary>
    public static Players? OfEveryGame(string name, GameChoice game) => name switch
    {
        Scripted => new Players(game, name, DefaultSeed, (batch, _) => new ScriptedActors(batch)),
        Random => new Players(game, name, DefaultSeed, (batch, seed) => new RandomActors(batch.Spec, seed)),
        _ => null,
    };

    /// <summary>The policies of a run, which play by the run's own rules and options.</summary>
    /// <param name="run">The run's id, or the path of its folder.</param>
    /// <param name="task">The task that it has to be of.</param>
    /// <param name="outDirectory">Where ids are looked up.</param>
    /// <param name="which">Which checkpoint.</param>
    /// <exception cref="UsageException">There is no such run, or it is of another task.</exception>
    /// <exception cref="RunFailedException">It has no checkpoint.</exception>
    public static async Task<Players> OfRunAsync(string run, string task, string outDirectory, string which)
    {
        var folder = Open(run, outDirectory);
        var specification = folder.Specification;
        if (specification.Task != task)
            throw new UsageException($"--policy {specification.Run} plays {specification.Task}, not {task}: name {specification.Task} as TASK.");
        var game = UsageException.Check(() => new GameChoice(task, specification.Rules, specification.Game));
        var saved = await SavedPolicies.ReadAsync(folder, outDirectory, which);
        return new Players(game, specification.Run, specification.Seed, (_, _) => TestEpisodes.Actors(specification, saved.Policies));
    }

    private static RunFolder Open(string run, string outDirectory)
    {
        try
        {
            return KnownRun.Open(run, outDirectory);
        }
        catch (RunFolderException error) when (error.IsMissing)
        {
            var near = NearestNames.Of(run, [Scripted, Random]);
            var hint = near.Count > 0 ? $"did you mean {near[0]}?" : $"it takes {Scripted}, {Random} or a run. {error.Message}";
            throw new UsageException($"'{run}' is not a value of --policy: {hint}", error);
        }
    }
}
