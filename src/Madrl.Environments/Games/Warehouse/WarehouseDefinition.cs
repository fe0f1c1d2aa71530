namespace Madrl.Environments.Games.Warehouse;

/// <summary>The task <c>rware</c>.</summary>
[Game]
public sealed class WarehouseDefinition : GameDefinition<WarehouseOptions>
{
    /// <inheritdoc/>
    public override string Task => "rware";

    /// <inheritdoc/>
    public override string Summary => "Robots carry requested shelves to the goals of a warehouse, and back, without blocking one another.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rules { get; } = ["robotic-warehouse"];

    /// <inheritdoc/>
    protected override IMarkovGame Make(int copies, string rules, WarehouseOptions options) => new WarehouseGame(copies, rules, options);
}
