using Madrl.Client;
using Madrl.Client.Tests;
using Madrl.Hosting;
using Madrl.Hosting.Storage;

[assembly: AssemblyFixture(typeof(InProcess))]
[assembly: AssemblyFixture(typeof(OverGateway))]

namespace Madrl.Client.Tests;

/// <summary>A silo with a folder of runs, and a client to it.</summary>
public abstract class Connection : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("madrl-client-").FullName;
    private RunDirectory _runs = null!;

    public IMadrlClient Client { get; private set; } = null!;

    public EmbeddedSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _runs = new RunDirectory(_directory);
        Silo = await EmbeddedSilo.StartAsync(_runs);
        Client = await ConnectAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _runs.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IMadrlClient> ConnectAsync();
}

/// <summary>The silo's own client.</summary>
public sealed class InProcess : Connection
{
    protected override Task<IMadrlClient> ConnectAsync() => Task.FromResult<IMadrlClient>(new MadrlClient(Silo.Client, TimeProvider.System));
}

/// <summary>An Orleans client over the silo's gateway: everything is serialized and goes over sockets.</summary>
public sealed class OverGateway : Connection
{
    /// <summary>Tests that use it take turns: one counts the runs that are there, another makes many.</summary>
    public const string Name = "gateway";

    private MadrlGateway _gateway = null!;

    public override async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<IMadrlClient> ConnectAsync()
    {
        _gateway = await MadrlGateway.ConnectAsync([Silo.Gateway]);
        return _gateway.Client;
    }
}
