using System.Text.Json;
using Madrl.Environments.Games.Foraging;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>One recorded episode of lb-foraging, and the game in its initial state.</summary>
internal sealed class ForagingReplay
{
    public ForagingReplay(string file, int copies)
    {
        Episode = ReferenceData.ReadJson(file);
        Steps = [.. Episode.GetProperty("steps").EnumerateArray()];
        var options = Episode.GetProperty("options");
        foreach (var (field, value) in new[] { ("min_player_level", "1"), ("min_food_level", "1"), ("grid_observation", "false") })
        {
            if (options.GetProperty(field).GetRawText() != value)
                throw new InvalidDataException($"{file}: {field} must be {value}, but is {options.GetProperty(field).GetRawText()}.");
        }

        var maxFoodLevel = options.GetProperty("max_food_level");
        Options = new ForagingOptions
        {
            Rows = options.GetProperty("field_size")[0].GetInt32(),
            Columns = options.GetProperty("field_size")[1].GetInt32(),
            Players = options.GetProperty("players").GetInt32(),
            Foods = options.GetProperty("max_num_food").GetInt32(),
            Sight = options.GetProperty("sight").GetInt32(),
            Cooperative = options.GetProperty("force_coop").GetBoolean(),
            Penalty = options.GetProperty("penalty").GetDouble(),
            ObserveLevels = options.GetProperty("observe_agent_levels").GetBoolean(),
            MaxPlayerLevel = options.GetProperty("max_player_level").GetInt32(),
            MaxFoodLevel = maxFoodLevel.ValueKind == JsonValueKind.Null ? 0 : maxFoodLevel.GetInt32(),
            EpisodeLimit = options.GetProperty("max_episode_steps").GetInt32(),
        };
        Game = (ForagingGame)new ForagingDefinition().Create(copies, Options);
        var initial = Episode.GetProperty("initial");
        (int, int, int)[] players = [.. initial.GetProperty("players").EnumerateArray().Select(player =>
            (player.GetProperty("row").GetInt32(), player.GetProperty("col").GetInt32(), player.GetProperty("level").GetInt32()))];
        for (var copy = 0; copy < copies; copy++) Game.Field.Set(copy, players, Foods(initial.GetProperty("field")));
    }

    public ForagingOptions Options { get; }

    public ForagingGame Game { get; }

    public JsonElement Episode { get; }

    public IReadOnlyList<JsonElement> Steps { get; }

    /// <summary>The foods of a recorded field, row by row.</summary>
    public static (int Row, int Column, int Level)[] Foods(JsonElement field) =>
    [
        .. field.EnumerateArray().Index()
            .SelectMany(row => row.Item.GetString()!.Select((digit, column) => (row.Index, column, digit - '0')))
            .Where(cell => cell.Item3 > 0),
    ];

    /// <summary>The actions of a step, the same in every copy.</summary>
    public float[][] Actions(JsonElement step) =>
        [.. step.GetProperty("actions").EnumerateArray().Select(action => Enumerable.Repeat(action.GetSingle(), Game.Copies).ToArray())];
}
