using System.Net;
using System.Net.Sockets;
using Madrl.Clustering;

namespace Madrl.Silo;

/// <summary>Settings of the silo: the section <c>Madrl</c> of appsettings.json, then <c>Madrl__…</c> variables, then the command line.</summary>
internal sealed record SiloSettings
{
    /// <summary>The silo as a part of its cluster.</summary>
    public required ClusterSettings Cluster { get; init; }

    /// <summary>Port of the HTTP API and the status page.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Folder that holds run folders.</summary>
    public required string Runs { get; init; }

    /// <summary>Assemblies with games and algorithms of a user.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingsException">A setting is wrong, or a port is taken.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = new SiloSettings
        {
            HttpPort = reader.Port("HttpPort"),
            Runs = reader.Text("Runs") ?? "",
            Assemblies = reader.List("Assemblies") ?? [],
            Cluster = ClusterSettings.Read(reader),
        };
        reader.CheckUnknown();
        if (string.IsNullOrWhiteSpace(settings.Runs) || File.Exists(settings.Runs))
            throw new SettingsException($"{SettingsReader.NameOf("Runs")} is '{settings.Runs}': name a folder.");
        settings.CheckPorts();
        return settings;
    }

    private void CheckPorts()
    {
        (string Key, IPAddress Address, int Port)[] ports =
        [
            ("GatewayPort", Cluster.Address, Cluster.GatewayPort), ("SiloPort", Cluster.Address, Cluster.SiloPort),
            ("HttpPort", IPAddress.Loopback, HttpPort),
        ];
        foreach (var (key, address, port) in ports)
        {
            var name = SettingsReader.NameOf(key);
            if (ports.Count(other => other.Port == port) > 1) throw new SettingsException($"{name} is {port}, like another port: give each its own.");
            switch (Try(address, port))
            {
                case SocketError.Success:
                    break;
                case SocketError.AddressNotAvailable:
                    throw new SettingsException($"{SettingsReader.NameOf("Address")} is {address}, which is no address of this machine: give one that is.");
                default:
                    throw new SettingsException($"Port {port} ({name}) is in use: stop the other program, or give another port.");
            }
        }
    }

    private static SocketError Try(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }
}
