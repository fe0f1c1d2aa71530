using System.CommandLine;
using Madrl.Silo;

var options = new Dictionary<string, Option<string?>>
{
    ["GatewayPort"] = new("--gateway-port") { Description = "port for clients [default: 30000]", HelpName = "PORT" },
    ["SiloPort"] = new("--silo-port") { Description = "port for other silos [default: 11111]", HelpName = "PORT" },
    ["HttpPort"] = new("--http-port") { Description = "port of the HTTP API and the status page [default: 8080]", HelpName = "PORT" },
    ["Runs"] = new("--runs") { Description = "folder that holds run folders [default: runs]", HelpName = "DIR" },
};
var root = new RootCommand("Hosts agents, environments and learners as grains, with a gateway for clients and an HTTP API, on this machine alone.");
foreach (var option in options.Values) root.Add(option);
root.SetAction((parsed, _) => SiloProgram.RunAsync(options
    .Select(option => KeyValuePair.Create($"{SiloSettings.Section}:{option.Key}", parsed.GetValue(option.Value)))
    .Where(setting => setting.Value is not null)));
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
Console.Error.WriteLine($"madrl-silo: {parsed.Errors[0].Message} --help shows what is valid.");
return 2;
