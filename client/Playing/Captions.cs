using Madrl.Environments;
using Madrl.Environments.Drawing;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Playing;

/// <summary>The words around a picture.</summary>
/// <param name="players">The game and who plays.</param>
/// <param name="seed">Seed of the episodes.</param>
/// <param name="episodes">How many are played.</param>
internal sealed class Captions(Players players, ulong seed, int episodes)
{
    /// <summary>So many agents' returns fit on a line; of more, the lowest and the highest are named.</summary>
    private const int Named = 5;

    private GameSpec Game => players.Game.Spec;

    /// <summary>A picture of a film.</summary>
    public Frame Frame(Moment moment) => new(
        moment.Draw(), $"{Game.Task} · {players.Name} · seed {seed}", When(moment), $"return {Format.Return(moment.Returns.Sum())}",
        Returns(moment.Returns), moment.IsLast);

    /// <summary>What each agent has earned; empty for a single one.</summary>
    public string Returns(IReadOnlyList<double> returns)
    {
        if (returns.Count == 1) return "";
        if (returns.Count > Named && returns.All(value => value == returns[0])) return $"{returns.Count} agents, each {Format.Return(returns[0])}";
        var agents = Enumerable.Range(0, returns.Count).ToArray();
        if (agents.Length > Named) agents = [agents.MinBy(agent => returns[agent]), agents.MaxBy(agent => returns[agent])];
        var list = string.Join(", ", agents.Select(agent => $"{Game.Agents[agent].Name} {Format.Return(returns[agent])}"));
        return agents.Length < returns.Count ? $"{returns.Count} agents, from {list.Replace(", ", " to ", StringComparison.Ordinal)}" : list;
    }

    private string When(Moment moment)
    {
        var step = $"step {moment.Step} of {Game.EpisodeLimit}";
        return episodes == 1 ? step : $"episode {moment.Episode} · {step}";
    }
}
