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
}

/// <summary>The task <c>rware</c>.</summary>
public sealed class WarehouseDefinition : GameDefinition
{
    private const string RoboticWarehouse = "robotic-warehouse";

    /// <inheritdoc/>
    public override string Task => "rware";

    /// <inheritdoc/>
    public override string Summary => "Robots carry requested shelves to the goals of a warehouse, and back, without blocking one another.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rules { get; } = [RoboticWarehouse];

    /// <inheritdoc/>
    public override Type OptionsType => typeof(WarehouseOptions);

    /// <inheritdoc/>
    public override IMarkovGame Create(int copies, string rules, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (!Rules.Contains(rules)) throw new ArgumentException(NearestNames.Message("rule set of rware", rules, [.. Rules]));
        return Create(copies, SettingsBinder.Bind(new WarehouseOptions(), options));
    }

    /// <summary>Makes a batch of copies.</summary>
    /// <param name="copies">Copies in the batch, at least 1.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The options do not go together; the message names the option and the remedy.</exception>
    public IMarkovGame Create(int copies, WarehouseOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentNullException.ThrowIfNull(options);
        return new WarehouseGame(copies, RoboticWarehouse, options);
    }
}
