using Madrl.Policies;
using Onnx;

namespace Madrl.Onnx.Tests;

/// <summary>The file itself, and what is refused.</summary>
public class FileTests
{
    private static readonly Dictionary<string, string> None = [];

    private static readonly PolicyDescription Description =
        new(NetworkDescription.Recurrent(9, 8, 4), ActionHead.Categorical, ObservationSize: 6, AgentIds: 3);

    [Fact]
    public void Has_a_version_that_every_runtime_since_2022_reads()
    {
        var model = ModelProto.Parser.ParseFrom(OnnxPolicy.Write(Description, Numbers.Weights(Description), 0, None));
        Assert.Equal(8, model.IrVersion);
        Assert.Equal(("", 17), (Assert.Single(model.OpsetImport).Domain, Assert.Single(model.OpsetImport).Version));
    }

    [Fact]
    public void Keeps_the_names_of_pytorch_and_drops_the_ids()
    {
        var graph = ModelProto.Parser.ParseFrom(OnnxPolicy.Write(Description, Numbers.Weights(Description), 0, None)).Graph;
        Assert.Equal(
            [
                "states.sizes [1]", "fc1.weight [8,6]", "fc1.bias [8]", "rnn.weight_ih [24,8]", "rnn.weight_hh [24,8]", "rnn.bias_ih [24]",
                "rnn.bias_hh [24]", "rnn.gate_sizes [3]", "fc2.weight [4,8]", "fc2.bias [4]",
            ],
            graph.Initializer.Select(tensor => $"{tensor.Name} [{string.Join(',', tensor.Dims)}]"));
    }

    [Fact]
    public void The_same_policy_gives_the_same_bytes()
    {
        byte[] Write(Dictionary<string, string> metadata) => OnnxPolicy.Write(Description, Numbers.Weights(Description), 2, metadata);
        Assert.Equal(
            Write(new Dictionary<string, string> { ["run"] = "a", ["iteration"] = "5" }),
            Write(new Dictionary<string, string> { ["iteration"] = "5", ["run"] = "a" }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void An_agent_without_an_id_is_refused(int agent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxPolicy.Write(Description, Numbers.Weights(Description), agent, None));

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        var weights = Block.From(new float[5], 5);
        var error = Assert.Throws<ArgumentException>(() => OnnxPolicy.Write(Description, weights, 0, None));
        Assert.Contains($"the policy takes {Description.ParameterCount}", error.Message, StringComparison.Ordinal);
    }
}
