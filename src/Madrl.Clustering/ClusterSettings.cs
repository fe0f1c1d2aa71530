using System.Net;
using System.Net.Sockets;
using Madrl.Client;
using Madrl.Environments.Settings;

namespace Madrl.Clustering;

/// <summary>What makes a silo part of a cluster: where it is, what it is for, and what the cluster's silos share.</summary>
public sealed record ClusterSettings
{
    /// <summary>Longest name of a cluster: it is also part of the names of Azure's queues, which take at most 63 characters.</summary>
    private const int MaxClusterId = 40;

    /// <summary>Under this address other silos and clients reach the silo, and it listens there alone.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port for clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The deployment: silos of one cluster have the same.</summary>
    public string ClusterId { get; init; } = MadrlGateway.ClusterId;

    /// <summary>Where silos find each other.</summary>
    public ClusteringProvider Clustering { get; init; }

    /// <summary>Where the state of grains lies.</summary>
    public StorageProvider Storage { get; init; }

    /// <summary>Where checkpoints and the other files of runs lie.</summary>
    public CheckpointProvider Checkpoints { get; init; }

    /// <summary>Where reminders lie.</summary>
    public ReminderProvider Reminders { get; init; }

    /// <summary>What carries streams.</summary>
    public StreamingProvider Streams { get; init; }

    /// <summary>What the silo tells the others of itself.</summary>
    public required SiloDescription Silo { get; init; }

    /// <summary>The Redis server, where a provider uses it.</summary>
    public RedisConnection? Redis { get; init; }

    /// <summary>The PostgreSQL database, where a provider uses it.</summary>
    public PostgresConnection? AdoNet { get; init; }

    /// <summary>The Azure storage account, where a provider uses it.</summary>
    public AzureConnection? Azure { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="reader">The settings.</param>
    /// <exception cref="SettingsException">One is wrong, is missing, or contradicts another.</exception>
    public static ClusterSettings Read(SettingsReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var siloPort = reader.Port("SiloPort");
        var settings = new ClusterSettings
        {
            SiloPort = siloPort,
            GatewayPort = reader.Port("GatewayPort"),
            Address = ReadAddress(reader),
            ClusterId = ReadClusterId(reader),
            Clustering = reader.Choice("Cluster:Clustering", ClusteringProvider.Localhost),
            Storage = reader.Choice("Cluster:Storage", StorageProvider.Sqlite),
            Checkpoints = reader.Choice("Cluster:Checkpoints", CheckpointProvider.Files),
            Reminders = reader.Choice("Cluster:Reminders", ReminderProvider.Sqlite),
            Streams = ReadStreams(reader),
            Silo = SiloDescription.Read(reader, siloPort),
        };
        settings.CheckAgreement();
        return settings with
        {
            Redis = settings.ReadServer(reader, "Redis") is { } redis ? new RedisConnection(redis) : null,
            AdoNet = settings.ReadServer(reader, "AdoNet") is { } postgres ? new PostgresConnection(postgres) : null,
            Azure = settings.ReadServer(reader, "Azure") is { } azure
                ? new AzureConnection(azure, [.. settings.Choices().Select(choice => choice.Provider)]) : null,
        };
    }

    /// <summary>Makes sure that the servers that are used are there and hold what the cluster needs.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SettingsException">One is not there, or refuses.</exception>
    public async Task PrepareServersAsync(CancellationToken cancellationToken = default)
    {
        foreach (var server in new ServerConnection?[] { Redis, AdoNet, Azure })
        {
            if (server is not null) await server.PrepareAsync(cancellationToken);
        }
    }

    private static IPAddress ReadAddress(SettingsReader reader)
    {
        var text = reader.Text("Address");
        if (text is null) return IPAddress.Loopback;

        // Of the numbers that IPAddress takes too, such as 1 for 0.0.0.1, nobody means the address.
        var isAddress = IPAddress.TryParse(text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text)
            && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
        return isAddress ? address! : throw new SettingsException(
            $"Madrl:Address is '{text}': it takes the IP address under which the others reach this silo, such as 10.0.0.4.");
    }

    private static string ReadClusterId(SettingsReader reader)
    {
        var text = reader.Text("Cluster:ClusterId") ?? MadrlGateway.ClusterId;
        return PlainNames.IsOne(text, MaxClusterId) ? text : throw new SettingsException(
            $"Madrl:Cluster:ClusterId is '{text}': it takes at most {MaxClusterId} lower-case letters, digits and single hyphens between them.");
    }

    private static StreamingProvider ReadStreams(SettingsReader reader) =>
        "Redis".Equals(reader.Text("Cluster:Streams"), StringComparison.OrdinalIgnoreCase)
            ? throw new SettingsException("Madrl:Cluster:Streams is Redis, for which Orleans 10.4 has no package: choose one of "
                + $"{string.Join(", ", Enum.GetNames<StreamingProvider>())}.")
            : reader.Choice("Cluster:Streams", StreamingProvider.Memory);

    /// <summary>Refuses choices that exclude each other.</summary>
    private void CheckAgreement()
    {
        var alone = Clustering == ClusteringProvider.Localhost;
        if (alone && !IPAddress.IsLoopback(Address)) throw new SettingsException(
            $"Madrl:Address is {Address}, but with Madrl:Cluster:Clustering Localhost the silo is alone: choose another clustering, or leave the address out.");
        if (alone && !Silo.HasAllRoles) throw new SettingsException(
            "Madrl:Silo:Roles names one role, but with Madrl:Cluster:Clustering Localhost the silo is alone: choose another clustering, or leave the roles out.");
        if (!alone && Storage == StorageProvider.Sqlite) throw new SettingsException(
            $"Madrl:Cluster:Storage is Sqlite, a file of one silo, with Madrl:Cluster:Clustering {Clustering}: choose Redis, AdoNet, AzureBlob or AzureTable.");
        if (!alone && Reminders == ReminderProvider.Sqlite) throw new SettingsException(
            $"Madrl:Cluster:Reminders is Sqlite, a file of one silo, with Madrl:Cluster:Clustering {Clustering}: choose Redis, AdoNet or AzureTable.");
        if (Checkpoints == CheckpointProvider.AzureBlob && Storage == StorageProvider.Sqlite) throw new SettingsException(
            "Madrl:Cluster:Checkpoints is AzureBlob, which leaves no run folders for Madrl:Cluster:Storage Sqlite: choose another storage, or Files.");
        if (Streams != StreamingProvider.Memory && Storage == StorageProvider.Sqlite) throw new SettingsException(
            $"Madrl:Cluster:Streams is {Streams}, whose subscriptions Madrl:Cluster:Storage Sqlite does not keep: choose another storage, or Memory streams.");
    }

    private IEnumerable<(string Key, string Provider)> Choices() =>
    [
        ("Cluster:Clustering", $"{Clustering}"), ("Cluster:Storage", $"{Storage}"), ("Cluster:Checkpoints", $"{Checkpoints}"),
        ("Cluster:Reminders", $"{Reminders}"), ("Cluster:Streams", $"{Streams}"),
    ];

    /// <returns>The connection string of a server; null where no provider uses it.</returns>
    private string? ReadServer(SettingsReader reader, string server)
    {
        var key = $"{server}:ConnectionString";
        var text = reader.Text(key);
        var (user, provider) = Choices().FirstOrDefault(choice => choice.Provider.StartsWith(server, StringComparison.Ordinal));
        if (user is null)
        {
            return string.IsNullOrWhiteSpace(text) ? null : throw new SettingsException(
                $"{SettingsReader.NameOf(key)} is given, but no provider uses it: choose one in {SettingsReader.NameOf("Cluster")}, or leave it out.");
        }

        return string.IsNullOrWhiteSpace(text)
            ? throw new SettingsException($"{SettingsReader.NameOf(user)} is {provider}, but {SettingsReader.NameOf(key)} is missing: give it.")
            : text;
    }
}
