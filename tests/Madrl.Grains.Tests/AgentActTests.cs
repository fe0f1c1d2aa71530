using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains.Tests;

public class AgentActTests
{
    private const int Rows = 5;

    [Fact]
    public async Task An_agent_acts_greedily_with_the_final_weights()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 2));
        TestRun.Hash(await run.EndAsync());
        var file = Safetensors.Read(await File.ReadAllBytesAsync(
            Path.Combine(run.Folder.CheckpointsPath, "00000002-1", LearnerRole.PolicyFile)));
        var description = PolicyJson.FromJson(file.Metadata["policy"]);
        var weights = PolicyWeights.FromNamed(description, file.Tensors, "agent.");
        var size = description.ObservationSize;
        float[] observations = [.. Enumerable.Range(0, Rows * size).Select(index => (index * 37 % 41 - 20) / 10f)];
        for (var agent = 0; agent < TestRun.Agents; agent++)
        {
            var expected = new float[Rows];
            new Policy(description, weights, agent).Act(observations, Rows, new ActionKey(0, Greedy: true, 0, 0), expected);
            var grain = run.Client.GetGrain<IAgentGrain>(GrainKeys.Agent(run.Specification.Run, agent));
            var actions = await grain.Act(Block.From(observations, Rows, size));
            Assert.Equal(expected, actions.Actions.AsSingles().ToArray());
        }
    }

    [Fact]
    public async Task An_agent_without_weights_says_so()
    {
        await using var run = new TestRun();
        await run.StartSiloAsync();
        var grain = run.Client.GetGrain<IAgentGrain>(GrainKeys.Agent(run.Specification.Run, 0));
        var error = await Assert.ThrowsAsync<RunUnavailableException>(() => grain.Act(Block.From(new float[18], 1, 18)));
        Assert.Contains("no weights", error.Message, StringComparison.Ordinal);
    }
}
