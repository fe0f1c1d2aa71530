using Madrl.Clustering.Tests.Servers;

namespace Madrl.Clustering.Tests;

/// <summary>A server that is not there, or refuses, is one line that names the setting and never shows the password.</summary>
public class UnreachableServerTests
{
    private const string Password = "hunter2", Remedy = "Start it, or correct the setting.";

    [Fact]
    public async Task Redis_that_is_gone()
    {
        await using var server = await RedisServer.StartAsync(Password);
        var settings = Redis(server.ConnectionString);
        await settings.PrepareServersAsync();
        await server.KillAsync();
        Assert.Equal($"Madrl:Redis:ConnectionString: the server cannot be used: nothing answers there as Redis does. {Remedy}", await RefusalAsync(settings));
    }

    [Fact]
    public async Task Redis_that_hangs_and_goes_on()
    {
        await using var server = await RedisServer.StartAsync();
        var settings = Redis(server.ConnectionString);
        await server.PauseAsync();
        Assert.StartsWith("Madrl:Redis:ConnectionString: ", await RefusalAsync(settings), StringComparison.Ordinal);
        await server.ResumeAsync();
        await settings.PrepareServersAsync();
    }

    [Theory]
    [InlineData(",password=" + Password + "wrong", "WRONGPASS")]
    [InlineData("", "NOAUTH")]
    public async Task Redis_that_refuses_the_password(string password, string said)
    {
        await using var server = await RedisServer.StartAsync(Password);
        var refusal = await RefusalAsync(Redis(server.ConnectionString.Split(',')[0] + password));
        Assert.StartsWith("Madrl:Redis:ConnectionString: the server cannot be used: ", refusal, StringComparison.Ordinal);
        Assert.Contains(said, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostgreSQL_that_is_not_there()
    {
        var port = Ports.Free();
        var settings = Settings("Storage", "AdoNet", "AdoNet", $"Host=127.0.0.1;Port={port};Username=madrl;Password={Password}");
        var refusal = await RefusalAsync(settings);
        Assert.StartsWith($"Madrl:AdoNet:ConnectionString: PostgreSQL at 127.0.0.1:{port}, database", refusal, StringComparison.Ordinal);
        Assert.EndsWith("check that the server runs and can be reached.", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AzureTable")]
    [InlineData("AzureBlob")]
    public async Task Azure_that_is_not_there(string provider)
    {
        var port = Ports.Free();
        var settings = Settings("Storage", provider, "Azure", $"AccountName=madrl;AccountKey=aHVudGVyMg==;"
            + string.Concat(new[] { "Blob", "Queue", "Table" }.Select(service => $"{service}Endpoint=http://127.0.0.1:{port}/madrl;")));
        Assert.Equal($"Madrl:Azure:ConnectionString: the server cannot be used: Connection refused (127.0.0.1:{port}). {Remedy}", await RefusalAsync(settings));
    }

    [Fact]
    public async Task Azure_that_refuses_the_key()
    {
        await using var server = await AzuriteServer.StartAsync();
        var wrong = string.Join(';', server.ConnectionString.Split(';').Select(part => part.StartsWith("AccountKey", StringComparison.Ordinal) ? "AccountKey=aHVudGVyMg==" : part));
        var refusal = await RefusalAsync(Settings("Storage", "AzureBlob", "Azure", wrong));
        Assert.StartsWith("Madrl:Azure:ConnectionString: the server cannot be used: ", refusal, StringComparison.Ordinal);
    }

    private static ClusterSettings Redis(string connectionString) => Settings("Storage", "Redis", "Redis", connectionString);

    private static ClusterSettings Settings(string key, string provider, string server, string connectionString) =>
        TestSilo.Settings([new($"Madrl:Cluster:{key}", provider), new($"Madrl:{server}:ConnectionString", connectionString)]);

    private static async Task<string> RefusalAsync(ClusterSettings settings)
    {
        var error = await Assert.ThrowsAsync<SettingsException>(() => settings.PrepareServersAsync());
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain(Password, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMg==", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
