using Madrl.Environments;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Tests.Team;

/// <summary>A rollout that is larger than a message goes in several, and nothing of it is lost.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task A_large_rollout_goes_in_parts_of_whole_episodes()
    {
        var run = TestSpecification.Create() with { Copies = 32, Game = new() { ["agents"] = "30" } };
        var learner = new TestLearner();
        var ticket = new Ticket(1, 0);
        var member = new EnvironmentMember(0, _ => new LearnerAlone(learner), (_, game) => new RandomReplicas(game, run.Seed));
        await member.OpenAsync(ticket, run, replay: null);
        await member.CollectAsync(ticket, TestContext.Current.CancellationToken);

        var role = new EnvironmentRole(run, shard: 0);
        var most = MessageLimit.Episodes(role.Game);
        Assert.Equal([0, most, 2 * most], learner.Parts.Select(part => part.First));
        Assert.All(learner.Parts, part => Assert.InRange(part.Part.Copies * Rollout.BytesPerCopy(role.Game), 1, MessageLimit.Bytes));

        // Answered from its last result: a repeated call hands nothing over twice.
        await member.CollectAsync(ticket, TestContext.Current.CancellationToken);
        Assert.Equal(3, learner.Parts.Count);

        var expected = await role.CollectAsync(new RandomReplicas(role.Game, run.Seed), ticket.Iteration);
        Assert.Equal(expected.States, learner.Parts.SelectMany(part => part.Part.States));
        Assert.Equal(expected.Lengths, learner.Parts.SelectMany(part => part.Part.Lengths));
        foreach (var agent in (int[])[0, 29])
        {
            Assert.Equal(expected.Observations[agent], learner.Parts.SelectMany(part => part.Part.Observations[agent]));
            Assert.Equal(expected.Actions[agent], learner.Parts.SelectMany(part => part.Part.Actions[agent]));
            Assert.Equal(expected.Rewards[agent], learner.Parts.SelectMany(part => part.Part.Rewards[agent]));
        }
    }

    private sealed class RandomReplicas(GameSpec game, ulong seed) : IReplicaActors
    {
        private readonly RandomActors _actors = new(game, seed);

        public Ticket Ticket { get; set; }

        public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions) => _actors.ActAsync(step, observations, actions);
    }
}
