using System.CommandLine;
using Madrl.Hosting.Storage;
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
        var (folder, json) = (CommonOptions.Out(), CommonOptions.Json());
        var command = new ExampleCommand(
            "resume", "Goes on with a run from its last checkpoint; a finished one shows its summary again.",
            "resume simple-spread-mappo-s1-20261122-173205",
            "resume ./copied/simple-spread-mappo-s1-20261122-173205 --json")
        {
            run, folder, json,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(run), parsed.GetRequiredValue(folder), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string run, string outDirectory, bool json)
    {
        using var interruption = new Interruption();
        return await TrainingSession.RunAsync(RunFolder.Open(run, outDirectory), outDirectory, json, resumed: true, interruption);
    }
}
