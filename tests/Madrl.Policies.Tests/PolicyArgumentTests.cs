namespace Madrl.Policies.Tests;

public class PolicyArgumentTests
{
    private static readonly PolicyDescription Description = TestPolicies.Describe([4, 8, 3], agentIds: 2);

    [Fact]
    public void Layers_that_do_not_fit_are_named_with_both_sizes()
    {
        LayerDescription[] layers = [new("in", 6, 8, Activation.Relu), new("out", 9, 3, Activation.None)];
        var description = Description with { Network = new NetworkDescription(layers) };
        var error = Assert.Throws<ArgumentException>(() => new Policy(description, TestPolicies.Weights(description), 0));
        Assert.Contains("out takes 9 inputs, but layer in gives 8", error.Message);
    }

    [Fact]
    public void An_observation_that_does_not_fit_the_first_layer_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new Policy(Description with { ObservationSize = 5 }, TestPolicies.Weights(Description), 0));
        Assert.Contains("fc1 takes 6 inputs, but ObservationSize 5 and AgentIds 2 make 7", error.Message);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(8, -1)]
    [InlineData(8, int.MaxValue)]
    public void Layers_of_impossible_size_are_refused(int inputs, int outputs)
    {
        var network = new NetworkDescription([new LayerDescription("odd", inputs, outputs, Activation.None)]);
        var error = Assert.Throws<ArgumentException>(
            () => new Policy(new PolicyDescription(network, ActionHead.Categorical, inputs, 0), Block.From([0f], 1), 0));
        if (inputs > 0) Assert.Contains("odd", error.Message);
    }

    [Fact]
    public void A_wrong_number_of_weights_is_refused_with_both_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => new Policy(Description, Block.From(new float[80], 80), 0));
        Assert.Contains("80", error.Message);
        Assert.Contains("takes 83", error.Message);
        Assert.Contains("fc2 27", error.Message);
    }

    [Fact]
    public void Weights_of_another_type_or_not_finite_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Policy(Description, Block.From(new double[83], 83), 0));
        var weights = new float[83];
        weights[6 * 8 + 8 + 2] = float.NaN;
        var error = Assert.Throws<ArgumentException>(() => new Policy(Description, Block.From(weights, 83), 1));
        Assert.Contains("Agent 1: number 2 of fc2.weight is NaN", error.Message);
    }

    [Fact]
    public void An_infinite_deviation_is_refused()
    {
        var description = TestPolicies.Describe([1, 2], head: ActionHead.Gaussian);
        var error = Assert.Throws<ArgumentException>(() => new Policy(description, Block.From([0f, 0, 0, 0, 0, 99], 6), 0));
        Assert.Contains("number 1 of log_std is 99", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void An_agent_without_an_id_is_refused(int agent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPolicies.Create(Description, agent));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(2, 7, 6)]
    [InlineData(2, 8, 5)]
    [InlineData(1 << 30, 0, 0)]
    public void Lengths_that_do_not_fit_the_rows_are_refused(int rows, int observations, int outputs)
    {
        var policy = TestPolicies.Create(Description);
        Assert.ThrowsAny<ArgumentException>(() => policy.Forward(new float[observations], rows, new float[outputs]));
        Assert.ThrowsAny<ArgumentException>(
            () => policy.Act(new float[observations], rows, default, new float[outputs / 3]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_observation_that_is_not_finite_is_reported_with_its_place(float value)
    {
        var policy = TestPolicies.Create(Description, 1);
        for (var index = 0; index < 40; index++)
        {
            var observations = new float[40];
            observations[index] = value;
            var error = Assert.Throws<ArgumentException>(() => policy.Act(observations, 10, default, new float[10]));
            Assert.Contains($"Agent 1, row {index / 4}: number {index % 4}", error.Message);
        }
    }

    [Fact]
    public void An_output_that_is_not_finite_is_reported_with_its_place()
    {
        var description = TestPolicies.Describe([1, 2, 2]);
        var policy = new Policy(description, Block.From([1f, 0, 0, 0, 1, 0, 3e38f, 0, 0, 0], 10), 0);
        var observations = new float[60];
        observations[53] = 100;
        var error = Assert.Throws<NotFiniteNumberException>(() => policy.Forward(observations, 60, new float[120]));
        Assert.Contains("Agent 0, row 53: output 1", error.Message);
    }

    [Fact]
    public void A_nan_between_two_layers_is_not_lost_in_a_relu()
    {
        var description = TestPolicies.Describe([1, 1, 1, 1]);
        var policy = new Policy(description, Block.From([3e38f, 0, 0, 0, 1, 0], 6), 0);
        Assert.Throws<NotFiniteNumberException>(() => policy.Forward([100], 1, new float[1]));
    }
}
