using Madrl.Environments.Settings;

namespace Madrl.Environments.Games.Warehouse;

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
