using System.CommandLine;
using Madrl.Clustering;
using Madrl.Silo;

var options = new Dictionary<string, Option<string?>>
{
    ["GatewayPort"] = new("--gateway-port") { Description = "port for clients [default: 30000]", HelpName = "PORT" },
    ["SiloPort"] = new("--silo-port") { Description = "port for other silos [default: 11111]", HelpName = "PORT" },
    ["HttpPort"] = new("--http-port") { Description = "port of the HTTP API and the status page [default: 8080]", HelpName = "PORT" },
    ["Runs"] = new("--runs") { Description = "folder that holds run folders [default: runs]", HelpName = "DIR" },
    ["Assemblies"] = new("--assemblies") { Description = "assemblies with games and algorithms of your own [default: none]", HelpName = "LIST" },
    ["Address"] = new("--address") { Description = "IP address for clients and other silos [default: 127.0.0.1]", HelpName = "IP" },
    ["Cluster:Clustering"] = new("--clustering") { Description = "Localhost, Redis, AdoNet or AzureTable [default: Localhost]", HelpName = "NAME" },
    ["Cluster:ClusterId"] = new("--cluster-id") { Description = "name of the deployment [default: madrl]", HelpName = "NAME" },
    ["Cluster:Storage"] = new("--storage") { Description = "Sqlite, Redis, AdoNet, AzureBlob or AzureTable [default: Sqlite]", HelpName = "NAME" },
    ["Cluster:Checkpoints"] = new("--checkpoints") { Description = "Files or AzureBlob [default: Files]", HelpName = "NAME" },
    ["Cluster:Reminders"] = new("--reminders") { Description = "Sqlite, Redis, AdoNet or AzureTable [default: Sqlite]", HelpName = "NAME" },
    ["Cluster:Streams"] = new("--streams") { Description = "Memory, AdoNet or AzureQueue [default: Memory]", HelpName = "NAME" },
    ["Silo:Name"] = new("--name") { Description = "name of this silo [default: host name and silo port]", HelpName = "NAME" },
    ["Silo:Roles"] = new("--roles") { Description = "agents, learners or both [default: agents,learners]", HelpName = "LIST" },
    ["Silo:Accelerators"] = new("--accelerators") { Description = "devices for learners, such as cuda:0 [default: none]", HelpName = "LIST" },
};
var root = new RootCommand("Hosts agents, environments and learners as grains, with a gateway for clients and an HTTP API, alone or with other silos as a "
    + "cluster. Connection strings hold passwords and are not given here: see docs/cluster.md.");
foreach (var option in options.Values) root.Add(option);
root.SetAction((parsed, _) => SiloProgram.RunAsync(options
    .Select(option => KeyValuePair.Create(SettingsReader.NameOf(option.Key), parsed.GetValue(option.Value)))
    .Where(setting => setting.Value is not null)));
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
Console.Error.WriteLine($"madrl-silo: {parsed.Errors[0].Message} --help shows what is valid.");
return 2;
