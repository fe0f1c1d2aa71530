using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Madrl.Client;
using Madrl.Hosting;
using Madrl.Hosting.Storage;

namespace Madrl.Terminal.Training;

/// <summary>What a command works through: a silo in this process, or the gateway of one that runs elsewhere.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly RunDirectory? _runs;
    private readonly EmbeddedSilo? _silo;
    private readonly MadrlGateway? _gateway;
    private readonly string _where;

    private Connection(RunDirectory runs, EmbeddedSilo silo, string outDirectory)
    {
        (_runs, _silo, _where) = (runs, silo, outDirectory);
        Client = new MadrlClient(silo.Client, TimeProvider.System);
    }

    private Connection(MadrlGateway gateway, string address) => (_gateway, _where, Client) = (gateway, address, gateway.Client);

    /// <summary>The client.</summary>
    public IMadrlClient Client { get; }

    /// <summary>Whether this process trains.</summary>
    public bool IsLocal => _silo is not null;

    /// <summary>Starts a silo in this process.</summary>
    /// <param name="outDirectory">The folder that holds run folders, as the user named it.</param>
    /// <param name="folder">A run that may lie elsewhere.</param>
    /// <param name="accelerator">What learners compute on, such as <c>cuda:0</c>; null for the processor.</param>
    public static async Task<Connection> StartAsync(string outDirectory, RunFolder? folder = null, string? accelerator = null)
    {
        if (File.Exists(outDirectory)) throw new UsageException($"'{outDirectory}' is a file: name a folder for --out.");
        var runs = new RunDirectory(outDirectory);
        try
        {
            if (folder is not null) runs.Open(folder);
            return new Connection(runs, await EmbeddedSilo.StartAsync(runs, accelerator: accelerator), outDirectory);
        }
        catch
        {
            runs.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a silo or a cluster.</summary>
    /// <param name="address">[CLUSTER@]HOST:PORT[,HOST:PORT …] of the gateways.</param>
    /// <exception cref="UsageException">The address is none.</exception>
    /// <exception cref="SiloUnreachableException">No silo answers there.</exception>
    public static async Task<Connection> ConnectAsync(string address)
    {
        var at = address.IndexOf('@', StringComparison.Ordinal);
        var cluster = at < 0 ? MadrlGateway.ClusterId : address[..at];
        var gateways = await Task.WhenAll(address[(at + 1)..].Split(',').Select(ResolveAsync));
        return new Connection(await MadrlGateway.ConnectAsync(gateways, cluster), address);
    }

    /// <summary>Where a run lives.</summary>
    public RunPlace PlaceOf(string run) => _runs is null ? new RunPlace.Silo(_where) : new RunPlace.Local(_where, _runs.Open(run).Path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_silo is not null) await _silo.DisposeAsync();
        _runs?.Dispose();
    }

    private static async Task<IPEndPoint> ResolveAsync(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new UsageException($"'{address}' is not a value of --silo: it takes HOST:PORT, such as 127.0.0.1:30000.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address[..colon].Trim('[', ']'));
            return new IPEndPoint(addresses.FirstOrDefault(item => item.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0], port);
        }
        catch (SocketException error)
        {
            throw new UsageException($"There is no host '{address[..colon]}' (--silo {address}): {error.Message}.", error);
        }
    }
}
