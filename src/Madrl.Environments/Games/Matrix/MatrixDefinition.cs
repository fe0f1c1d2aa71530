using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Games.Matrix;

/// <summary>Options of matrix.</summary>
public sealed record MatrixOptions
{
    /// <summary>The default of <see cref="K"/>.</summary>
    internal const double DefaultK = -100;

    /// <summary>Name of a game, or one as JSON: with it, a run is complete in itself.</summary>
    [Description("climbing, penalty, prisoners-dilemma, chicken, battle-of-the-sexes, rock-paper-scissors, "
        + "or a game of your own as JSON: game=@FILE")]
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
public sealed class MatrixDefinition : GameDefinition<MatrixOptions>
{
    private const string Penalty = "penalty";
    private const string Folder = "matrix/"; // Of the embedded files.
    private const int MostCharacters = 1 << 20;
    private const int LongestName = 64; // What is longer was not meant as a name.

    private static readonly string[] _embedded =
    [
        .. typeof(MatrixDefinition).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..]).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public override string Task => "matrix";

    /// <inheritdoc/>
    public override string Summary =>
        "Games in normal form, one-shot or iterated: climbing, penalty, prisoner's dilemma and others, or one of your own.";

    /// <summary>The games that can be named.</summary>
    internal static IReadOnlyList<string> Games { get; } = [.. _embedded.Append(Penalty).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    protected override IMarkovGame Make(int copies, string rules, MatrixOptions options)
    {
        if (options.K != MatrixOptions.DefaultK && options.Game != Penalty)
            throw new ArgumentException($"k belongs to game=penalty: leave it out with another game.");
        var game = Find(options);
        var size = options.ObserveLast ? game.Players.Sum(player => player.Actions.Count) : 1;
        AgentSpec[] agents = [.. game.Players.Select(player => new AgentSpec(player.Name, size, new ActionSpace.Discrete(player.Actions.Count)))];
        var scale = $"sum over the {agents.Length} players" + (game.IsCommon() ? ", who all receive the same" : "");
        return new MatrixGame(
            game, new GameSpec(Task, rules, agents, agents.Length * size, options.EpisodeLimit, scale),
            copies, options.ObserveLast);
    }

    private static NormalFormGame Find(MatrixOptions options)
    {
        if (options.Game == Penalty) return NormalFormGame.Penalty(options.K);
        if (_embedded.Contains(options.Game)) return NormalFormFile.Read(Embedded(options.Game), options.Game);
        if (options.Game.Length > MostCharacters)
            throw new ArgumentException($"game has more than {MostCharacters} characters: leave out players or actions.");
        if (options.Game.TrimStart().StartsWith('{')) return NormalFormFile.Read(Encoding.UTF8.GetBytes(options.Game), "game");
        throw new ArgumentException(IsLikeName(options.Game)
            ? $"{NearestNames.Message("game", options.Game, Games)} One of your own is given as JSON: game=@FILE."
            : $"game is no JSON object: {NormalFormFile.Remedy}");
    }

    private static bool IsLikeName(string text) =>
        text.Length <= LongestName && !text.AsSpan().TrimStart().StartsWith('[')
        && !text.AsSpan().ContainsAny('\r', '\n');

    private static byte[] Embedded(string name)
    {
        using var stream = typeof(MatrixDefinition).Assembly.GetManifestResourceStream(Folder + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
