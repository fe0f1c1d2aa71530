using System.Globalization;
using System.Text.Json;
using Madrl.Environments.Games.Particles;
using Madrl.Environments.Games.Particles.Tasks;
using Madrl.Environments.Settings;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Particles;

/// <summary>One recorded episode of the reference programs, and the game in its initial state.</summary>
internal sealed class ParticleReplay
{
    private readonly string[] _names;
    private readonly JsonElement _initial;

    public ParticleReplay(string file, int copies = 1)
    {
        var episode = ReferenceData.ReadJson(file);
        var agents = List(episode, "agents");
        _names = [.. agents.Select(agent => agent.GetProperty("name").GetString()!)];
        _initial = episode.GetProperty("initial");
        Steps = List(episode, "steps");
        InitialObservations = episode.GetProperty("initial_obs");
        var mode = episode.GetProperty("action_mode").GetString()!;
        IsSoft = mode == "soft";
        var task = GameCatalog.Find(episode.GetProperty("task").GetString()!.Replace('_', '-'));
        var known = SettingsBinder.Describe(task.OptionsType).Select(option => option.Name);
        var options = Options(episode, agents, mode).Where(option => known.Contains(option.Key)).ToDictionary();
        Game = (ParticleGame)task.Create(copies, episode.GetProperty("rules").GetString()!, options);
        for (var copy = 0; copy < copies; copy++) SetState(copy);
    }

    public ParticleGame Game { get; }

    public IReadOnlyList<JsonElement> Steps { get; }

    public JsonElement InitialObservations { get; }

    public bool IsSoft { get; }

    public int Agents => _names.Length;

    /// <summary>An agent's entry in a table by agent name.</summary>
    public JsonElement Of(int agent, JsonElement table) => table.GetProperty(_names[agent]);

    /// <summary>An agent's recorded action as numbers; a move and a word are one number.</summary>
    public double[] Action(int agent, JsonElement step)
    {
        var action = Of(agent, step.GetProperty("actions"));
        if (action.ValueKind == JsonValueKind.Number) return [action.GetDouble()];
        var numbers = Numbers(action);
        return Game.Spec.Agents[agent].Actions is ActionSpace.Discrete ? [numbers[0] + 5 * numbers.ElementAtOrDefault(1)] : numbers;
    }

    /// <summary>The actions of a step as the game takes them, the same in every copy.</summary>
    public float[][] Actions(JsonElement step) =>
        [.. Enumerable.Range(0, Agents).Select(agent => Enumerable.Repeat(Action(agent, step), Game.Copies)
            .SelectMany(action => action).Select(number => (float)number).ToArray())];

    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private static JsonElement[] List(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray()];

    /// <summary>What the episode's numbers of agents and landmarks mean as options; a task takes of them those that it has.</summary>
    private static Dictionary<string, string> Options(JsonElement episode, JsonElement[] agents, string mode)
    {
        var landmarks = List(episode, "landmarks").CountBy(landmark => landmark.GetProperty("kind").GetString()!).ToDictionary();
        var adversaries = agents.Count(agent => agent.GetProperty("adversary").GetBoolean());
        Dictionary<string, string> options = new()
        {
            ["actions"] = mode,
            ["episode-limit"] = Text(List(episode, "steps").Length),
            ["agents"] = Text(agents.Length - adversaries),
            ["good"] = Text(agents.Length - adversaries),
            ["adversaries"] = Text(adversaries),
            ["obstacles"] = Text(landmarks.GetValueOrDefault("landmark")),
            ["food"] = Text(landmarks.GetValueOrDefault("food")),
            ["forests"] = Text(landmarks.GetValueOrDefault("forest")),
        };
        if (episode.GetProperty("local_ratio") is { ValueKind: JsonValueKind.Number } ratio) options["local-ratio"] = ratio.GetRawText();
        return options;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void SetState(int copy)
    {
        var (lane, scene) = (Game.State[copy], Game.Task.Scene);
        var agents = List(_initial, "agents");
        foreach (var (entity, body) in agents.Concat(List(_initial, "landmarks")).Index()) Set(scene.Position(entity), body, "p_pos");
        foreach (var (agent, body) in agents.Index())
        {
            Set(scene.Velocity(agent), body, "p_vel");
            if (scene.Agents[agent].Speaks) Set(scene.Said(agent), body, "c");
        }

        SetGoals(lane);
        Game.Task.Derive(Game.State.LanesOf(copy));

        void Set(int row, JsonElement body, string name)
        {
            foreach (var (i, number) in Numbers(body.GetProperty(name)).Index()) lane[row + i] = number;
        }
    }

    private void SetGoals(CopyLane lane)
    {
        var goals = List(_initial, "goals");
        switch (Game.Task)
        {
            case SimpleSpeakerListenerTask task: task.Goals.Choose(lane, Landmark(0, "goal_b")); break;
            case SimpleAdversaryTask task: task.Goals.Choose(lane, Landmark(0, "goal_a")); break;
            case SimplePushTask task: task.Goals.Choose(lane, Landmark(0, "goal_a")); break;
            case SimpleCryptoTask task:
                task.Secret.Choose(lane, Landmark(2, "goal_a"));
                task.Key.Choose(lane, goals[2].GetProperty("key_landmark").GetInt32());
                break;
            case SimpleReferenceTask task:
                foreach (var agent in Enumerable.Range(0, 2)) task.Goals(agent).Choose(lane, Landmark(agent, "goal_b"));
                break;
        }

        int Landmark(int agent, string goal) => goals[agent].GetProperty(goal).GetProperty("index").GetInt32();
    }
}
