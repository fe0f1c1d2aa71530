using System.Text.Json.Nodes;
using Madrl.Environments;
using Madrl.Environments.Settings;
using Madrl.Terminal.Output;
using Spectre.Console;

namespace Madrl.Terminal.Listing;

/// <summary>A task as the console lists it, with its options at their defaults.</summary>
internal static class TaskListing
{
    /// <summary>One object of type <c>task</c>.</summary>
    public static string ToJson(GameDefinition game)
    {
        var spec = Spec(game, game.Rules[0]);
        return new JsonObject
        {
            ["type"] = "task",
            ["task"] = game.Task,
            ["summary"] = game.Summary,
            ["rules"] = new JsonArray([.. game.Rules.Select(rules => new JsonObject
            {
                ["name"] = rules, ["returnScale"] = Spec(game, rules).ReturnScale,
            })]),
            ["agents"] = new JsonArray([.. spec.Agents.Select(agent => new JsonObject
            {
                ["name"] = agent.Name, ["observationSize"] = agent.ObservationSize, ["actions"] = Describe(agent.Actions),
            })]),
            ["stateSize"] = spec.StateSize,
            ["episodeLimit"] = spec.EpisodeLimit,
            ["options"] = SettingsListing.ToJson(SettingsBinder.Describe(game.OptionsType)),
        }.ToCompactString();
    }

    /// <summary>Writes it for people.</summary>
    public static void Write(GameDefinition game)
    {
        var spec = Spec(game, game.Rules[0]);
        var kinds = spec.Agents.GroupBy(agent => (agent.ObservationSize, Actions: Describe(agent.Actions)))
            .Select(kind => $"{kind.Count()} that observe {kind.Key.ObservationSize} numbers and choose {kind.Key.Actions}");
        Screen.Out.MarkupLineInterpolated($"[bold]{game.Task}[/]  {game.Summary}");
        Console.Out.WriteLine($"  agents   {string.Join("; ", kinds)}");
        Console.Out.WriteLine($"  state    {spec.StateSize} numbers; an episode has at most {spec.EpisodeLimit} steps");
        foreach (var rules in game.Rules)
        {
            var remark = rules == game.Rules[0] ? " (default)" : "";
            Console.Out.WriteLine($"  rules    {rules}{remark}: a return is the {Spec(game, rules).ReturnScale}");
        }

        SettingsListing.Write("options", SettingsBinder.Describe(game.OptionsType));
    }

    private static GameSpec Spec(GameDefinition game, string rules) =>
        game.Create(1, rules, new Dictionary<string, string>()).Spec;

    private static string Describe(ActionSpace actions) => actions switch
    {
        ActionSpace.Discrete discrete => $"one of {discrete.Count} actions",
        ActionSpace.Box box => $"{box.Size} numbers from {box.Low} to {box.High}",
        _ => throw new InvalidOperationException($"An action space {actions.GetType().Name} has no words yet."),
    };
}
