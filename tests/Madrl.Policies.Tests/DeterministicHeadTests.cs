namespace Madrl.Policies.Tests;

public class DeterministicHeadTests
{
    private const int Samples = 20_000;
    private const float Theta = 0.15f;
    private const float Sigma = 0.02f;

    /// <summary>A policy in [-1, 3] whose outputs are always (0, 1, -20).</summary>
    private static readonly Policy _policy = Constant(new BoundedActions(-1, 3, Theta, Sigma));

    [Fact]
    public void Greedy_actions_are_the_tanh_of_the_outputs_on_the_range()
    {
        var actions = TestPolicies.Act(_policy, new float[2], 2, new(5, true, 0, 0));
        float[] expected = [1, (float)(1 + 2 * Math.Tanh(1)), -1];
        for (var i = 0; i < 6; i++) Assert.Equal(expected[i % 3], actions[i], 1e-6f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(300)]
    public void Noise_has_the_variance_of_the_process(int step)
    {
        var kept = 1.0 - Theta;
        var variance = Sigma * Sigma * (1 - Math.Pow(kept, 2 * (step + 1))) / (1 - kept * kept);
        var noise = Noise(step);
        var limit = 4 / Math.Sqrt(Samples);
        Assert.InRange(noise.Average() / Math.Sqrt(variance), -limit, limit);
        Assert.InRange(noise.Average(x => x * x) / variance - 1, -limit * Math.Sqrt(2), limit * Math.Sqrt(2));
    }

    [Fact]
    public void Each_step_keeps_a_part_of_the_noise_and_adds_fresh_noise()
    {
        var (before, after) = (Noise(7), Noise(8));
        var added = before.Zip(after, (x, y) => (y - (1 - Theta) * x) / Sigma).ToArray();
        var limit = 4 / Math.Sqrt(Samples);
        Assert.InRange(added.Average(x => x * x) - 1, -limit * Math.Sqrt(2), limit * Math.Sqrt(2));
        Assert.InRange(added.Zip(before, (x, y) => x * y / Sigma).Average(), -2 * limit, 2 * limit);
    }

    [Fact]
    public void Noise_begins_anew_with_an_episode()
    {
        var first = TestPolicies.Act(_policy, new float[1], 1, new(5, false, 0, Step: 25, EpisodeStep: 0));
        var same = TestPolicies.Act(_policy, new float[1], 1, new(5, false, 0, Step: 25, EpisodeStep: 0));
        var going = TestPolicies.Act(_policy, new float[1], 1, new(5, false, 0, Step: 25, EpisodeStep: 25));
        TestPolicies.AssertSameBits(first, same);
        Assert.NotEqual(first, going);
    }

    [Fact]
    public void Noise_does_not_leave_the_range()
    {
        var wild = Constant(new BoundedActions(-1, 3, 0, 10));
        var actions = TestPolicies.Act(wild, new float[100], 100, new(5, false, 0, 3, 3));
        Assert.All(actions, action => Assert.InRange(action, -1f, 3f));
        Assert.Contains(-1f, actions);
        Assert.Contains(3f, actions);
    }

    [Fact]
    public void A_description_with_bounds_has_one_text_and_comes_back_from_it()
    {
        const string bounds = ""","bounds":{"low":-1,"high":3,"theta":0.15,"sigma":0.02}}""";
        var text = PolicyJson.ToJson(_policy.Description);
        Assert.EndsWith(bounds, text, StringComparison.Ordinal);
        var again = PolicyJson.FromJson(text);
        Assert.Equal(_policy.Description.Bounds, again.Bounds);
        Assert.Equal(text, PolicyJson.ToJson(again));
        foreach (var wrong in new[]
        {
            text.Replace(bounds, "}"), text.Replace("deterministic", "gaussian"), text.Replace("\"high\":3", "\"high\":-1"),
            text.Replace("0.15", "1.5"), text.Replace("0.02", "-1"), text.Replace("\"low\":-1,", ""),
        })
        {
            Assert.Throws<InvalidDataException>(() => PolicyJson.FromJson(wrong));
        }
    }

    /// <summary>The noise on the first action of many copies at a step of their episodes, in halves of the range.</summary>
    private static double[] Noise(int step)
    {
        var actions = TestPolicies.Act(_policy, new float[Samples], Samples, new(5, false, 0, 1000 + step, step));
        return [.. Enumerable.Range(0, Samples).Select(row => (actions[row * 3] - 1) / 2.0)];
    }

    private static Policy Constant(BoundedActions bounds)
    {
        var description = TestPolicies.Describe([1, 3], head: ActionHead.Deterministic) with { Bounds = bounds };
        return new Policy(description, Block.From([0, 0, 0, 0, 1, -20f], 6), 0);
    }
}
