using System.Data;
using System.Globalization;
using System.Text;
using Madrl.Hosting.Storage;
using Npgsql;

namespace Madrl.Clustering;

/// <summary>
/// The tables that Orleans' ADO.NET providers use, for PostgreSQL (tested with 15), and the table <c>OrleansQuery</c>, from which
/// the providers read their statements. What a provider of Orleans 10.4.2 asks of a statement (its key, parameters and columns)
/// is in its classes <c>DbStoredQueries</c>, <c>RelationalOrleansQueries</c> and <c>AdoNetGrainStorage</c>.
/// </summary>
public static class PostgresSchema
{
    /// <summary>Version of the schema. A database with a newer one is refused.</summary>
    public const int Version = 1;

    /// <summary>Key of the row of <c>OrleansQuery</c> that holds the version and tells our table from another's.</summary>
    internal const string VersionKey = "MadrlSchemaVersion";

    private const string Setting = "Madrl:AdoNet:ConnectionString";

    // "MADRL": one who holds this lock of the database is making the tables.
    private const long LockKey = 0x4D4144524C;

    private static readonly string[] _parts = ["Clustering", "Storage", "Reminders", "Streams"];

    /// <summary>
    /// Makes the tables in the first schema of the search path where they are missing, in one transaction. Silos that start at
    /// once may all call it: one makes the tables, the others wait and find them. Where they are, reading them is all it needs.
    /// </summary>
    /// <param name="connectionString">Npgsql's: host, user name, password and database.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    /// <exception cref="StorageException">
    /// The database cannot be used. The message is one line that names the setting, the server's words and the remedy, without
    /// the password.
    /// </exception>
    public static async Task EnsureAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var settings = Parse(connectionString);
        await using var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);

            // Read committed, whatever the server's default: what was committed while we waited for the lock must be seen.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
            if (await ReadVersionAsync(connection, cancellationToken) is { } found) Check(found);
            else await ExecuteAsync(connection, Script(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw Explain(settings, error);
        }
    }

    /// <returns>Null where there is no table, 0 where it is not ours.</returns>
    private static async Task<int?> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('OrleansQuery') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true) return null;
        await using var version = new NpgsqlCommand($"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{VersionKey}'", connection);
        return int.Parse((string?)await version.ExecuteScalarAsync(cancellationToken) ?? "0", CultureInfo.InvariantCulture);
    }

    private static void Check(int found)
    {
        if (found == 0)
            throw new StorageException(
                $"{Setting}: this database has a table OrleansQuery that another program made; name a database of its own.");
        if (found > Version)
            throw new StorageException(
                $"{Setting}: this database was set up by a newer version (schema {found}); this program knows schema {Version}: "
                + "use the newer program.");
    }

    private static string Script()
    {
        var script = new StringBuilder(
            $"""
            CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);
            INSERT INTO OrleansQuery VALUES ('{VersionKey}', '{Version}');
            """);
        foreach (var part in _parts)
        {
            using var resource = typeof(PostgresSchema).Assembly.GetManifestResourceStream($"Madrl.Clustering.Postgres.{part}.sql")!;
            using var reader = new StreamReader(resource);
            script.AppendLine().Append(reader.ReadToEnd());
        }

        return script.ToString();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            if (!string.IsNullOrWhiteSpace(settings.Host)) return settings;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            // Not told: a password that is not quoted ends up in the parser's message.
        }

        throw new StorageException(
            $"{Setting}: this is no connection string; write 'Host=...;Port=5432;Database=...;Username=...;Password=...', "
            + "a password with ';' in quotes.");
    }

    private static StorageException Explain(NpgsqlConnectionStringBuilder settings, NpgsqlException error)
    {
        var (said, remedy) = error switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
                (refused.MessageText, "grant this user CREATE on the schema and access to its tables, or let their owner start a silo first"),
            PostgresException refused => (refused.MessageText, "check user, password and database"),
            _ => (error.InnerException is { } cause ? $"{error.Message}: {cause.Message}" : error.Message,
                "check that the server runs and can be reached"),
        };
        var where = $"PostgreSQL at {settings.Host}:{settings.Port}, database '{settings.Database}', user '{settings.Username}'";
        return new StorageException($"{Setting}: {where}: {said.ReplaceLineEndings(" ").TrimEnd('.')}; {remedy}.", error);
    }
}
