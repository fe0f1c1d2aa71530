using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Policies;

namespace Madrl.Onnx.Tests;

/// <summary>What the ONNX runtime computes from a file is what the policy computes that acts in a run.</summary>
public class HeadTests
{
    private const int Agents = 3, ObservationSize = 18;

    public static TheoryData<ActionHead, Activation, bool> Cases => new(
        from head in Enum.GetValues<ActionHead>()
        from activation in new[] { Activation.Relu, Activation.Tanh }
        from shared in new[] { true, false }
        select (head, activation, shared));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_agent_of_a_team_acts_as_here(ActionHead head, Activation activation, bool shared)
    {
        using var actor = Actor(head, activation, shared);
        var weights = actor.ExportPolicies();
        var observation = Numbers.Uniform(ObservationSize, seed: 5, scale: 2);
        var seen = new List<float>();
        for (var agent = 0; agent < Agents; agent++)
        {
            var policy = new Policy(actor.Description, weights[agent], agent);
            using var model = new OnnxModel(OnnxPolicy.Write(actor.Description, weights[agent], agent, new Dictionary<string, string>()));
            foreach (var rows in new[] { 1, 2, 7, 64 }) AssertAgree(policy, model, rows);
            seen.Add(model.Run(1, ("observation", observation)).First().Value[0]);
        }

        // By the id where they share the network, by the weights where not.
        Assert.Equal(Agents, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(ActionHead.Categorical, "logits [batch, 5]")]
    [InlineData(ActionHead.Gaussian, "means [batch, 5]", "log_std [5]")]
    [InlineData(ActionHead.Deterministic, "action [batch, 5]")]
    public void The_file_says_what_goes_in_and_comes_out(ActionHead head, params string[] outputs)
    {
        using var actor = Actor(head, Activation.Relu, shared: true);
        var metadata = new Dictionary<string, string> { ["run"] = "simple-spread-1" };
        using var model = new OnnxModel(OnnxPolicy.Write(actor.Description, actor.ExportPolicies()[2], 2, metadata));

        Assert.Equal(["observation [batch, 18]"], model.Inputs);
        Assert.Equal(outputs, model.Outputs);
        var said = model.Metadata.CustomMetadataMap;
        Assert.Equal(["agent", "head", "policy", "run"], said.Keys.Order());
        Assert.Equal(("2", "simple-spread-1", outputs[0].Split(' ')[0]), (said["agent"], said["run"], said["head"]));
        Assert.Equal(PolicyJson.ToJson(actor.Description), said["policy"]);
        Assert.Contains("one agent of a team", model.Metadata.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Deterministic_actions_stay_in_their_range()
    {
        using var actor = Actor(ActionHead.Deterministic, Activation.Relu, shared: false);
        using var model = new OnnxModel(OnnxPolicy.Write(actor.Description, actor.ExportPolicies()[0], 0, new Dictionary<string, string>()));
        var actions = model.Run(64, ("observation", Numbers.Uniform(64 * ObservationSize, seed: 6, scale: 1e4f)))["action"];
        Assert.All(actions, action => Assert.InRange(action, -1, 3));
        Assert.Contains(-1, actions);
        Assert.Contains(3, actions);
    }

    private static void AssertAgree(Policy policy, OnnxModel model, int rows)
    {
        var observations = Numbers.Uniform(rows * ObservationSize, (ulong)rows, scale: 2);
        var expected = new float[rows * policy.Description.Network.Outputs];
        if (policy.Description.Head == ActionHead.Deterministic) policy.Act(observations, rows, new ActionKey(1, Greedy: true, 0, 0), expected);
        else policy.Forward(observations, rows, expected);

        var actual = model.Run(rows, ("observation", observations));
        Numbers.AssertNear(expected, actual.First().Value);
        if (policy.Description.Head == ActionHead.Gaussian) Assert.Equal([0.5f, 0.25f, 0, -1, -2], actual["log_std"]);
    }

    /// <summary>Three agents with random weights.</summary>
    private static Actor Actor(ActionHead head, Activation activation, bool shared)
    {
        ActionSpace actions = head == ActionHead.Categorical ? new ActionSpace.Discrete(5) : new ActionSpace.Box(5, -1, 3);
        var agent = new AgentSpec("agent", ObservationSize, actions);
        (float, float)? noise = head == ActionHead.Deterministic ? (0.15f, 0.2f) : null;
        var actor = new Actor(new GameSpec("test", "", [agent, agent, agent], 1, 1, ""), 64, activation, shared, noise);
        for (var member = 0; member < actor.Network.Members; member++)
        {
            var weights = Numbers.Uniform(actor.Description.ParameterCount, (ulong)(member + 1), scale: 0.3f);
            if (head == ActionHead.Gaussian) new[] { 0.5f, 0.25f, 0, -1, -2 }.CopyTo(weights, weights.Length - 5);
            actor.Network.Import(member, Block.From(weights, weights.Length));
        }

        return actor;
    }
}
