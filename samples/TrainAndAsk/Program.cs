// Trains a team on a running silo (dotnet run -c Release --project silo), follows it, and asks the trained agents for actions.
using System.Net;
using Madrl.Client;
using Madrl.Grains.Abstractions;

await using var gateway = await MadrlGateway.ConnectAsync([IPEndPoint.Parse(args is [var address, ..] ? address : "127.0.0.1:30000")]);
var client = gateway.Client;
var run = await client.StartAsync(new RunRequest
{
    Task = "simple-spread",
    Algorithm = "mappo",
    Steps = 200_000,
    EvaluateEvery = 40_000,
});
Console.WriteLine($"training {run}");

await foreach (var happened in client.FollowAsync(run))
{
    if (happened.Type != "progress") Console.WriteLine($"{happened.Type,-10} {happened.Json}");
}

var report = await client.GetAsync(run);
Console.WriteLine($"{report.Phase}: return {report.Final?.Mean:0.00}, {report.ReturnScale}; random {report.Random?.Mean:0.00}");
for (var index = 0; index < report.Agents.Count; index++)
{
    var agent = await client.GetAgentAsync(run, index);
    var answer = await client.ActAsync(run, index, [new float[agent.ObservationSize]]);
    Console.WriteLine($"{agent.Name} with the weights of iteration {answer.Iteration} answers {answer.Actions[0][0]} of 0 to {agent.Discrete - 1}");
}
