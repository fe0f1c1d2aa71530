using System.CommandLine;
using Madrl.Hosting.Storage;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Training;
using RunListing = Madrl.Terminal.Listing.RunListing;

namespace Madrl.Terminal.Commands;

/// <summary><c>runs</c>: the runs of a folder or of a silo.</summary>
internal static class RunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (folder, silo, json) = (CommonOptions.Out(), CommonOptions.Silo("gateway of a silo whose runs are listed"), CommonOptions.Json());
        var command = new ExampleCommand(
            "runs", "Lists runs.", "runs", "runs --out /data/runs --json", "runs --silo 127.0.0.1:30000") { folder, silo, json };
        command.SetAction((parsed, _) =>
            RunAsync(CommonOptions.Place(parsed, silo, folder), parsed.GetRequiredValue(folder), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string? silo, string outDirectory, bool json)
    {
        await using var connection = silo is null ? null : await Connection.ConnectAsync(silo);
        var runs = connection is null ? RunFiles.List(outDirectory) : await connection.Client.ListAsync();
        if (json) foreach (var run in runs) Console.Out.WriteLine(RunListing.ToJson(run));
        else if (runs.Count == 0) Console.Out.WriteLine($"There are no runs in '{silo ?? outDirectory}' yet: 'train simple-spread' makes one.");
        else RunListing.Write(runs);
        return ExitCodes.Ok;
    }
}
