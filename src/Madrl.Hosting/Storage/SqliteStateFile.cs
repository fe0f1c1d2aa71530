using Microsoft.Data.Sqlite;

namespace Madrl.Hosting.Storage;

/// <summary>
/// The SQLite file below <see cref="SqliteGrainStorage"/>: its schema, how it is opened, and its errors in words.
/// One connection, used by one caller at a time: writers of one file take turns anyway, and closing it leaves one plain file.
/// </summary>
internal sealed class SqliteStateFile : IDisposable
{
    /// <summary>Version of the schema. A file of a newer one is refused.</summary>
    public const int SchemaVersion = 1;

    // "MADL": tells our files from those of other programs.
    private const int ApplicationId = 0x4D41444C;

    // How long another process may hold the file before an operation gives up.
    private const int BusySeconds = 10;

    // A cleared state keeps its row, without payload, so that its version goes on rising: after clear and write, an ETag
    // from before the clear must not match again.
    private const string Schema = """
        CREATE TABLE grain_state (
            grain TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            payload TEXT,
            modified TEXT NOT NULL,
            PRIMARY KEY (grain, name)
        ) STRICT, WITHOUT ROWID;
        """;

    private readonly SemaphoreSlim turn = new(1, 1);
    private SqliteConnection? connection;
    private bool disposed;

    public SqliteStateFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = Path.GetFullPath(path);
    }

    public string FilePath { get; }

    /// <summary>Runs an operation on the thread pool, off the scheduler of whichever grain asks.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    /// <exception cref="ObjectDisposedException">The storage is closed.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> operation)
    {
        await turn.WaitAsync();
        try
        {
            return await Task.Run(() => Run(operation));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Opens the file now, so that an unusable one is found before anything rests on it.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public void Check() => Run(_ => true);

    /// <summary>Waits for the operation under way and closes the file.</summary>
    public void Dispose()
    {
        turn.Wait();
        disposed = true;
        Close();
        turn.Release();
    }

    private T Run<T>(Func<SqliteConnection, T> operation)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        try
        {
            connection ??= Open();
            return operation(connection);
        }
        catch (SqliteException error)
        {
            // The next operation opens the file afresh: an error may have left the connection inside a transaction.
            Close();
            throw Explain(error);
        }
    }

    private void Close()
    {
        connection?.Dispose();
        connection = null;
    }

    private SqliteConnection Open()
    {
        DurableDirectory.Create(Path.GetDirectoryName(FilePath)!);
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = FilePath,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            opened.Open();
            // WAL with a flush per commit survives kill -9 and power loss at one flush each. EXTRA, not FULL, because a file
            // system without shared memory falls back to a rollback journal, whose deletion must be flushed as well.
            Execute(opened, "PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = EXTRA;");
            CheckIntegrity(opened);
            EnsureSchema(opened);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private void CheckIntegrity(SqliteConnection opened)
    {
        var verdict = (string)Scalar(opened, "PRAGMA quick_check(1)");
        if (verdict != "ok") throw Damaged(verdict, null);
    }

    private void EnsureSchema(SqliteConnection opened)
    {
        // Immediate: of two processes that start on a new file at once, the second waits and then finds the schema.
        using var transaction = opened.BeginTransaction(deferred: false);
        var version = (long)Scalar(opened, "PRAGMA user_version");
        var application = (long)Scalar(opened, "PRAGMA application_id");
        var isNew = version == 0 && application == 0 && (long)Scalar(opened, "SELECT count(*) FROM sqlite_schema") == 0;
        if (isNew)
            Execute(opened, $"{Schema} PRAGMA user_version = {SchemaVersion}; PRAGMA application_id = {ApplicationId};");
        else if (application != ApplicationId)
            throw new StorageException($"'{FilePath}' is a database of another program; name another file for the grain state.");
        else if (version > SchemaVersion)
            throw new StorageException(
                $"'{FilePath}' was written by a newer version (schema {version}); this program reads schema {SchemaVersion}: "
                + "use the newer program.");
        transaction.Commit();
        if (isNew) DurableDirectory.Flush(Path.GetDirectoryName(FilePath)!);
    }

    private StorageException Explain(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => Failed("the disk is full; free some space", error),
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM =>
            Failed("it cannot be opened for writing; let this user write to the file and its folder", error),
        SQLitePCL.raw.SQLITE_IOERR => Failed("the disk refused it; check that it is not full or damaged", error),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            Failed($"another process has held it for more than {BusySeconds} s; stop that process", error),
        SQLitePCL.raw.SQLITE_NOTADB => Damaged("it is not a database", error),
        SQLitePCL.raw.SQLITE_CORRUPT => Damaged("its pages are inconsistent", error),
        _ => Failed("SQLite refused the operation", error),
    };

    private StorageException Failed(string reason, SqliteException error) =>
        new($"Grain state '{FilePath}' cannot be used: {reason} ({error.Message.TrimEnd('.')}).", error);

    private StorageException Damaged(string reason, Exception? error) =>
        new(
            $"Grain state '{FilePath}' is damaged: {reason.ReplaceLineEndings(" ")}; restore it from a copy or start a new run.",
            error);

    private static void Execute(SqliteConnection opened, string sql)
    {
        using var command = opened.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object Scalar(SqliteConnection opened, string sql)
    {
        using var command = opened.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }
}
