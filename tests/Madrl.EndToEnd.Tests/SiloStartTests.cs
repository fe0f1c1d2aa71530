namespace Madrl.EndToEnd.Tests;

/// <summary>A silo that cannot start, and a client that finds none: one clear line, and the exit code.</summary>
public sealed class SiloStartTests : IDisposable
{
    private readonly Workplace _work = new();
    private readonly SiloProcess _silo;

    public SiloStartTests() => _silo = new SiloProcess(_work);

    public void Dispose()
    {
        _silo.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task APortInUseIsNamed()
    {
        await _silo.StartAsync();
        using var second = MadrlProcess.StartSilo(_work.Folder, _silo.Arguments);
        var outcome = await second.EndAsync();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("(Madrl:GatewayPort) is in use: stop the other program", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Madrl:HttpPort is 0", "--http-port", "0")]
    [InlineData(1, "like another port", "--http-port", "5000", "--gateway-port", "5000")]
    [InlineData(1, "Madrl:HttpPort", "--http-port", "many")]
    [InlineData(1, "name a folder", "--runs", "file")]
    [InlineData(1, "Madrl:Cluster:Storage is Sqlite, a file of one silo", "--clustering", "Redis")]
    [InlineData(1, "Madrl:Silo:Roles has 'critics'", "--roles", "critics")]
    [InlineData(1, "Madrl:Address is 192.0.2.1, but", "--address", "192.0.2.1")]
    [InlineData(2, "madrl-silo: cuda:99 is not available: ", "--accelerators", "cuda:99")]
    [InlineData(2, "madrl-silo: 'gpu:0' is not a device: it is cpu, or cuda:N such as cuda:0.", "--accelerators", "gpu:0")]
    [InlineData(2, "--prot", "--prot", "5000")]
    public async Task ABadSettingIsOneClearLine(int exitCode, string expected, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_work.Folder, "file"), "");
        using var process = MadrlProcess.StartSilo(_work.Folder, arguments);
        var outcome = await process.EndAsync();
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.Runs));
    }

    [Fact]
    public async Task AServerThatIsNotThereIsNamed()
    {
        using var process = MadrlProcess.Shell(_work.Folder, "Madrl__Redis__ConnectionString=127.0.0.1:1 exec "
            + $"{MadrlProcess.Dotnet} exec {MadrlProcess.Metadata("SiloPath")} --clustering Redis --storage Redis --reminders Redis");
        var outcome = await process.EndAsync();
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("madrl-silo: Madrl:Redis:ConnectionString: the server cannot be used", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.Runs));
    }

    [Theory]
    [InlineData(1, "No silo answers at 127.0.0.1:1: start one with", "--silo", "127.0.0.1:1")]
    [InlineData(2, "it takes HOST:PORT", "--silo", "here")]
    [InlineData(2, "it takes HOST:PORT", "--silo", "127.0.0.1:0")]
    [InlineData(2, "exclude each other", "--silo", "127.0.0.1:1", "--out", "elsewhere")]
    public async Task ASiloThatIsNotThereIsNamed(int exitCode, string expected, params string[] arguments)
    {
        var outcome = await _work.RunAsync(Workplace.Train(400, arguments));
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }
}
