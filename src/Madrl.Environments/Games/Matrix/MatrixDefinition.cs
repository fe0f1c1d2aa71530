using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Games.Matrix;

/// <summary>Options of matrix.</summary>
public sealed record MatrixOptions
{
    /// <summary>The default of <see cref="K"/>.</summary>
    internal const double DefaultK = -100;

    /// <summary>Name of a game, or the file of one.</summary>
    [Description("climbing, penalty, prisoners-dilemma, chicken, battle-of-the-sexes, rock-paper-scissors, or a file with another game")]
    public string Game { get; init; } = "climbing";

    /// <summary>What both receive in game=penalty when each plays for another corner.</summary>
    [Range(-1e6, 0.0), Description("the penalty of game=penalty")]
    public double K { get; init; } = DefaultK;

    /// <summary>Whether the players observe what was played last.</summary>
    [Description("whether the last joint action is observed")]
    public bool ObserveLast { get; init; }

    /// <summary>How often the game is played in an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode; 1 for a one-shot game")]
    public int EpisodeLimit { get; init; } = 25;
}

/// <summary>
/// The task <c>matrix</c>: games in normal form, one-shot or iterated. Climbing and penalty are those of Claus and Boutilier (AAAI 1998)
/// with 25 steps and a constant observation as Papoudakis et al. (NeurIPS 2021) use them.
/// </summary>
[Game]
public sealed class MatrixDefinition : StandardGameDefinition<MatrixOptions>
{
    private const string Penalty = "penalty";
    private const string Folder = "matrix/"; // Of the embedded files.
    private const int MostBytes = 64 << 20;

    private static readonly string[] _embedded =
    [
        .. typeof(MatrixDefinition).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..]).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public override string Task => "matrix";

    /// <inheritdoc/>
    public override string Summary => "Games in normal form, one-shot or iterated: climbing, penalty, prisoner's dilemma and others, or a file of your own.";

    /// <summary>The games that can be named.</summary>
    internal static IReadOnlyList<string> Games { get; } = [.. _embedded.Append(Penalty).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    protected override IMarkovGame Make(int copies, string rules, MatrixOptions options)
    {
        if (options.K != MatrixOptions.DefaultK && options.Game != Penalty)
            throw new ArgumentException($"k belongs to game=penalty: leave it out with game={options.Game}.");
        var game = Find(options);
        var size = options.ObserveLast ? game.Players.Sum(player => player.Actions.Count) : 1;
        AgentSpec[] agents = [.. game.Players.Select(player => new AgentSpec(player.Name, size, new ActionSpace.Discrete(player.Actions.Count)))];
        var scale = $"sum over the {agents.Length} players" + (game.IsCommon ? ", who all receive the same" : "");
        return new MatrixGame(game, new GameSpec(Task, rules, agents, agents.Length * size, options.EpisodeLimit, scale), copies, options.ObserveLast);
    }

    private static NormalFormGame Find(MatrixOptions options)
    {
        if (options.Game == Penalty) return NormalFormGame.Penalty(options.K);
        if (_embedded.Contains(options.Game)) return NormalFormFile.Read(Embedded(options.Game), options.Game);
        if (!File.Exists(options.Game)) throw new ArgumentException($"{NearestNames.Message("game", options.Game, Games)} Nor is there such a file.");
        try
        {
            using var stream = File.OpenRead(options.Game);
            if (stream.Length > MostBytes) throw new ArgumentException($"{options.Game} is larger than {MostBytes >> 20} MB: is it a game?");
            return NormalFormFile.Read(Bytes(stream), options.Game);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"game={options.Game} cannot be read: {error.Message}", error);
        }
    }

    private static byte[] Embedded(string name)
    {
        using var stream = typeof(MatrixDefinition).Assembly.GetManifestResourceStream(Folder + name)!;
        return Bytes(stream);
    }

    private static byte[] Bytes(Stream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
