using System.Text.Json;
using Madrl.Environments.Games.Warehouse;
using Madrl.Tests.Shared;

namespace Madrl.Environments.Tests.Warehouse;

/// <summary>One recorded episode of the reference program.</summary>
internal sealed class WarehouseReplay
{
    private readonly JsonElement _episode;

    public WarehouseReplay(string file)
    {
        _episode = ReferenceData.ReadJson(file);
        Steps = [.. _episode.GetProperty("steps").EnumerateArray()];
        var options = _episode.GetProperty("options");
        var (agents, requests) = (options.GetProperty("n_agents").GetInt32(), options.GetProperty("request_queue_size").GetInt32());
        foreach (var (field, value) in new[] { ("msg_bits", "0"), ("max_inactivity_steps", "null") })
        {
            if (options.GetProperty(field).GetRawText() != value)
                throw new InvalidDataException($"{file}: {field} must be {value}, but is {options.GetProperty(field).GetRawText()}.");
        }

        Options = new WarehouseOptions
        {
            Size = (options.GetProperty("shelf_rows").GetInt32(), options.GetProperty("shelf_columns").GetInt32()) switch
            {
                (1, 3) => WarehouseSize.Tiny,
                (2, 3) => WarehouseSize.Small,
                (2, 5) => WarehouseSize.Medium,
                (3, 5) => WarehouseSize.Large,
                var (rows, columns) =>
                    throw new InvalidDataException($"{file}: no size has shelf_rows {rows} and shelf_columns {columns}."),
            },
            Agents = agents,
            Difficulty = requests == 2 * agents ? WarehouseDifficulty.Easy
                : requests == agents ? WarehouseDifficulty.Normal
                : requests == agents / 2 ? WarehouseDifficulty.Hard
                : throw new InvalidDataException($"{file}: request_queue_size {requests} belongs to no difficulty for n_agents {agents}."),
            RewardType = Enum.Parse<WarehouseReward>(options.GetProperty("reward_type").GetString()!.Replace("_", ""), ignoreCase: true),
            SensorRange = options.GetProperty("sensor_range").GetInt32(),
            ColumnHeight = options.GetProperty("column_height").GetInt32(),
            EpisodeLimit = options.GetProperty("max_steps").GetInt32(),
        };
        RequestCount = requests;
    }

    public WarehouseOptions Options { get; }

    public int RequestCount { get; }

    public IReadOnlyList<JsonElement> Steps { get; }

    public JsonElement this[string field] => _episode.GetProperty(field);

    /// <summary>Puts a copy into the initial state.</summary>
    public void Begin(RecordedWarehouse game, int copy)
    {
        var initial = this["initial"];
        game.Set(copy, Lists(initial.GetProperty("agents")), Lists(initial.GetProperty("shelves")), Numbers(initial.GetProperty("queue")));
    }

    /// <summary>Where the shelves stand before the first step and after each.</summary>
    public IReadOnlyList<int[][]> Shelves()
    {
        List<int[][]> all = [Lists(this["initial"].GetProperty("shelves"))];
        foreach (var step in Steps)
        {
            int[][] shelves = [.. all[^1]];
            foreach (var moved in Lists(step.GetProperty("moved_shelves"))) shelves[moved[0] - 1] = moved[1..];
            all.Add(shelves);
        }

        return all;
    }

    /// <summary>An observation as numbers.</summary>
    public static float[] Observation(JsonElement recorded) =>
        [recorded[0].GetInt32(), recorded[1].GetInt32(), .. recorded[2].GetString()!.Select(bit => bit == '1' ? 1f : 0)];

    public static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    public static int[][] Lists(JsonElement list) => [.. list.EnumerateArray().Select(Numbers)];
}
