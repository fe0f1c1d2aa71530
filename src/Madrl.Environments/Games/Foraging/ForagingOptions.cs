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
    [Range(1, 32), Description("players")] // ForagingTeams keeps them as the bits of one number.
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
    [Range(1, 40), Description("highest level of a player; the lowest is 1")] // Three are no stronger than the heaviest food.
    public int MaxPlayerLevel { get; init; } = 2;

    /// <summary>Highest level of a food, the lowest is 1; 0 for the sum of the three lowest levels of the episode's players.</summary>
    [Range(0, 120)] // A signed byte.
    [Description("highest level of a food; 0 is the sum of the three lowest levels of the episode's players")]
    public int MaxFoodLevel { get; init; }

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 50;

    /// <summary>
    /// A number of foods that a field has room for or that is a little too high. Every food has the five cells of a plus to itself; of a
    /// row or column at the field's edge it has one, as no food lies at the edge itself, and at most every third.
    /// </summary>
    private int Room
    {
        get
        {
            var (rows, columns) = (Rows - 2, Columns - 2);
            return (rows * columns + 2 * Thirds(columns) + 2 * Thirds(rows)) / 5;

            static int Thirds(int cells) => (cells + 2) / 3;
        }
    }

    /// <summary>Refuses options of which each is within its range but which do not go together.</summary>
    /// <exception cref="ArgumentException">The message names the option and the remedy.</exception>
    internal void Check()
    {
        if (Foods > Room)
        {
            throw new ArgumentException($"foods={Foods} do not fit: a field of {Rows} x {Columns} has no room for more than {Room}. "
                + "Choose fewer foods, or more rows or columns.");
        }

        var free = Rows * Columns - Foods;
        if (Players > free)
        {
            throw new ArgumentException($"players={Players} do not fit: with foods={Foods} a field of {Rows} x {Columns} has room for "
                + $"{free}. Choose fewer players, or more rows or columns.");
        }

        // All of them, though a food has but four neighbour cells: who enters a cell that its player did not get to leave shares it.
        var strength = Players * MaxPlayerLevel;
        if (MaxFoodLevel > strength)
        {
            throw new ArgumentException($"max-food-level={MaxFoodLevel} is more than all players together can load: "
                + $"choose at most {strength}, or raise players or max-player-level.");
        }
    }
}
