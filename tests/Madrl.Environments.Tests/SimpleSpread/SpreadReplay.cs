using System.Text.Json;
using Madrl.Environments.Games.SimpleSpread;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.SimpleSpread;

/// <summary>One recorded episode of the reference programs, and the game in its initial state.</summary>
internal sealed class SpreadReplay
{
    private readonly string[] _names;

    public SpreadReplay(string file, int copies = 1)
    {
        var episode = ReferenceData.ReadJson(file);
        _names = [.. episode.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("name").GetString()!)];
        Steps = [.. episode.GetProperty("steps").EnumerateArray()];
        InitialObservations = episode.GetProperty("initial_obs");
        IsSoft = episode.GetProperty("action_mode").GetString() == "soft";
        var ratio = episode.GetProperty("local_ratio");
        var options = new SimpleSpreadOptions
        {
            Agents = _names.Length,
            Actions = Enum.Parse<SpreadActions>(episode.GetProperty("action_mode").GetString()!, ignoreCase: true),
            EpisodeLimit = Steps.Count,
            LocalRatio = ratio.ValueKind == JsonValueKind.Null ? SimpleSpreadOptions.DefaultLocalRatio : ratio.GetDouble(),
        };
        Game = new SimpleSpreadDefinition().Create(copies, episode.GetProperty("rules").GetString()!, options);

        var initial = episode.GetProperty("initial");
        var agents = initial.GetProperty("agents").EnumerateArray().ToArray();
        var landmarks = initial.GetProperty("landmarks").EnumerateArray();
        double[] positions = [.. agents.Concat(landmarks).SelectMany(entity => Numbers(entity.GetProperty("p_pos")))];
        double[] velocities = [.. agents.SelectMany(agent => Numbers(agent.GetProperty("p_vel")))];
        for (var copy = 0; copy < copies; copy++) Game.SetState(copy, positions, velocities);
    }

    public SimpleSpreadGame Game { get; }

    public IReadOnlyList<JsonElement> Steps { get; }

    public JsonElement InitialObservations { get; }

    public bool IsSoft { get; }

    public int Agents => _names.Length;

    /// <summary>An agent's entry in a table by agent name.</summary>
    public JsonElement Of(int agent, JsonElement table) => table.GetProperty(_names[agent]);

    /// <summary>An agent's recorded action as numbers.</summary>
    public double[] Action(int agent, JsonElement step)
    {
        var action = Of(agent, step.GetProperty("actions"));
        return action.ValueKind == JsonValueKind.Number ? [action.GetDouble()] : Numbers(action);
    }

    /// <summary>The actions of a step as the game takes them, the same in every copy.</summary>
    public float[][] Actions(JsonElement step) =>
        [.. Enumerable.Range(0, Agents).Select(agent => Enumerable.Repeat(Action(agent, step), Game.Copies)
            .SelectMany(action => action).Select(number => (float)number).ToArray())];

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
