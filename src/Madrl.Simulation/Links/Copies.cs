using System.Text.Json;
using Madrl.Environments;

namespace Madrl.Simulation.Links;

/// <summary>Makes copies of what travels: between grains nothing mutable is shared either.</summary>
internal static class Copies
{
    /// <summary>A rollout of its own.</summary>
    public static Rollout Of(Rollout rollout) => new(
        Of(rollout.Observations), Of(rollout.Actions), Of(rollout.Rewards), [.. rollout.States], [.. rollout.Lengths], [.. rollout.Terminated]);

    /// <summary>What travels as JSON.</summary>
    public static string? ToJson<T>(T? value)
        where T : class => value is null ? null : JsonSerializer.Serialize(value);

    /// <summary>What has travelled as JSON.</summary>
    public static T? FromJson<T>(string? json)
        where T : class => json is null ? null : JsonSerializer.Deserialize<T>(json);

    /// <summary>The same by way of JSON.</summary>
    public static T ByJson<T>(T value)
        where T : class => FromJson<T>(ToJson(value))!;

    private static float[][] Of(float[][] values) => [.. values.Select(row => (float[])[.. row])];
}
