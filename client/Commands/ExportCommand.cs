using System.CommandLine;
using Madrl.Hosting.Storage;
using Madrl.Terminal.CommandLine;
using Madrl.Terminal.Evaluation;
using Madrl.Terminal.Export;

namespace Madrl.Terminal.Commands;

/// <summary><c>export RUN</c>: writes the policies of a checkpoint as files that other programs read.</summary>
internal static class ExportCommand
{
    private const string OnnxName = "--onnx", SafetensorsName = "--safetensors", ToName = "--to", DefaultFolder = "export";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var onnx = new Option<bool>(OnnxName)
        {
            Description = "agent0.onnx, agent1.onnx …: each agent's policy, from its observation to its action or the action's distribution",
        };
        var safetensors = new Option<bool>(SafetensorsName)
        {
            Description = "policies.safetensors: the weights with PyTorch's names; 'evaluate --policies' takes them back",
        };
        var to = new Option<string?>(ToName)
        {
            Description = $"folder that the files are written to; without it, {DefaultFolder} in the run's folder", HelpName = "DIR",
        };
        var (checkpoint, folder, json) = (SavedPolicies.Option(), CommonOptions.Out(), CommonOptions.Json());
        var command = new ExampleCommand(
            "export", "Writes the policies of a checkpoint as files that other programs read.",
            "export simple-spread-mappo-s1-20261122-173205 --onnx",
            "export simple-spread-mappo-s1-20261122-173205 --onnx --safetensors --checkpoint best --to policies --json")
        {
            run, onnx, safetensors, to, checkpoint, folder, json,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(run), new Formats(parsed.GetValue(onnx), parsed.GetValue(safetensors)), parsed.GetValue(to),
            parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(folder), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string run, Formats formats, string? to, string which, string outDirectory, bool json)
    {
        if (formats is { Onnx: false, Safetensors: false })
            throw new UsageException($"Name what to write: {OnnxName}, {SafetensorsName} or both.");
        SavedPolicies.Check(which);
        var folder = KnownRun.Open(run, outDirectory);
        try
        {
            var saved = await SavedPolicies.ReadAsync(folder, outDirectory, which);
            var files = new ExportedFiles(folder.Specification, saved, Path.GetFullPath(to ?? Path.Combine(folder.Path, DefaultFolder)));
            files.Write(formats);
            files.Report(json);
            return ExitCodes.Ok;
        }
        catch (Exception error)
        {
            return Errors.Report(error, json, folder.Specification.Run);
        }
    }
}
