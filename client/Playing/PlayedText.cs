using System.Text.Json.Nodes;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Playing;

/// <summary>A played episode as the console tells it.</summary>
/// <param name="players">The game and who played.</param>
/// <param name="seed">Seed of the episodes.</param>
/// <param name="captions">The words for returns.</param>
internal sealed class PlayedText(Players players, ulong seed, Captions captions)
{
    /// <summary>One object of type <c>episode</c>.</summary>
    public string ToJson(PlayedEpisode episode) => new JsonObject
    {
        ["type"] = "episode",
        ["task"] = players.Game.Task,
        ["rules"] = players.Game.Rules,
        ["policy"] = players.Name,
        ["seed"] = seed,
        ["episode"] = episode.Episode,
        ["steps"] = episode.Steps,
        ["terminated"] = episode.Terminated,
        ["return"] = episode.Return,
        ["returnScale"] = players.Game.Spec.ReturnScale,
        ["agents"] = new JsonArray([.. players.Game.Spec.Agents.Select((agent, index) =>
            new JsonObject { ["name"] = agent.Name, ["return"] = episode.Returns[index] })]),
        ["terms"] = new JsonObject(episode.Terms.Select(term => KeyValuePair.Create(term.Name, (JsonNode?)term.Sum))),
    }.ToCompactString();

    /// <summary>A line for people.</summary>
    public string ToLine(PlayedEpisode episode)
    {
        var end = episode.Terminated ? "ended after" : "cut off after";
        var agents = captions.Returns(episode.Returns);
        return $"episode {episode.Episode}, {end} {Format.Count(episode.Steps)} step{(episode.Steps == 1 ? "" : "s")}: return {Format.Return(episode.Return)}"
            + (agents.Length > 0 ? $" ({agents})" : "") + string.Concat(episode.Terms.Select(term => $", {term.Name} {Format.Return(term.Sum)}"));
    }
}
