using Microsoft.Data.Sqlite;

namespace Madrl.Hosting.Storage;

/// <summary>
/// A SQLite file of ours: how it is opened, its schema, and its errors in words.
/// One connection, used by one caller at a time: writers of one file take turns anyway, and closing it leaves one plain file.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    // How long another process may hold the file before an operation gives up.
    private const int BusySeconds = 10;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SqliteSchema schema;
    private SqliteConnection? connection;
    private bool disposed;

    /// <summary>A file, which the first use creates.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">What it holds.</param>
    public SqliteFile(string path, SqliteSchema schema)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        this.schema = schema;
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
            CheckWritable(opened);
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

    // SQLite opens a file that this user may only read without a word, and would refuse the first write.
    private static void CheckWritable(SqliteConnection opened)
    {
        if (SQLitePCL.raw.sqlite3_db_readonly(opened.Handle, "main") != 0)
            throw new SqliteException("It is read-only.", SQLitePCL.raw.SQLITE_READONLY);
    }

    private void EnsureSchema(SqliteConnection opened)
    {
        // Immediate: of two processes that start on a new file at once, the second waits and then finds the schema.
        using var transaction = opened.BeginTransaction(deferred: false);
        var version = (long)Scalar(opened, "PRAGMA user_version");
        var application = (long)Scalar(opened, "PRAGMA application_id");
        var isNew = version == 0 && application == 0 && (long)Scalar(opened, "SELECT count(*) FROM sqlite_schema") == 0;
        if (isNew)
            Execute(
                opened,
                $"{schema.Tables} PRAGMA user_version = {schema.Version}; PRAGMA application_id = {schema.ApplicationId};");
        else if (application != schema.ApplicationId)
            throw new StorageException(
                $"'{FilePath}' is a database of another program or kind; name another file for the {schema.Contents}.");
        else if (version > schema.Version)
            throw new StorageException(
                $"'{FilePath}' was written by a newer version (schema {version}); this program reads schema {schema.Version}: "
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
        new($"The {schema.Contents} '{FilePath}' cannot be used: {reason} ({error.Message.TrimEnd('.')}).", error);

    private StorageException Damaged(string reason, Exception? error) =>
        new(
            $"The {schema.Contents} '{FilePath}' is damaged: {reason.ReplaceLineEndings(" ")}; "
            + $"restore it from a copy or {schema.Renewal}.",
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
