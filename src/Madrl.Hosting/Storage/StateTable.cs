using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Madrl.Hosting.Storage;

/// <summary>Names one state of one grain.</summary>
internal readonly record struct StateKey(string Grain, string Name);

/// <summary>A stored state; without payload it was cleared.</summary>
internal sealed record StateRow(long Version, string? Payload);

/// <summary>The statements on the table of grain states. Each changes one row in a transaction of its own.</summary>
internal static class StateTable
{
    public static readonly SqliteSchema Schema = new()
    {
        Contents = "grain state",
        Renewal = "start a new run",
        ApplicationId = 0x4D41444C, // "MADL"
        Version = 1,
        // A cleared state keeps its row, without payload, so that its version goes on rising: after clear and write, an ETag
        // from before the clear must not match again.
        Tables = """
            CREATE TABLE grain_state (
                grain TEXT NOT NULL,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                payload TEXT,
                modified TEXT NOT NULL,
                PRIMARY KEY (grain, name)
            ) STRICT, WITHOUT ROWID;
            """,
    };

    public static StateRow? Read(SqliteConnection connection, StateKey key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, payload FROM grain_state WHERE grain = $grain AND name = $name";
        AddKey(command, key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StateRow(reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1)) : null;
    }

    /// <summary>Replaces the row of the given version (0: no row yet) by the next version.</summary>
    /// <returns>False if the stored version is another; then nothing was changed.</returns>
    public static bool Replace(SqliteConnection connection, StateKey key, long version, string? payload, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = version == 0
            ? """
              INSERT INTO grain_state (grain, name, version, payload, modified) VALUES ($grain, $name, 1, $payload, $modified)
              ON CONFLICT DO NOTHING
              """
            : """
              UPDATE grain_state SET version = version + 1, payload = $payload, modified = $modified
              WHERE grain = $grain AND name = $name AND version = $version
              """;
        AddKey(command, key);
        command.Parameters.AddWithValue("$payload", (object?)payload ?? DBNull.Value);
        command.Parameters.AddWithValue("$modified", now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (version != 0) command.Parameters.AddWithValue("$version", version);
        return command.ExecuteNonQuery() == 1;
    }

    private static void AddKey(SqliteCommand command, StateKey key)
    {
        command.Parameters.AddWithValue("$grain", key.Grain);
        command.Parameters.AddWithValue("$name", key.Name);
    }
}
