using System.Diagnostics;
using System.Text.Json.Nodes;
using Madrl.Onnx.Tests;
using Madrl.Policies;

namespace Madrl.EndToEnd.Tests;

/// <summary>The policies of a trained run as files for other programs, and policies of other programs back.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("mappo", "share-parameters=true", "logits")]
    [InlineData("mappo", "actions=continuous", "means")]
    [InlineData("maddpg", "actions=continuous", "action")] // An actor for each agent.
    public async Task TheOnnxRuntimeActsAsTheTrainedPolicies(string algorithm, string setting, string output)
    {
        var id = await TrainAsync(algorithm, setting);
        var outcome = await _work.RunAsync("export", id, "--onnx", "--json");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        JsonNode[] lines = [.. outcome.Output.Select(Workplace.Json)];
        Assert.Equal([0, 1], lines.Select(line => (int)line["agent"]!));
        Assert.All(lines, line => Assert.Equal(
            ("export", id, 10, "onnx"), ((string?)line["type"], (string?)line["run"], (int)line["iteration"]!, (string?)line["format"])));
        var content = Safetensors.Read(await File.ReadAllBytesAsync(_work.CheckpointFile(10, "policy.safetensors")));
        var description = PolicyJson.FromJson(content.Metadata["policy"]);
        for (var agent = 0; agent < 2; agent++)
        {
            var prefix = content.Tensors.Keys.First().StartsWith("agents.", StringComparison.Ordinal) ? $"agents.{agent}." : "agent.";
            using var model = new OnnxModel(await File.ReadAllBytesAsync((string)lines[agent]["file"]!));
            AssertAgree(new Policy(description, PolicyWeights.FromNamed(description, content.Tensors, prefix), agent), model, output);
            Assert.Equal(id, model.Metadata.CustomMetadataMap["run"]);
        }
    }

    [Fact]
    public async Task ExportedWeightsAreThoseOfTheRunAndPlayAsTheyDoWhenTheyComeBack()
    {
        var id = await TrainAsync("mappo", "share-parameters=true");
        var finished = Workplace.Json(await File.ReadAllTextAsync(Path.Combine(_work.RunFolder(), "summary.json")));

        var outcome = await _work.RunAsync("export", id, "--safetensors", "--to", "weights/of a run");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var file = Assert.Single(outcome.Output);
        Assert.Equal(Path.Combine(_work.Folder, "weights", "of a run", "policies.safetensors"), file);
        Assert.Equal((string?)finished["weightsHash"], await PythonsHashAsync(file));
        var played = await _work.FinishAsync("evaluate", id, "--policies", file);
        Assert.Equal((double)finished["returnMean"]!, (double)played["returnMean"]!);
        Assert.Equal((string?)finished["weightsHash"], (string?)played["weightsHash"]);
        Assert.Equal((file, null), ((string?)played["policies"], (string?)played["checkpoint"]));

        // Worst first instead of best first: what was most likely is now least.
        var changed = Safetensors.Read(await File.ReadAllBytesAsync(file)).Tensors;
        foreach (var name in new[] { "agent.fc3.weight", "agent.fc3.bias" })
            changed[name] = Block.From([.. changed[name].AsSingles().ToArray().Select(value => -value)], changed[name].Shape);
        await File.WriteAllBytesAsync(file, Safetensors.Write([.. changed.Select(pair => (pair.Key, pair.Value))], new Dictionary<string, string>()));
        var other = await _work.FinishAsync("evaluate", id, "--policies", file);
        Assert.NotEqual((double)finished["returnMean"]!, (double)other["returnMean"]!);
        Assert.Equal(await PythonsHashAsync(file), (string?)other["weightsHash"]);
    }

    [Fact]
    public async Task WhatCannotBeWrittenOrReadIsAClearError()
    {
        var id = await TrainAsync("mappo", "share-parameters=true");
        var existing = Path.Combine(_work.RunFolder(), "export", "agent1.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(existing)!);
        await File.WriteAllTextAsync(existing, "mine");
        await FailsAsync(2, $"'{existing}' exists already: name another folder with --to", "export", id, "--onnx");
        Assert.Equal([existing], Directory.GetFiles(Path.GetDirectoryName(existing)!));
        Assert.Equal("mine", await File.ReadAllTextAsync(existing));

        // Nobody can make a folder there, whoever runs the tests.
        await FailsAsync(1, "'/proc/madrl' cannot be read or written", "export", id, "--onnx", "--to", "/proc/madrl");

        await FailsAsync(2, "There is no file 'none'", "evaluate", id, "--policies", "none");
        var wrong = Path.Combine(_work.Folder, "wrong");
        await File.WriteAllBytesAsync(wrong, Safetensors.Write([("agent.fc1.weight", Block.From([1f, 2], 2))], new Dictionary<string, string>()));
        await FailsAsync(2, "'wrong' holds no policies of this run: Tensor agent.fc1.weight is Float32 [2]", "evaluate", id, "--policies", "wrong");
    }

    [Fact]
    public async Task ARunWithoutACheckpointHasNothingToExport()
    {
        using (var process = MadrlProcess.Start(_work.Folder, Workplace.Train(400_000, "--checkpoint-every", "400000", "--json")))
        {
            await process.ReadLineAsync();
            process.Kill();
            await process.EndAsync();
        }

        var id = Path.GetFileName(_work.RunFolder());
        await FailsAsync(1, $"Run {id} has no checkpoint that can be used: resume it first.", "export", id, "--onnx");
    }

    /// <summary>Trains two agents for ten iterations.</summary>
    private async Task<string> TrainAsync(string algorithm, string setting)
    {
        string[] learn = algorithm == "maddpg" ? ["warm-up=0", "batch=32"] : ["epochs=2"];
        string[] settings = ["episode-limit=5", "agents=2", "hidden=8", setting, .. learn];
        var finished = await _work.FinishAsync(
        [
            "train", "simple-spread", "--algorithm", algorithm, "--copies", "8", "--steps", "400",
            .. settings.SelectMany(text => new[] { "--set", text }),
        ]);
        Assert.True((long)finished["updates"]! > 0);
        return (string)finished["run"]!;
    }

    private static void AssertAgree(Policy policy, OnnxModel model, string output)
    {
        const int rows = 16;
        var observations = Numbers.Uniform(rows * policy.Description.ObservationSize, seed: 3, scale: 2);
        var expected = new float[rows * policy.Description.Network.Outputs];
        if (policy.Description.Head == ActionHead.Deterministic) policy.Act(observations, rows, new ActionKey(1, Greedy: true, 0, 0), expected);
        else policy.Forward(observations, rows, expected);
        Numbers.AssertNear(expected, model.Run(rows, ("observation", observations))[output]);
    }

    private async Task FailsAsync(int exitCode, string expected, params string[] arguments)
    {
        var outcome = await _work.RunAsync(arguments);
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    private static async Task<string> PythonsHashAsync(string file)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [MadrlProcess.Metadata("WeightsHashScript"), file])
        {
            RedirectStandardOutput = true,
        })!;
        return (await python.StandardOutput.ReadToEndAsync()).Trim();
    }
}
