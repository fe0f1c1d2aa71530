using System.CommandLine;
using Madrl.Hosting;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Commands;

/// <summary><c>attach RUN</c>: watches a run of a silo, from its beginning.</summary>
internal static class AttachCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (run, silo, json) = (CommonOptions.Run(), CommonOptions.RequiredSilo(), CommonOptions.Json());
        var command = new ExampleCommand(
            "attach", "Watches a run of a silo. Ctrl-C leaves it training.",
            "attach simple-spread-mappo-s1-20261122-173205 --silo 127.0.0.1:30000")
        {
            run, silo, json,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(run), parsed.GetRequiredValue(silo), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string run, string address, bool json)
    {
        using var interruption = new Interruption { Answer = null };
        await using var connection = await Connection.ConnectAsync(address);
        return await new TrainingSession(connection.Client, interruption, json).RunAsync(run, connection.PlaceOf(run), "watching", after: 0);
    }
}
