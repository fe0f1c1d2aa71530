using System.CommandLine;
using Madrl.Client;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols.Runs;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Evaluation;
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
        var device = new Option<string?>("--device")
        {
            Description = "cpu, cuda:N or with --silo accelerator: goes on there, with other bits, whatever the run began with", HelpName = "DEVICE",
        };
        var command = new ExampleCommand(
            "resume", "Goes on with a run from its last checkpoint; a finished one shows its summary again.",
            "resume simple-spread-mappo-s1-20261122-173205",
            "resume ./copied/simple-spread-mappo-s1-20261122-173205 --json",
            "resume simple-spread-mappo-s1-20261122-173205 --silo 127.0.0.1:30000 --device cpu")
        {
            run, folder, silo, device, json,
        };
        command.SetAction((parsed, _) =>
        {
            var (named, outDirectory, quiet) = (parsed.GetRequiredValue(run), parsed.GetRequiredValue(folder), parsed.GetValue(json));
            return CommonOptions.Place(parsed, silo, folder) is { } address
                ? RemoteAsync(named, address, DeviceOf(parsed.GetValue(device)), quiet)
                : LocalAsync(KnownRun.Open(named, outDirectory), outDirectory, parsed.GetValue(device), quiet);
        });
        return command;
    }

    private static bool? DeviceOf(string? word)
    {
        try
        {
            return RunDevice.Parse(word);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{word}' is not a value of --device: it takes cpu or accelerator.");
        }
    }

    private static async Task<int> LocalAsync(RunFolder folder, string outDirectory, string? device, bool json)
    {
        var accelerator = LocalDevice.Accelerator(device);
        var run = folder.Specification.Run;
        using var interruption = new Interruption();
        try
        {
            await using var connection = await Connection.StartAsync(outDirectory, folder, accelerator);
            var before = await connection.Client.GetAsync(run);
            await connection.Client.ResumeAsync(run, device is null ? null : accelerator is not null);
            // Only what is new: the run's file tells the rest.
            return await new TrainingSession(connection.Client, interruption, json)
                .RunAsync(run, connection.PlaceOf(run), "resuming", after: NumberedEvent.FirstOf(before.Epoch + 1) - 1);
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, run);
        }
    }

    private static async Task<int> RemoteAsync(string run, string address, bool? onAccelerator, bool json)
    {
        using var interruption = new Interruption { Answer = null };
        await using var connection = await Connection.ConnectAsync(address);
        await connection.Client.ResumeAsync(run, onAccelerator);
        return await new TrainingSession(connection.Client, interruption, json).RunAsync(run, connection.PlaceOf(run), "resuming", after: 0);
    }
}
