using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Madrl.Environments.Settings;

namespace Madrl.Environments.Games.Warehouse;

/// <summary>How many shelves stand in a warehouse: rows times columns of blocks, each two shelves wide.</summary>
public enum WarehouseSize
{
    /// <summary>1 row, 3 columns.</summary>
    Tiny,

    /// <summary>2 rows, 3 columns.</summary>
    Small,

    /// <summary>2 rows, 5 columns.</summary>
    Medium,

    /// <summary>3 rows, 5 columns.</summary>
    Large,
}

/// <summary>How many shelves are requested at any time.</summary>
public enum WarehouseDifficulty
{
    /// <summary>Twice as many as there are agents.</summary>
    Easy,

    /// <summary>As many as there are agents.</summary>
    Normal,

    /// <summary>Half as many as there are agents, rounded down.</summary>
    Hard,
}

/// <summary>Who is rewarded for what.</summary>
public enum WarehouseReward
{
    /// <summary>1 to every agent for each delivery.</summary>
    Global,

    /// <summary>1 to the agent that delivers.</summary>
    Individual,

    /// <summary>0.5 to the agent that delivers, and 0.5 when it has brought that shelf back to a shelf's place.</summary>
    TwoStage,
}

/// <summary>Options of rware.</summary>
public sealed record WarehouseOptions
{
    /// <summary>How large the warehouse is.</summary>
    [Description("how large the warehouse is")]
    public WarehouseSize Size { get; init; } = WarehouseSize.Tiny;

    /// <summary>Agents.</summary>
    [Range(1, 64), Description("agents")]
    public int Agents { get; init; } = 2;

    /// <summary>How many shelves are requested at any time.</summary>
    [Description("how many shelves are requested at any time: easy twice as many as agents, normal as many, hard half as many")]
    public WarehouseDifficulty Difficulty { get; init; } = WarehouseDifficulty.Normal;

    /// <summary>Who is rewarded for what.</summary>
    [Description("1 to all for a delivery, 1 to who delivers, or half for delivering and half for bringing the shelf back")]
    public WarehouseReward RewardType { get; init; } = WarehouseReward.Individual;

    /// <summary>How far an agent sees in each direction, in cells.</summary>
    [Range(1, 5), Description("how far an agent sees in each direction, in cells")]
    public int SensorRange { get; init; } = 1;

    /// <summary>Shelves one below the other in a block.</summary>
    [Range(1, 16), Description("shelves one below the other in a block")]
    public int ColumnHeight { get; init; } = 8;

    /// <summary>Steps of an episode.</summary>
    [Range(1, 10_000), Description("steps of an episode")]
    public int EpisodeLimit { get; init; } = 500;

    /// <summary>What a return means.</summary>
    internal string ReturnScale => $"sum over the {Agents} agents, " + RewardType switch
    {
        WarehouseReward.Global => "1 to each for every delivery",
        WarehouseReward.Individual => "1 for every delivery",
        _ => "0.5 for every delivery and 0.5 for every return",
    };

    /// <summary>The warehouse of this size.</summary>
    internal WarehouseLayout Layout()
    {
        var (rows, columns) = Size switch
        {
            WarehouseSize.Tiny => (1, 3),
            WarehouseSize.Small => (2, 3),
            WarehouseSize.Medium => (2, 5),
            _ => (3, 5),
        };
        return new WarehouseLayout(rows, columns, ColumnHeight, margin: SensorRange);
    }

    /// <summary>How many shelves of a warehouse are requested at any time.</summary>
    /// <exception cref="ArgumentException">There would be none, or all.</exception>
    internal int Requests(WarehouseLayout layout)
    {
        var requests = Difficulty switch
        {
            WarehouseDifficulty.Easy => 2 * Agents,
            WarehouseDifficulty.Normal => Agents,
            _ => Agents / 2,
        };
        var given = $"agents={Agents} with difficulty={SettingsBinder.Kebab(Difficulty.ToString())}";
        if (requests == 0) throw new ArgumentException($"{given} requests no shelf: choose agents=2 or more, or difficulty=normal.");
        if (requests >= layout.Places.Length)
        {
            throw new ArgumentException($"{given} requests {requests} shelves, but it must be fewer than the {layout.Places.Length} that "
                + "there are: choose fewer agents, a greater size or a greater column-height.");
        }

        return requests;
    }
}
