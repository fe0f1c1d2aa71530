using System.Net;
using Madrl.Grains;
using Madrl.Protocols;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;

namespace Madrl.Clustering.Tests;

/// <summary>What the settings of a cluster allow, and the one line that refuses the rest.</summary>
public class SettingsTests
{
    private const string Redis = "Redis:ConnectionString=127.0.0.1:6379,password=hunter2",
        AdoNet = "AdoNet:ConnectionString=Host=127.0.0.1;Username=madrl;Password=hunter2",
        Azure = "Azure:ConnectionString=DefaultEndpointsProtocol=https;AccountName=madrl;AccountKey=aHVudGVyMg==";

    private const string OnRedis = "Cluster:Clustering=Redis|Cluster:Storage=Redis|Cluster:Reminders=Redis|" + Redis;

    [Fact]
    public void By_default_a_silo_is_alone()
    {
        var settings = Read();
        Assert.Equal((IPAddress.Loopback, 11111, 30000, "madrl"), (settings.Address, settings.SiloPort, settings.GatewayPort, settings.ClusterId));
        Assert.Equal((ClusteringProvider.Localhost, StorageProvider.Sqlite, CheckpointProvider.Files, ReminderProvider.Sqlite, StreamingProvider.Memory),
            (settings.Clustering, settings.Storage, settings.Checkpoints, settings.Reminders, settings.Streams));
        Assert.Equal($"{Dns.GetHostName()}-11111", settings.Silo.Name);
        Assert.Equal(["agents", "learners"], settings.Silo.Roles);
        Assert.Empty(settings.Silo.Accelerators);
        Assert.True(settings is { Redis: null, AdoNet: null, Azure: null });
    }

    [Fact]
    public void Names_are_taken_in_any_case_and_lists_in_any_order()
    {
        var settings = Read([.. OnRedis.Replace("=Redis", "=redis", StringComparison.Ordinal).Split('|'), "Address=10.0.0.4", "Cluster:ClusterId=team-7",
            "Silo:Name=silo-0", "Silo:Roles= learners , agents,learners", "Silo:Accelerators=cuda:1, cuda:0"]);
        Assert.Equal((IPAddress.Parse("10.0.0.4"), "team-7", "silo-0"), (settings.Address, settings.ClusterId, settings.Silo.Name));
        Assert.Equal(new Dictionary<string, string> { ["madrl.roles"] = "agents,learners", ["madrl.accelerators"] = "cuda:0,cuda:1" }, settings.Silo.Metadata);
    }

    [Theory]
    [InlineData("Madrl:Cluster:Clustering is 'Zookeeper': choose one of Localhost, Redis, AdoNet, AzureTable.", "Cluster:Clustering=Zookeeper")]
    [InlineData("Madrl:Cluster:Clustering is '1': choose one of Localhost, Redis, AdoNet, AzureTable.", "Cluster:Clustering=1")]
    [InlineData("Madrl:Cluster:Storage is '': choose one of Sqlite, Redis, AdoNet, AzureBlob, AzureTable.", "Cluster:Storage=")]
    [InlineData("Madrl:Cluster:Checkpoints is 'S3': choose one of Files, AzureBlob.", "Cluster:Checkpoints=S3")]
    [InlineData("Madrl:Cluster:Reminders is 'AzureBlob': choose one of Sqlite, Redis, AdoNet, AzureTable.", "Cluster:Reminders=AzureBlob")]
    [InlineData("Madrl:Cluster:Streams is 'Kafka': choose one of Memory, AdoNet, AzureQueue.", "Cluster:Streams=Kafka")]
    [InlineData("Madrl:Cluster:Streams is Redis, for which Orleans 10.4 has no package: choose one of Memory, AdoNet, AzureQueue.", "Cluster:Streams=redis")]
    [InlineData("Madrl:Cluster:ClusterId is 'My Team': it takes at most 40 lower-case letters, digits and single hyphens between them.", "Cluster:ClusterId=My Team")]
    [InlineData("Madrl:Cluster:ClusterId is 'a--b': it takes at most 40 lower-case letters, digits and single hyphens between them.", "Cluster:ClusterId=a--b")]
    [InlineData("There is no setting Madrl:Cluster:Storge: did you mean Madrl:Cluster:Storage?", "Cluster:Storge=Redis")]
    [InlineData("There is no setting Madrl:Gpus: docs/cluster.md has a table of all.", "Gpus=2")]
    [InlineData("Madrl:SiloPort is 70000: it takes a port from 1 to 65535.", "SiloPort=70000")]
    [InlineData("Madrl:Address is 'localhost': it takes the IP address under which the others reach this silo, such as 10.0.0.4.", "Address=localhost")]
    [InlineData("Madrl:Address is '0.0.0.0': it takes the IP address under which the others reach this silo, such as 10.0.0.4.", "Address=0.0.0.0")]
    [InlineData("Madrl:Address is '7': it takes the IP address under which the others reach this silo, such as 10.0.0.4.", "Address=7")]
    [InlineData("Madrl:Address is 10.0.0.4, but with Madrl:Cluster:Clustering Localhost the silo is alone: choose another clustering, or leave the address out.", "Address=10.0.0.4")]
    [InlineData("Madrl:Silo:Name is blank: give a name, or leave it out for host name and port.", "Silo:Name= ")]
    [InlineData("Madrl:Silo:Roles is empty: it takes agents, learners or both, separated by a comma.", "Silo:Roles=,")]
    [InlineData("Madrl:Silo:Roles has 'critics': it takes agents, learners or both, separated by a comma.", "Silo:Roles=agents,critics")]
    [InlineData("Madrl:Silo:Roles names one role, but with Madrl:Cluster:Clustering Localhost the silo is alone: choose another clustering, or leave the roles out.", "Silo:Roles=agents")]
    [InlineData("Madrl:Silo:Accelerators has 'cuda': it takes devices such as cuda:0, separated by commas.", "Silo:Accelerators=cuda:0,cuda")]
    [InlineData("Madrl:Silo:Accelerators is given on a silo without learners: add learners to Madrl:Silo:Roles, or leave it out.", "Silo:Accelerators=cuda:0|Silo:Roles=agents")]
    [InlineData("Madrl:Cluster:Storage is Sqlite, a file of one silo, with Madrl:Cluster:Clustering Redis: choose Redis, AdoNet, AzureBlob or AzureTable.", "Cluster:Clustering=Redis|" + Redis)]
    [InlineData("Madrl:Cluster:Reminders is Sqlite, a file of one silo, with Madrl:Cluster:Clustering Redis: choose Redis, AdoNet or AzureTable.", "Cluster:Clustering=Redis|Cluster:Storage=Redis|" + Redis)]
    [InlineData("Madrl:Cluster:Streams is AzureQueue, whose subscriptions Madrl:Cluster:Storage Sqlite does not keep: choose another storage, or Memory streams.", "Cluster:Streams=AzureQueue|" + Azure)]
    [InlineData("Madrl:Cluster:Checkpoints is AzureBlob, which leaves no run folders for Madrl:Cluster:Storage Sqlite: choose another storage, or Files.", "Cluster:Checkpoints=AzureBlob|" + Azure)]
    [InlineData("Madrl:Cluster:Clustering is Redis, but Madrl:Redis:ConnectionString is missing: give it.", "Cluster:Clustering=Redis|Cluster:Storage=Redis|Cluster:Reminders=Redis")]
    [InlineData("Madrl:Cluster:Storage is AdoNet, but Madrl:AdoNet:ConnectionString is missing: give it.", "Cluster:Storage=AdoNet|AdoNet:ConnectionString= ")]
    [InlineData("Madrl:Cluster:Checkpoints is AzureBlob, but Madrl:Azure:ConnectionString is missing: give it.", "Cluster:Checkpoints=AzureBlob|Cluster:Storage=Redis|" + Redis)]
    [InlineData("Madrl:Redis:ConnectionString is given, but no provider uses it: choose one in Madrl:Cluster, or leave it out.", Redis)]
    [InlineData("Madrl:AdoNet:ConnectionString is given, but no provider uses it: choose one in Madrl:Cluster, or leave it out.", OnRedis + "|" + AdoNet)]
    [InlineData("Madrl:Azure:ConnectionString is given, but no provider uses it: choose one in Madrl:Cluster, or leave it out.", OnRedis + "|" + Azure)]
    [InlineData("Madrl:Redis:ConnectionString cannot be read: it takes HOST:PORT and perhaps ,user=…,password=…,ssl=true.", "Cluster:Storage=Redis|Redis:ConnectionString=password=hunter2")]
    [InlineData("Madrl:Redis:ConnectionString cannot be read: it takes HOST:PORT and perhaps ,user=…,password=…,ssl=true.", "Cluster:Storage=Redis|Redis:ConnectionString=127.0.0.1:1,passwrd=hunter2")]
    [InlineData("Madrl:AdoNet:ConnectionString cannot be read: it takes Host=…;Port=…;Database=…;Username=…;Password=….", "Cluster:Storage=AdoNet|AdoNet:ConnectionString=Password=hunter2")]
    [InlineData("Madrl:AdoNet:ConnectionString cannot be read: it takes Host=…;Port=…;Database=…;Username=…;Password=….", "Cluster:Storage=AdoNet|AdoNet:ConnectionString=Host=127.0.0.1;Port=hunter2")]
    [InlineData("Madrl:Azure:ConnectionString cannot be read: copy it from the storage account's access keys (DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…).", "Cluster:Storage=AzureBlob|Azure:ConnectionString=AccountKey=hunter2")]
    public void What_is_wrong_is_one_line_that_says_what_to_change(string line, string settings)
    {
        var error = Assert.Throws<SettingsException>(() => Read(settings.Split('|')));
        Assert.Equal(line, error.Message);
    }

    /// <summary>All choices of providers: those that are allowed make a silo of the providers named, the others are refused.</summary>
    [Fact]
    public void Every_allowed_choice_makes_a_silo_of_the_providers_named()
    {
        var allowed = 0;
        foreach (var clustering in Enum.GetValues<ClusteringProvider>())
        foreach (var storage in Enum.GetValues<StorageProvider>())
        foreach (var reminders in Enum.GetValues<ReminderProvider>())
        foreach (var streams in Enum.GetValues<StreamingProvider>())
        {
            string[] choices =
            [
                $"Cluster:Clustering={clustering}", $"Cluster:Storage={storage}", $"Cluster:Reminders={reminders}", $"Cluster:Streams={streams}",
            ];
            string[] servers = [.. new[] { Redis, AdoNet, Azure }.Where(server =>
                choices.Any(choice => choice.Contains($"={server[..server.IndexOf(':')]}", StringComparison.Ordinal)))];
            if (clustering != ClusteringProvider.Localhost && (storage == StorageProvider.Sqlite || reminders == ReminderProvider.Sqlite)
                || storage == StorageProvider.Sqlite && streams != StreamingProvider.Memory)
            {
                Assert.Throws<SettingsException>(() => Read([.. choices, .. servers]));
                continue;
            }

            CheckSilo(Read([.. choices, .. servers]));
            allowed++;
        }

        Assert.Equal(160, allowed);
    }

    [Theory]
    [InlineData("Files", "FileCheckpointStore", "RunArchive")]
    [InlineData("AzureBlob", "BlobCheckpointStore", "BlobRunArchive")]
    public void Checkpoints_and_files_of_runs_lie_where_they_are_said_to(string checkpoints, string store, string archive)
    {
        using var silo = TestSilo.Build(Read("Cluster:Storage=AzureTable", $"Cluster:Checkpoints={checkpoints}", Azure));
        Assert.Equal(store, Assert.Single(silo.Services.GetServices<ICheckpointStore>()).GetType().Name);
        Assert.Equal(archive, Assert.Single(silo.Services.GetServices<IRunArchive>()).GetType().Name);
    }

    private static void CheckSilo(ClusterSettings settings)
    {
        using var silo = TestSilo.Build(settings);
        var services = silo.Services;
        foreach (var validator in services.GetServices<IConfigurationValidator>()) validator.ValidateConfiguration();
        Assert.Equal(settings.Clustering switch
        {
            ClusteringProvider.Localhost => "SystemTargetBasedMembershipTable",
            ClusteringProvider.Redis => "RedisMembershipTable",
            ClusteringProvider.AdoNet => "AdoNetClusteringTable",
            _ => "AzureBasedMembershipTable",
        }, services.GetRequiredService<IMembershipTable>().GetType().Name);
        var storage = settings.Storage switch
        {
            StorageProvider.Sqlite => "RunGrainStorage",
            StorageProvider.AzureTable => "AzureTableGrainStorage",
            _ => $"{settings.Storage}GrainStorage",
        };
        Assert.Equal(storage, silo.Storage.GetType().Name);
        Assert.Equal(settings.Streams == StreamingProvider.Memory ? "MemoryGrainStorage" : storage,
            services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME).GetType().Name);
        if (settings.Reminders != ReminderProvider.Sqlite)
            Assert.Equal(settings.Reminders == ReminderProvider.AzureTable ? "AzureBasedReminderTable" : $"{settings.Reminders}ReminderTable",
                services.GetRequiredService<IReminderTable>().GetType().Name);
        Assert.StartsWith($"{settings.Streams}",
            services.GetRequiredKeyedService<IQueueAdapterFactory>(MadrlCluster.Streams).GetType().Name, StringComparison.Ordinal);
        Assert.Equal(settings.Silo.Name, silo.Details.Name);
    }

    private static ClusterSettings Read(params IEnumerable<string> settings)
    {
        string[] all = ["SiloPort=11111", "GatewayPort=30000", .. settings];
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(all
            .Select(setting => setting.Split('=', 2))
            .GroupBy(setting => setting[0], (key, given) => KeyValuePair.Create($"Madrl:{key}", (string?)given.Last()[1]))).Build());
        var read = ClusterSettings.Read(reader);
        reader.CheckUnknown();
        return read;
    }
}
