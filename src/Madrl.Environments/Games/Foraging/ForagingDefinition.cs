namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// The task <c>lbf</c>: Level-Based Foraging. Source of the rules: Papoudakis, Christianos, Schäfer, Albrecht, "Benchmarking
/// Multi-Agent Deep Reinforcement Learning Algorithms in Cooperative Tasks", NeurIPS 2021, and its program lb-foraging (version 3).
/// </summary>
[Game]
public sealed class ForagingDefinition : GameDefinition<ForagingOptions>
{
    /// <inheritdoc/>
    public override string Task => "lbf";

    /// <inheritdoc/>
    public override string Summary => "Players collect the food of a field; a food of a high level must be loaded by several at once.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rules { get; } = ["lb-foraging"];

    /// <inheritdoc/>
    protected override IMarkovGame Make(int copies, string rules, ForagingOptions options)
    {
        options.Check();
        return new ForagingGame(copies, rules, options);
    }
}
