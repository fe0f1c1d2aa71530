using System.Globalization;
using System.Text.Json.Nodes;
using Madrl.Hosting.Storage;
using Madrl.Onnx;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Terminal.Evaluation;
using Madrl.Terminal.Output;

namespace Madrl.Terminal.Export;

/// <summary>What is written.</summary>
/// <param name="Onnx">A model per agent.</param>
/// <param name="Safetensors">The weights of all agents.</param>
internal readonly record struct Formats(bool Onnx, bool Safetensors);

/// <summary>The policies of a checkpoint as files.</summary>
/// <param name="run">Their run.</param>
/// <param name="saved">The policies.</param>
/// <param name="folder">Full path of the folder that takes the files; made if missing.</param>
internal sealed class ExportedFiles(RunSpecification run, SavedPolicies saved, string folder)
{
    private readonly List<(string Format, int? Agent, string Path)> _written = [];

    private Dictionary<string, string> Metadata => new()
    {
        ["run"] = run.Run,
        ["iteration"] = saved.Checkpoint.Iteration.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Writes the files: all, or where one exists already, none.</summary>
    /// <exception cref="UsageException">One exists.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Write(Formats formats)
    {
        (string Format, int? Agent, string Path, Func<byte[]> Content)[] files = [.. Files(formats)];
        if (files.FirstOrDefault(file => Path.Exists(file.Path)) is { Path: { } existing })
            throw new UsageException($"'{existing}' exists already: name another folder with --to, or remove it.");
        DurableDirectory.Create(folder);
        foreach (var (format, agent, path, content) in files)
        {
            AtomicFile.Write(path, content());
            _written.Add((format, agent, path));
        }
    }

    /// <summary>Says what was written: a path or an object a line on stdout.</summary>
    public void Report(bool json)
    {
        if (!json) Console.Error.WriteLine($"{run.Run}: policies after iteration {saved.Checkpoint.Iteration}");
        foreach (var (format, agent, path) in _written) Console.Out.WriteLine(json ? Json(format, agent, path) : path);
    }

    private IEnumerable<(string Format, int? Agent, string Path, Func<byte[]> Content)> Files(Formats formats)
    {
        var policies = saved.Policies;
        if (formats.Onnx)
        {
            for (var agent = 0; agent < policies.Weights.Count; agent++)
            {
                var index = agent;
                yield return ("onnx", index, Path.Combine(folder, $"agent{index}.onnx"),
                    () => OnnxPolicy.Write(policies.Description, policies.Weights[index], index, Metadata));
            }
        }

        if (formats.Safetensors)
        {
            var metadata = Metadata;
            metadata["policy"] = PolicyJson.ToJson(policies.Description);
            yield return ("safetensors", null, Path.Combine(folder, "policies.safetensors"), () => Safetensors.Write(policies.Named(), metadata));
        }
    }

    private string Json(string format, int? agent, string path) => new JsonObject
    {
        ["type"] = "export",
        ["run"] = run.Run,
        ["iteration"] = saved.Checkpoint.Iteration,
        ["weightsHash"] = saved.Checkpoint.WeightsHash,
        ["format"] = format,
        ["agent"] = agent,
        ["file"] = path,
    }.ToCompactString();
}
