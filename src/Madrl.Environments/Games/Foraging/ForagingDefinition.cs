using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Madrl.Environments.Games.Foraging;

/// <summary>Options of lbf.</summary>
public sealed record ForagingOptions
{
    /// <summary>Rows of the field.</summary>
    [Range(3, 64), Description("rows of the field")]
    public int Rows { get; init; } = 8;

    /// <summary>Columns of the field.</summary>
    [Range(3, 64), Description("columns of the field")]
    public int Columns { get; init; } = 8;

    /// <summary>Players, all of one team.</summary>
    [Range(1, 32), Description("players")]
    public int Players { get; init; } = 2;

    /// <summary>Foods that an episode starts with, where there is room for them.</summary>
    [Range(1, 64), Description("foods that an episode starts with")]
    public int Foods { get; init; } = 2;

    /// <summary>How many cells a player sees in each direction; 0 for the whole field.</summary>
    [Range(0, 64), Description("cells that a player sees in each direction; 0 is the whole field")]
    public int Sight { get; init; }

    /// <summary>Whether every food has the highest level, so that players must load it together.</summary>
    [Description("whether every food has the highest food level, so that players must load it together")]
    public bool Cooperative { get; init; }

    /// <summary>What a failed load costs each player that took part in it.</summary>
    [Range(0.0, 1000.0), Description("what a failed load costs each player that took part in it")]
    public double Penalty { get; init; }

    /// <summary>Whether players observe the levels of players, their own included.</summary>
    [Description("whether players observe the levels of players, their own included")]
    public bool ObserveLevels { get; init; } = true;

    /// <summary>Highest level of a player; the lowest is 1.</summary>
    [Range(1, 40), Description("highest level of a player; the lowest is 1")]
    public int MaxPlayerLevel { get; init; } = 2;

    /// <summary>Highest level of a food, the lowest is 1; 0 for the sum of the three lowest levels of the episode's players.</summary>
    [Range(0, 120), Description("highest level of a food; 0 is the sum of the three lowest levels of the episode's players")]
    public int MaxFoodLevel { get; init; }

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 50;
}

/// <summary>
/// The task <c>lbf</c>: Level-Based Foraging. Source of the rules: Papoudakis, Christianos, Schäfer, Albrecht, "Benchmarking
/// Multi-Agent Deep Reinforcement Learning Algorithms in Cooperative Tasks", NeurIPS 2021, and its program lb-foraging (version 3).
/// </summary>
[Game]
public sealed class ForagingDefinition : GameDefinition<ForagingOptions>
{
    private const string LbForaging = "lb-foraging";

    // A food has four neighbour cells.
    private const int MostLoaders = 4;

    /// <inheritdoc/>
    public override string Task => "lbf";

    /// <inheritdoc/>
    public override string Summary => "Players collect the food of a field; a food of a high level must be loaded by several at once.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rules { get; } = [LbForaging];

    /// <inheritdoc/>
    protected override IMarkovGame Make(int copies, string rules, ForagingOptions options)
    {
        Check(options);
        return new ForagingGame(copies, rules, options);
    }

    private static void Check(ForagingOptions options)
    {
        var cells = options.Rows * options.Columns;
        var size = $"a field of {options.Rows} x {options.Columns}";

        // Every food has its four neighbour cells to itself; the field's corners are nobody's neighbours.
        var room = (cells - 4) / 5;
        if (options.Foods > room)
            throw new ArgumentException($"foods={options.Foods} do not fit: {size} has room for {room} at most. Choose fewer foods, or more rows or columns.");
        if (options.Players > cells - options.Foods)
        {
            throw new ArgumentException($"players={options.Players} do not fit: {size} with {options.Foods} foods has room for "
                + $"{cells - options.Foods}. Choose fewer players, or more rows or columns.");
        }

        var strength = Math.Min(options.Players, MostLoaders) * options.MaxPlayerLevel;
        if (options.MaxFoodLevel > strength)
        {
            throw new ArgumentException($"max-food-level={options.MaxFoodLevel} is more than players can ever load together: "
                + $"choose at most {strength}, or raise players or max-player-level.");
        }
    }
}
