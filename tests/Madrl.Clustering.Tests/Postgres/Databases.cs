using Madrl.Clustering.Tests.Postgres;
using Madrl.Clustering.Tests.Servers;
using Npgsql;

[assembly: AssemblyFixture(typeof(Databases))]

namespace Madrl.Clustering.Tests.Postgres;

/// <summary>One server for all tests, with a database for each who asks.</summary>
public sealed class Databases : IAsyncLifetime
{
    private int _made;

    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Makes an empty database; its connections close as soon as they are not used.</summary>
    public async Task<string> CreateAsync()
    {
        var name = $"test{Interlocked.Increment(ref _made)}";
        await Server.ConnectionString.ExecuteAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = name }.ToString();
    }
}

internal static class Sql
{
    public static async Task ExecuteAsync(this string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> ScalarAsync<T>(this string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The same database for another user; what they may do is said there.</summary>
    public static string For(this string database, string user, string? password = null) =>
        new NpgsqlConnectionStringBuilder(database) { Username = user, Password = password }.ToString();
}

internal static class Eventually
{
    /// <summary>After this a test hangs rather than works.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(90);

    /// <summary>Asks until it is so.</summary>
    public static async Task IsAsync(string what, Func<Task<bool>> isSo)
    {
        using var deadline = new CancellationTokenSource(Hang);
        while (!await isSo())
        {
            if (deadline.IsCancellationRequested) throw new InvalidOperationException($"Not within {Hang.TotalSeconds} s: {what}.");
            await Task.Delay(50);
        }
    }
}
