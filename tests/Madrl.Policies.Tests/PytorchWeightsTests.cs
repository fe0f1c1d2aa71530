using System.Text.Json;

namespace Madrl.Policies.Tests;

/// <summary>Weights go to Python and come from there under PyTorch's names, by files that neither side wrote for the other.</summary>
public sealed class PytorchWeightsTests : IDisposable
{
    /// <summary>The policy of the script.</summary>
    private static readonly PolicyDescription Description = new(
        new NetworkDescription(
        [
            new LayerDescription("fc1", 5, 8, Activation.Relu),
            new LayerDescription("norm", 8, 8, Activation.None, LayerKind.LayerNorm),
            new LayerDescription("rnn", 8, 6, Activation.None, LayerKind.Gru),
            new LayerDescription("fc2", 6, 3, Activation.None),
        ]),
        ActionHead.Gaussian, ObservationSize: 3, AgentIds: 2);

    private readonly string _folder = Directory.CreateTempSubdirectory("madrl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "policies.safetensors");

    [Fact]
    public async Task What_python_writes_is_read()
    {
        await Python.RunAsync("pytorch_weights.py", "write", File);

        var named = Safetensors.Read(System.IO.File.ReadAllBytes(File)).Tensors;
        var flat = PolicyWeights.FromNamed(Description, named, "agent.").AsSingles().ToArray();

        Assert.Equal(Enumerable.Range(0, Description.ParameterCount).Select(i => i / 4f - 50), flat);
        var names = PolicyWeights.ToNamed(Description, Block.From(flat, flat.Length), "agent.").Select(pair => pair.Name);
        Assert.Equal(names.Order(), named.Keys.Order());
    }

    [Fact]
    public async Task What_is_written_python_reads()
    {
        var weights = TestPolicies.Weights(Description);
        System.IO.File.WriteAllBytes(File, Safetensors.Write(
            PolicyWeights.ToNamed(Description, weights, "agent."), new Dictionary<string, string> { ["run"] = "test" }));

        using var read = JsonDocument.Parse(await Python.RunAsync("pytorch_weights.py", "read", File));

        // In the order of the flat vector, which is that of state_dict.
        (string Name, int[] Shape)[] expected =
        [
            ("fc1.weight", [8, 5]), ("fc1.bias", [8]), ("norm.weight", [8]), ("norm.bias", [8]), ("rnn.weight_ih", [18, 8]),
            ("rnn.weight_hh", [18, 6]), ("rnn.bias_ih", [18]), ("rnn.bias_hh", [18]), ("fc2.weight", [3, 6]), ("fc2.bias", [3]), ("log_std", [3]),
        ];
        Assert.Equal(expected.Length, read.RootElement.EnumerateObject().Count());
        var values = new List<float>();
        foreach (var (name, shape) in expected)
        {
            var tensor = read.RootElement.GetProperty($"agent.{name}");
            Assert.Equal("F32", tensor[0].GetString());
            Assert.Equal(shape, tensor[1].EnumerateArray().Select(size => size.GetInt32()));
            values.AddRange(tensor[2].EnumerateArray().Select(value => value.GetSingle()));
        }

        Assert.Equal(weights.AsSingles().ToArray(), values);
    }
}
