using System.CommandLine;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols.Runs;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;

namespace Madrl.Terminal.Commands;

/// <summary><c>resume RUN</c>: goes on from the last committed checkpoint.</summary>
internal static class ResumeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var (folder, silo, json) = (CommonOptions.Out(), CommonOptions.Silo(), CommonOptions.Json());
        var command = new ExampleCommand(
            "resume", "Goes on with a run from its last checkpoint; a finished one shows its summary again.",
            "resume simple-spread-mappo-s1-20261122-173205",
            "resume ./copied/simple-spread-mappo-s1-20261122-173205 --json")
        {
            run, folder, silo, json,
        };
        command.SetAction((parsed, _) =>
        {
            var (named, outDirectory, quiet) = (parsed.GetRequiredValue(run), parsed.GetRequiredValue(folder), parsed.GetValue(json));
            return CommonOptions.Place(parsed, silo, folder) is { } address
                ? RemoteAsync(named, address, quiet)
                : LocalAsync(RunFolder.Open(named, outDirectory), outDirectory, quiet);
        });
        return command;
    }

    private static async Task<int> LocalAsync(RunFolder folder, string outDirectory, bool json)
    {
        var run = folder.Specification.Run;
        using var interruption = new Interruption();
        try
        {
            await using var connection = await Connection.StartAsync(outDirectory, folder);
            var before = await connection.Client.GetAsync(run);
            await connection.Client.ResumeAsync(run);
            // Only what is new: the run's file tells the rest.
            return await new TrainingSession(connection.Client, interruption, json)
                .RunAsync(run, connection.PlaceOf(run), "resuming", after: NumberedEvent.FirstOf(before.Epoch + 1) - 1);
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, run);
        }
    }

    private static async Task<int> RemoteAsync(string run, string address, bool json)
    {
        using var interruption = new Interruption { Answer = null };
        await using var connection = await Connection.ConnectAsync(address);
        await connection.Client.ResumeAsync(run);
        return await new TrainingSession(connection.Client, interruption, json).RunAsync(run, connection.PlaceOf(run), "resuming", after: 0);
    }
}
