using System.Net;
using System.Net.Sockets;

namespace Madrl.Silo;

/// <summary>Settings of the silo: the section <c>Madrl</c> of appsettings.json, then <c>Madrl__…</c> variables, then the command line.</summary>
internal sealed record SiloSettings
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Madrl";

    /// <summary>Port for clients.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; init; }

    /// <summary>Port of the HTTP API and the status page.</summary>
    public int HttpPort { get; init; }

    /// <summary>Folder that holds run folders.</summary>
    public string Runs { get; init; } = "";

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingsException">A setting is wrong, or a port is taken.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        SiloSettings settings;
        try
        {
            settings = configuration.GetRequiredSection(Section).Get<SiloSettings>(options => options.ErrorOnUnknownConfiguration = true)!;
        }
        catch (InvalidOperationException error)
        {
            throw new SettingsException($"The settings {Section} cannot be read: {error.Message.ReplaceLineEndings(" ")}");
        }

        (string Name, int Port)[] ports =
            [("GatewayPort", settings.GatewayPort), ("SiloPort", settings.SiloPort), ("HttpPort", settings.HttpPort)];
        foreach (var (name, port) in ports)
        {
            if (port is < 1 or > ushort.MaxValue) throw new SettingsException($"{Section}:{name} is {port}: it takes a port from 1 to {ushort.MaxValue}.");
            if (ports.Count(other => other.Port == port) > 1) throw new SettingsException($"{Section}:{name} is {port}, like another port: give each its own.");
            if (IsTaken(port)) throw new SettingsException($"Port {port} ({Section}:{name}) is in use: stop the other program, or give another port.");
        }

        if (string.IsNullOrWhiteSpace(settings.Runs) || File.Exists(settings.Runs))
            throw new SettingsException($"{Section}:Runs is '{settings.Runs}': name a folder.");
        return settings;
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}

/// <summary>The program cannot start as it is set up; the message is one line that says what to change.</summary>
internal sealed class SettingsException(string message) : Exception(message);
