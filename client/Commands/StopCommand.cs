using System.CommandLine;
using System.Text.Json.Nodes;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Output;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Commands;

/// <summary><c>stop RUN</c>: saves and stops a run of a silo.</summary>
internal static class StopCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (run, silo, json) = (CommonOptions.Run(), CommonOptions.RequiredSilo(), CommonOptions.Json());
        var command = new ExampleCommand(
            "stop", "Saves and stops a run of a silo, and waits until it has.",
            "stop simple-spread-mappo-s1-20261122-173205 --silo 127.0.0.1:30000")
        {
            run, silo, json,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(run), parsed.GetRequiredValue(silo), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string run, string address, bool json)
    {
        await using var connection = await Connection.ConnectAsync(address);
        await connection.Client.StopAsync(run);
        await foreach (var _ in connection.Client.FollowAsync(run))
        {
        }

        var report = await connection.Client.GetAsync(run);
        var iteration = report.Checkpoint?.Iteration;
        if (json) Console.Out.WriteLine(new JsonObject { ["type"] = report.Phase, ["run"] = run, ["checkpoint"] = iteration }.ToCompactString());
        else Console.Out.WriteLine($"{run}: {report.Phase}{(iteration is null ? "" : $", saved at iteration {iteration}")}");
        return ExitCodes.Ok;
    }
}
