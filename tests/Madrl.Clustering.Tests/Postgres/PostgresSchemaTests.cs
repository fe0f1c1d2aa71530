using Madrl.Clustering.Tests.Servers;
using Madrl.Hosting.Storage;
using Npgsql;

namespace Madrl.Clustering.Tests.Postgres;

public class PostgresSchemaTests(Databases databases)
{
    private const string CountTables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";

    [Fact]
    public async Task Makes_the_tables_once_and_keeps_what_is_in_them()
    {
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database, TestContext.Current.CancellationToken);
        var tables = await database.ScalarAsync<long>(CountTables);
        await database.ExecuteAsync("INSERT INTO OrleansCluster VALUES ('kept', 7)");
        await PostgresSchema.EnsureAsync(database, TestContext.Current.CancellationToken);
        Assert.Equal(8, tables);
        Assert.Equal(tables, await database.ScalarAsync<long>(CountTables));
        Assert.Equal(7, await database.ScalarAsync<int>("SELECT Version FROM OrleansCluster WHERE DeploymentId = 'kept'"));
    }

    [Fact]
    public async Task Four_that_start_at_once_make_it_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var database = await databases.CreateAsync();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgresSchema.EnsureAsync(database))));
            Assert.Equal(8, await database.ScalarAsync<long>(CountTables));
        }
    }

    [Fact]
    public async Task Gives_up_without_a_trace()
    {
        var database = await databases.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE OrleansStreamMessage (taken integer)");
        var error = await Assert.ThrowsAsync<StorageException>(() => PostgresSchema.EnsureAsync(database));
        Assert.Contains("already exists", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await database.ScalarAsync<long>(CountTables));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => PostgresSchema.EnsureAsync(database, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Refuses_a_newer_schema()
    {
        var database = await databases.CreateAsync();
        await PostgresSchema.EnsureAsync(database);
        await database.ExecuteAsync($"UPDATE OrleansQuery SET QueryText = '2' WHERE QueryKey = '{PostgresSchema.VersionKey}'");
        await AssertRefusedAsync(database, "set up by a newer version (schema 2)");
    }

    [Fact]
    public async Task Refuses_a_database_whose_OrleansQuery_another_made()
    {
        var database = await databases.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE OrleansQuery (QueryKey varchar(64), QueryText varchar(8000))");
        await AssertRefusedAsync(database, "OrleansQuery that another program made");
    }

    [Fact]
    public async Task One_without_the_right_to_create_is_told_so_and_may_use_what_is_there()
    {
        var database = await databases.CreateAsync();
        await database.ExecuteAsync("CREATE ROLE guest LOGIN");
        var guest = database.For("guest");
        await AssertRefusedAsync(guest, "user 'guest': permission denied for schema public; grant this user CREATE");
        await PostgresSchema.EnsureAsync(database);
        await AssertRefusedAsync(guest, "permission denied for table orleansquery");
        await database.ExecuteAsync("GRANT SELECT ON OrleansQuery TO guest");
        await PostgresSchema.EnsureAsync(guest);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_not_told()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.ConnectionString.ExecuteAsync("CREATE ROLE guarded LOGIN PASSWORD 'right'");
        var rules = await server.ConnectionString.ScalarAsync<string>("SHOW hba_file");
        await server.ConnectionString.ExecuteAsync(
            $"COPY (VALUES ('host all guarded 127.0.0.1/32 scram-sha-256'), ('host all all 127.0.0.1/32 trust')) TO '{rules}'");
        await server.ConnectionString.ExecuteAsync("SELECT pg_reload_conf()");

        await AssertRefusedAsync(server.ConnectionString.For("guarded", "wr0ng!"), "password authentication failed for user \"guarded\"", "wr0ng!");
        await AssertRefusedAsync(server.ConnectionString.For("guarded"), "No password has been provided");
        await AssertRefusedAsync(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "nowhere" }.ToString(), "database \"nowhere\" does not exist");
    }

    [Fact]
    public async Task A_server_that_is_paused_or_gone_is_told()
    {
        await using var server = await PostgresServer.StartAsync();
        var impatient = $"{server.ConnectionString};Password=s3cret;Timeout=1;Pooling=false";
        await PostgresSchema.EnsureAsync(impatient);
        server.Pause();
        await AssertRefusedAsync(impatient, "check that the server runs", "s3cret");
        server.Resume();
        await PostgresSchema.EnsureAsync(impatient);
        await server.KillAsync();
        await AssertRefusedAsync(impatient, "Connection refused", "s3cret");
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("Host=127.0.0.1;Password=a;s3cret=b")]
    [InlineData("Host=127.0.0.1;Port=s3cret")]
    [InlineData("Username=u;Password=s3cret")]
    public Task What_is_no_connection_string_is_refused(string text) =>
        AssertRefusedAsync(text, "this is no connection string", "s3cret");

    private static async Task AssertRefusedAsync(string database, string part, string? secret = null)
    {
        var error = await Assert.ThrowsAsync<StorageException>(() => PostgresSchema.EnsureAsync(database));
        Assert.StartsWith("Madrl:AdoNet:ConnectionString: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        if (secret is not null) Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
    }
}
