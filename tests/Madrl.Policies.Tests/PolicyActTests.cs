namespace Madrl.Policies.Tests;

public class PolicyActTests
{
    private const int Samples = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sampled_actions_follow_the_softmax(ulong seed)
    {
        float[] logits = [0.3f, -1.2f, 2f, 0f, -100f, 1.1f];
        var policy = Constant(ActionHead.Categorical, logits);
        var actions = TestPolicies.Act(policy, new float[Samples], Samples, new(seed, false, 0, 9));

        var weights = logits.Select(logit => Math.Exp(logit)).ToArray();
        var chiSquare = 0.0;
        for (var action = 0; action < logits.Length; action++)
        {
            var expected = Samples * weights[action] / weights.Sum();
            var seen = actions.Count(chosen => chosen == action);
            if (logits[action] == -100) Assert.Equal(0, seen);
            else chiSquare += (seen - expected) * (seen - expected) / expected;
        }

        // The 99.9 % quantile with 4 degrees of freedom.
        Assert.InRange(chiSquare, 0.01, 18.47);
    }

    [Fact]
    public void Greedy_takes_the_first_of_the_largest_logits()
    {
        var policy = Constant(ActionHead.Categorical, [1, 3, -2, 3]);
        Assert.Equal([1f, 1f], TestPolicies.Act(policy, new float[2], 2, new(1, true, 0, 0)));
    }

    [Fact]
    public void Gaussian_actions_have_the_mean_and_deviation_and_are_independent()
    {
        float[] means = [1, -2, 0.5f];
        float[] logStd = [0, -1, 0.7f];
        var policy = Constant(ActionHead.Gaussian, means, logStd);
        var actions = TestPolicies.Act(policy, new float[Samples], Samples, new(5, false, 0, 0));
        var noise = new double[3][];
        for (var i = 0; i < 3; i++)
        {
            var (index, mean, deviation) = (i, means[i], Math.Exp(logStd[i]));
            noise[i] = [.. Enumerable.Range(0, Samples).Select(row => (actions[row * 3 + index] - mean) / deviation)];
            var limit = 4 / Math.Sqrt(Samples);
            Assert.InRange(noise[i].Average(), -limit, limit);
            Assert.InRange(noise[i].Average(z => z * z) - 1, -limit * Math.Sqrt(2), limit * Math.Sqrt(2));
            Assert.InRange(noise[i].Average(z => z * z * z * z) - 3, -limit * Math.Sqrt(96), limit * Math.Sqrt(96));
            Assert.InRange(noise[i].Average(z => Math.Abs(z) < 1 ? 1.0 : 0) - 0.682689, -limit / 2, limit / 2);
            for (var j = 0; j < i; j++) Assert.InRange(noise[i].Zip(noise[j], (a, b) => a * b).Average(), -limit, limit);
        }
    }

    [Fact]
    public void Greedy_gaussian_actions_are_the_means()
    {
        var policy = Constant(ActionHead.Gaussian, [1, -2], [0, 0]);
        Assert.Equal([1f, -2, 1, -2], TestPolicies.Act(policy, new float[2], 2, new(5, true, 0, 0)));
    }

    [Theory]
    [InlineData(ActionHead.Categorical)]
    [InlineData(ActionHead.Gaussian)]
    [InlineData(ActionHead.Deterministic)]
    public void An_action_depends_on_its_copy_and_not_on_its_batch(ActionHead head)
    {
        var policy = TestPolicies.Create(TestPolicies.Describe([4, 20, 5], head: head));
        var observations = TestPolicies.Observations(100, policy.Description);
        var all = TestPolicies.Act(policy, observations, 100, new(7, false, 1000, 3));
        for (var first = 0; first < 100; first += 7)
        {
            var rows = Math.Min(7, 100 - first);
            var some = TestPolicies.Act(policy, observations.AsSpan(first * 4, rows * 4), rows, new(7, false, 1000 + first, 3));
            TestPolicies.AssertSameBits(all.AsSpan(first * policy.ActionSize, some.Length), some);
        }
    }

    [Fact]
    public void Seed_step_copy_and_agent_all_matter()
    {
        var description = TestPolicies.Describe([4, 8, 1], head: ActionHead.Gaussian);
        var observation = TestPolicies.Observations(1, description);
        float Act(int agent, ActionKey key) => TestPolicies.Act(TestPolicies.Create(description, agent), observation, 1, key)[0];

        float[] actions = [
            Act(0, new(7, false, 1, 3)), Act(0, new(8, false, 1, 3)), Act(0, new(7, false, 2, 3)),
            Act(0, new(7, false, 1, 4)), Act(1, new(7, false, 1, 3))];
        Assert.Equal(actions.Length, actions.Distinct().Count());
    }

    [Theory]
    [InlineData(ActionHead.Categorical, Activation.Relu)]
    [InlineData(ActionHead.Gaussian, Activation.Tanh)]
    [InlineData(ActionHead.Deterministic, Activation.Relu)]
    public void Acting_allocates_nothing(ActionHead head, Activation activation)
    {
        var policy = TestPolicies.Create(TestPolicies.Describe([18, 64, 64, 5], activation, head));
        foreach (var rows in new[] { 1, 100 })
        {
            var observations = TestPolicies.Observations(rows, policy.Description);
            var outputs = new float[rows * 5];
            var actions = new float[rows * policy.ActionSize];
            for (var round = 0; round < 2; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                policy.Forward(observations, rows, outputs);
                policy.Act(observations, rows, new ActionKey(1, false, 0, 0), actions);
                policy.Act(observations, rows, new ActionKey(1, true, 0, 0), actions);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (round > 0) Assert.Equal(0, allocated);
            }
        }
    }

    /// <summary>A policy whose outputs are the given numbers whatever it sees; its observation is one number.</summary>
    private static Policy Constant(ActionHead head, float[] outputs, params float[] logStd)
    {
        var description = TestPolicies.Describe([1, outputs.Length], head: head);
        float[] weights = [.. new float[outputs.Length], .. outputs, .. logStd];
        return new Policy(description, Block.From(weights, weights.Length), 0);
    }
}
