using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;

namespace Madrl.Hosting.Storage;

/// <summary>
/// Reminders in one SQLite file. Every write is durable when it completes, and no ETag is given twice, so that one from before a
/// row was removed and registered again never matches.
/// </summary>
/// <param name="path">The database file, which the first use creates.</param>
public sealed class SqliteReminderTable(string path) : IReminderTable, IDisposable
{
    private static readonly SqliteSchema _schema = new()
    {
        Contents = "reminder table",
        Renewal = "delete it, which forgets all reminders",
        ApplicationId = 0x4D414452, // "MADR"
        Version = 1,
        // start and period are ticks of 100 ns, start since the year 1 in UTC; hash is where the grain lies on the ring of silos.
        Tables = """
            CREATE TABLE reminder (
                etag INTEGER PRIMARY KEY AUTOINCREMENT,
                grain TEXT NOT NULL,
                name TEXT NOT NULL,
                hash INTEGER NOT NULL,
                start INTEGER NOT NULL,
                period INTEGER NOT NULL,
                UNIQUE (grain, name)
            ) STRICT;
            CREATE INDEX reminder_hash ON reminder (hash);
            """,
    };

    private readonly SqliteFile _file = new(path, _schema);

    /// <summary>Opens the file with the silo, so that an unusable one stops the start.</summary>
    /// <param name="cancellationToken">Not used: the longest wait is that for another process that holds the file, 10 s.</param>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _file.RunAsync(_ => true);

    /// <summary>Closes the file after the operation under way.</summary>
    /// <param name="cancellationToken">Not used.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => Task.Run(Dispose, CancellationToken.None);

    /// <summary>All reminders of a grain.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new(await SelectAsync("grain = $grain", ("$grain", grainId.ToString())));

    /// <summary>The reminders of the grains whose hash is in (begin, end], which goes round where begin is not below end.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) =>
        new(await SelectAsync(
            begin < end ? "hash > $begin AND hash <= $end" : "hash > $begin OR hash <= $end", ("$begin", begin), ("$end", end)));

    /// <summary>One reminder, or null.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        ArgumentNullException.ThrowIfNull(reminderName);
        var found = await SelectAsync("grain = $grain AND name = $name", ("$grain", grainId.ToString()), ("$name", reminderName));
        return found.SingleOrDefault();
    }

    /// <summary>Adds a reminder, or replaces the one of this grain and name whatever its ETag.</summary>
    /// <param name="entry">The reminder; a start of no known zone is taken as UTC.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(entry.ReminderName);
        var start = entry.StartAt.Kind == DateTimeKind.Local ? entry.StartAt.ToUniversalTime() : entry.StartAt;
        (string, object)[] values =
        [
            ("$grain", entry.GrainId.ToString()), ("$name", entry.ReminderName), ("$hash", entry.GrainId.GetUniformHashCode()),
            ("$start", start.Ticks), ("$period", entry.Period.Ticks),
        ];
        // Not RETURNING: the row would arrive before the commit, and an error of the commit would be lost.
        const string Upsert = """
            INSERT OR REPLACE INTO reminder (grain, name, hash, start, period) VALUES ($grain, $name, $hash, $start, $period);
            SELECT last_insert_rowid();
            """;
        return await _file.RunAsync(connection =>
        {
            using var command = Command(connection, Upsert, values);
            return ETag((long)command.ExecuteScalar()!);
        });
    }

    /// <summary>Removes a reminder if its ETag is still this one.</summary>
    /// <returns>False if it is gone or has another; then nothing was changed.</returns>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        ArgumentNullException.ThrowIfNull(reminderName);
        ArgumentNullException.ThrowIfNull(eTag);
        return _file.RunAsync(connection =>
        {
            using var command = Command(
                connection, "DELETE FROM reminder WHERE grain = $grain AND name = $name AND CAST(etag AS TEXT) = $etag",
                ("$grain", grainId.ToString()), ("$name", reminderName), ("$etag", eTag));
            return command.ExecuteNonQuery() == 1;
        });
    }

    /// <summary>Removes all reminders.</summary>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public Task TestOnlyClearTable() =>
        _file.RunAsync(connection =>
        {
            using var command = Command(connection, "DELETE FROM reminder");
            return command.ExecuteNonQuery();
        });

    /// <summary>Waits for the operation under way and closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private Task<List<ReminderEntry>> SelectAsync(string where, params (string Name, object Value)[] values) =>
        _file.RunAsync(connection =>
        {
            using var command = Command(connection, $"SELECT etag, grain, name, start, period FROM reminder WHERE {where}", values);
            using var reader = command.ExecuteReader();
            var found = new List<ReminderEntry>();
            while (reader.Read()) found.Add(Entry(reader));
            return found;
        });

    private static ReminderEntry Entry(SqliteDataReader reader) => new()
    {
        ETag = ETag(reader.GetInt64(0)),
        GrainId = GrainId.Parse(Text(reader, 1)),
        ReminderName = Text(reader, 2),
        StartAt = new DateTime(reader.GetInt64(3), DateTimeKind.Utc),
        Period = new TimeSpan(reader.GetInt64(4)),
    };

    // GetString would end at the first NUL.
    private static string Text(SqliteDataReader reader, int column) => Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(column));

    private static string ETag(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
