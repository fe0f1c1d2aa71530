// Trains a team for the game of this project, in this process, and follows it.
using Madrl.Client;
using Madrl.Environments;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using OwnGame;

GameCatalog.Add(typeof(GridWalk).Assembly);
using var runs = new RunDirectory("runs");
await using var silo = await EmbeddedSilo.StartAsync(runs);
var client = new MadrlClient(silo.Client, TimeProvider.System);
var run = await client.StartAsync(new RunRequest
{
    Task = "grid-walk",
    Steps = args is [var steps] ? long.Parse(steps) : 500_000,
    EvaluateEvery = 100_000,
    Settings = new Dictionary<string, string> { ["size"] = "4" },
});
Console.WriteLine($"training {run}");

await foreach (var happened in client.FollowAsync(run))
{
    if (happened.Type == "evaluation") Console.WriteLine(happened.Json);
}

var report = await client.GetAsync(run);
if (report.Phase != "finished")
{
    Console.Error.WriteLine($"{report.Phase}: {report.Error}");
    return 1;
}

Console.WriteLine($"{report.Phase}: return {report.Final?.Mean:0.00}, {report.ReturnScale}; random {report.Random?.Mean:0.00}, scripted {report.Scripted?.Mean:0.00}");
return 0;
