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
    public static async Task<string> ToJsonAsync(GameDefinition game)
    {
        var spec = Choice(game, game.Rules[0]).Spec;
        var rules = new JsonArray();
        foreach (var name in game.Rules) rules.Add(RulesToJson(name, Choice(game, name).Spec, await References.MeasureAsync(Choice(game, name))));
        return new JsonObject
        {
            ["type"] = "task",
            ["task"] = game.Task,
            ["summary"] = game.Summary,
            ["rules"] = rules,
            ["agents"] = new JsonArray([.. spec.Agents.Select(agent => new JsonObject
            {
                ["name"] = agent.Name, ["observationSize"] = agent.ObservationSize, ["actions"] = Describe(agent.Actions),
            })]),
            ["stateSize"] = spec.StateSize,
            ["episodeLimit"] = spec.EpisodeLimit,
            ["options"] = SettingsListing.ToJson(SettingsBinder.Describe(game.OptionsType)),
        }.ToCompactString();
    }

    /// <summary>Writes all about one task for people.</summary>
    public static async Task WriteAsync(GameDefinition game)
    {
        var spec = Choice(game, game.Rules[0]).Spec;
        var kinds = spec.Agents.GroupBy(agent => (agent.ObservationSize, Actions: Describe(agent.Actions)))
            .Select(kind => $"{kind.Count()} that observe {kind.Key.ObservationSize} numbers and choose {kind.Key.Actions}");
        Screen.Out.MarkupLineInterpolated($"[bold]{game.Task}[/]  {game.Summary}");
        Console.Out.WriteLine($"  agents   {string.Join("; ", kinds)}");
        Console.Out.WriteLine($"  state    {spec.StateSize} numbers; an episode has at most {spec.EpisodeLimit} steps");
        foreach (var name in game.Rules)
        {
            var choice = Choice(game, name);
            var remark = name == game.Rules[0] ? " (default)" : "";
            var references = await References.MeasureAsync(choice);
            Console.Out.WriteLine($"  rules    {name}{remark}: a return is the {choice.Spec.ReturnScale}");
            Console.Out.WriteLine($"           random {Format.Return(references.Random)}, scripted {Format.Return(references.Scripted)}, {references.Episodes} test episodes{references.Note}");
        }

        SettingsListing.Write("options", SettingsBinder.Describe(game.OptionsType));
    }

    private static JsonObject RulesToJson(string name, GameSpec spec, References references) => new()
    {
        ["name"] = name,
        ["returnScale"] = spec.ReturnScale,
        ["episodes"] = references.Episodes,
        ["cutAfter"] = references.CutAfter,
        ["randomReturn"] = references.Random.Mean,
        ["randomCi95"] = references.Random.Ci95,
        ["scriptedReturn"] = references.Scripted.Mean,
        ["scriptedCi95"] = references.Scripted.Ci95,
    };

    private static GameChoice Choice(GameDefinition game, string rules) => new(game.Task, rules, new Dictionary<string, string>());

    private static string Describe(ActionSpace actions) => actions switch
    {
        ActionSpace.Discrete discrete => $"one of {discrete.Count} actions",
        ActionSpace.Box box => $"{box.Size} numbers from {box.Low} to {box.High}",
        _ => throw new InvalidOperationException($"An action space {actions.GetType().Name} has no words yet."),
    };
}
