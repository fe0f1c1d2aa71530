using Madrl.Environments;
using Madrl.Policies;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>How copies are spread over shards never changes what is played, to the bit.</summary>
public class EnvironmentRoleTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public async Task Any_sharding_collects_the_same_rollouts(int shards)
    {
        var whole = await CollectAsync(1);
        Assert.Contains(whole.Rewards[0], reward => reward != 0);
        AssertSame(whole, await CollectAsync(shards));
    }

    [Fact]
    public async Task Another_iteration_plays_other_episodes()
    {
        var role = new EnvironmentRole(TestSpecification.Create(), 0);
        float[] first = [.. (await role.CollectAsync(new PolicyActors(role.Game), 3)).States];
        float[] other = [.. (await role.CollectAsync(new PolicyActors(role.Game), 4)).States];
        float[] again = [.. (await role.CollectAsync(new PolicyActors(role.Game), 3)).States];
        Assert.NotEqual(first, other);
        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(5, 7)]
    [InlineData(10, 7)] // Some shards have no episode.
    public async Task Any_sharding_evaluates_to_the_same_returns(int shards, int episodes)
    {
        var whole = await EvaluateAsync(1, EpisodeSet.Test, episodes);
        Assert.Equal(episodes, whole.Distinct().Count());
        Assert.Equal(whole, await EvaluateAsync(shards, EpisodeSet.Test, episodes));
    }

    [Fact]
    public async Task The_test_episodes_are_not_those_of_the_evaluations() =>
        Assert.Empty((await EvaluateAsync(1, EpisodeSet.Test, 7)).Intersect(await EvaluateAsync(1, EpisodeSet.Evaluation, 7)));

    private static async Task<double[]> EvaluateAsync(int shards, EpisodeSet set, int episodes)
    {
        var returns = new List<double>();
        for (var shard = 0; shard < shards; shard++)
        {
            var role = new EnvironmentRole(TestSpecification.Create(shards: shards), shard);
            returns.AddRange(await role.EvaluateAsync(game => new PolicyActors(game.Spec), set, episodes, shard));
        }

        return [.. returns];
    }

    private static async Task<Rollout> CollectAsync(int shards)
    {
        var parts = new List<Rollout>();
        for (var shard = 0; shard < shards; shard++)
        {
            var role = new EnvironmentRole(TestSpecification.Create(shards: shards), shard);
            parts.Add(await role.CollectAsync(new PolicyActors(role.Game), iteration: 3));
        }

        return Join(parts);
    }

    private static Rollout Join(List<Rollout> parts)
    {
        var game = new EnvironmentRole(TestSpecification.Create(), 0).Game;
        var whole = new Rollout(game, parts.Sum(part => part.Copies));
        for (var agent = 0; agent < game.Agents.Count; agent++)
        {
            Copy(parts.SelectMany(part => part.Observations[agent]), whole.Observations[agent]);
            Copy(parts.SelectMany(part => part.Actions[agent]), whole.Actions[agent]);
            Copy(parts.SelectMany(part => part.Rewards[agent]), whole.Rewards[agent]);
        }

        Copy(parts.SelectMany(part => part.States), whole.States);
        Copy(parts.SelectMany(part => part.Lengths), whole.Lengths);
        Copy(parts.SelectMany(part => part.Terminated), whole.Terminated);
        return whole;
    }

    private static void Copy<T>(IEnumerable<T> values, T[] target) => values.ToArray().CopyTo(target, 0);

    private static void AssertSame(Rollout expected, Rollout actual)
    {
        Assert.Equal(Bits(expected.Observations), Bits(actual.Observations));
        Assert.Equal(Bits(expected.Actions), Bits(actual.Actions));
        Assert.Equal(Bits(expected.Rewards), Bits(actual.Rewards));
        Assert.Equal(Bits([expected.States]), Bits([actual.States]));
        Assert.Equal(expected.Lengths, actual.Lengths);
        Assert.Equal(expected.Terminated, actual.Terminated);
    }

    private static int[] Bits(float[][] values) => [.. values.SelectMany(row => row).Select(BitConverter.SingleToInt32Bits)];

    /// <summary>Every agent acts by a policy of its own.</summary>
    private sealed class PolicyActors(GameSpec game) : IActors
    {
        private readonly Policy[] _policies =
            [.. game.Agents.Select((agent, index) => TestPolicies.Create(agent.ObservationSize, agent.Actions, index))];

        public ValueTask ActAsync(ActingStep step, float[][] observations, float[][] actions)
        {
            var key = new ActionKey(7, step.Mode == ActingMode.Greedy, step.FirstCopy, step.Step);
            for (var agent = 0; agent < _policies.Length; agent++)
                _policies[agent].Act(observations[agent], step.Rows, key, actions[agent]);
            return ValueTask.CompletedTask;
        }
    }
}
