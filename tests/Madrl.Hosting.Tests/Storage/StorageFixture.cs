using Madrl.Hosting.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Madrl.Hosting.Tests.Storage;

/// <summary>Makes storages outside a silo, and files that are not as they should be.</summary>
internal static class StorageFixture
{
    public static readonly GrainId SomeGrain = GrainId.Create("run", "a/b");

    private static readonly IActivatorProvider Activators =
        new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<IActivatorProvider>();

    public static SqliteGrainStorage Open(string path) => new(path, Activators, new StoppedClock());

    public static async Task<GrainState<T>> ReadAsync<T>(SqliteGrainStorage storage, GrainId? grain = null, string name = "state")
    {
        var state = new GrainState<T>();
        await storage.ReadStateAsync(name, grain ?? SomeGrain, state);
        return state;
    }

    public static void Execute(string path, string sql) => Scalar(path, sql + "; SELECT 0");

    public static object? Scalar(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

/// <summary>A grain's control state.</summary>
public sealed class ControlState
{
    public long Iteration { get; set; }

    public double Best { get; set; } = double.NegativeInfinity;

    public Dictionary<string, string> Notes { get; set; } = [];
}
