using Madrl.Tests.Shared;

namespace Madrl.Policies.Tests;

public class PolicyForwardTests
{
    /// <summary>Sizes around the kernel's panels of 16 outputs and strips of 64, and networks of one to four layers.</summary>
    public static TheoryData<int[]> Sizes => new(
        [18, 64, 64, 5], [7, 33, 17, 3], [1, 1], [5, 100, 50, 20], [3, 15, 16, 17, 2], [40, 130, 9]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch_of_4096(int[] sizes)
    {
        const int rows = 4096;
        var policy = TestPolicies.Create(TestPolicies.Describe(sizes, Activation.Tanh));
        var observations = TestPolicies.Observations(rows, policy.Description);
        var batch = TestPolicies.Forward(policy, observations, rows);
        var alone = new float[batch.Length];
        for (var row = 0; row < rows; row++)
            policy.Forward(Row(observations, row, sizes[0]), 1, Row(alone, row, sizes[^1]));

        TestPolicies.AssertSameBits(batch, alone);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_batch_size_gives_the_same_bits(int[] sizes)
    {
        var policy = TestPolicies.Create(TestPolicies.Describe(sizes));
        var observations = TestPolicies.Observations(70, policy.Description);
        var all = TestPolicies.Forward(policy, observations, 70);
        for (var rows = 1; rows < 70; rows++)
        {
            var some = TestPolicies.Forward(policy, observations.AsSpan(0, rows * sizes[0]), rows);
            TestPolicies.AssertSameBits(all.AsSpan(0, some.Length), some);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Agrees_with_a_plain_loop_in_double_precision(int[] sizes)
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var description = TestPolicies.Describe(sizes, activation, agentIds: 3);
            var weights = TestPolicies.Weights(description);
            var observations = TestPolicies.Observations(20, description);
            var actual = TestPolicies.Forward(new Policy(description, weights, 1), observations, 20);
            for (var row = 0; row < 20; row++)
            {
                var expected = PlainForward(description, weights.AsSingles(), 1, Row(observations, row, sizes[0]));
                for (var i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], actual[row * expected.Length + i], 1e-5 * (1 + Math.Abs(expected[i])));
            }
        }
    }

    /// <summary>Recurrent and normalising networks: observation, hidden and output size; memory, normalising layers.</summary>
    public static TheoryData<int, int, int, bool, bool> Stateful => new()
    {
        { 18, 64, 5, true, false },
        { 18, 64, 5, true, true },
        { 5, 7, 3, true, true },
        { 1, 1, 1, true, false },
        { 40, 33, 17, true, true },
        { 18, 64, 5, false, true },
        { 5, 17, 3, false, true },
    };

    [Theory]
    [MemberData(nameof(Stateful))]
    public void A_row_alone_remembers_what_it_remembers_in_a_batch(int observation, int hidden, int outputs, bool recurrent, bool normalises)
    {
        const int rows = 150;
        var description = Describe(observation, hidden, outputs, recurrent, normalises);
        var policy = TestPolicies.Create(description);
        var size = policy.StateSize;
        var (together, apart) = (new float[rows * size], new float[rows * size]);
        for (var step = 0; step < 4; step++)
        {
            var observations = TestPolicies.Observations(rows, description, seed: (ulong)step);
            var batch = TestPolicies.Forward(policy, observations, rows, together);
            var alone = new float[batch.Length];
            for (var row = 0; row < rows; row++)
                policy.Forward(Row(observations, row, observation), 1, Row(alone, row, outputs), Row(apart, row, size));
            TestPolicies.AssertSameBits(batch, alone);
            TestPolicies.AssertSameBits(together, apart);
        }
    }

    [Theory]
    [MemberData(nameof(Stateful))]
    public void Recurrent_and_normalising_layers_agree_with_a_plain_loop(int observation, int hidden, int outputs, bool recurrent, bool normalises)
    {
        const int rows = 20;
        var description = Describe(observation, hidden, outputs, recurrent, normalises);
        var weights = TestPolicies.Weights(description);
        var policy = new Policy(description, weights, 0);
        var state = new float[rows * policy.StateSize];
        var expectedState = new double[rows][];
        for (var row = 0; row < rows; row++) expectedState[row] = new double[policy.StateSize];
        for (var step = 0; step < 6; step++)
        {
            var observations = TestPolicies.Observations(rows, description, seed: (ulong)step);
            var actual = TestPolicies.Forward(policy, observations, rows, state);
            for (var row = 0; row < rows; row++)
            {
                var expected = PlainForward(description, weights.AsSingles(), 0, Row(observations, row, observation), expectedState[row]);
                for (var i = 0; i < outputs; i++) Assert.Equal(expected[i], actual[row * outputs + i], 1e-5 * (1 + Math.Abs(expected[i])));
                for (var i = 0; i < policy.StateSize; i++) Assert.Equal(expectedState[row][i], state[row * policy.StateSize + i], 1e-5);
            }
        }
    }

    private static PolicyDescription Describe(int observation, int hidden, int outputs, bool recurrent, bool normalises) =>
        recurrent ? TestPolicies.Recurrent(observation, hidden, outputs, normalises) : TestPolicies.Normalising(observation, hidden, outputs);

    [Fact]
    public void Agents_see_their_own_id_only()
    {
        var description = TestPolicies.Describe([4, 8, 3], agentIds: 2);
        var weights = TestPolicies.Weights(description);
        var observation = TestPolicies.Observations(1, description);
        var first = TestPolicies.Forward(new Policy(description, weights, 0), observation, 1);
        var second = TestPolicies.Forward(new Policy(description, weights, 1), observation, 1);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Agrees_with_the_reference_network()
    {
        var file = Safetensors.Read(File.ReadAllBytes(ReferenceData.PathOf(Path.Combine("nn", "mlp_relu.safetensors"))));
        var x = file.Tensors["in.x"];
        var y = file.Tensors["y.f64"].AsDoubles();
        var (rows, inputs, hidden, outputs) = (x.Shape[0], x.Shape[1], file.Tensors["h1"].Shape[1], file.Tensors["y"].Shape[1]);
        var description = TestPolicies.Describe([inputs, hidden, hidden, outputs]);
        var named = file.Tensors
            .Where(pair => pair.Key is ['i', 'n', '.', 'w' or 'b', _])
            .ToDictionary(pair => $"fc{pair.Key[4]}.{(pair.Key[3] == 'w' ? "weight" : "bias")}", pair => pair.Value);
        var policy = new Policy(description, PolicyWeights.FromNamed(description, named, ""), 0);

        var actual = TestPolicies.Forward(policy, x.AsSingles(), rows);
        for (var i = 0; i < actual.Length; i++) Assert.Equal(y[i], actual[i], 1e-5 * (1 + Math.Abs(y[i])));
    }

    private static double[] PlainForward(
        PolicyDescription description, ReadOnlySpan<float> weights, int agent, ReadOnlySpan<float> x, double[]? state = null)
    {
        var input = new double[x.Length + description.AgentIds];
        for (var i = 0; i < x.Length; i++) input[i] = x[i];
        if (description.AgentIds > 0) input[x.Length + agent] = 1;
        foreach (var layer in description.Network.Layers)
        {
            var output = layer.Kind switch
            {
                LayerKind.Gru => PlainLayers.Gru(layer.Outputs, weights, input, state!),
                LayerKind.LayerNorm => PlainLayers.LayerNorm(weights, input),
                _ => PlainLayers.Linear(layer.Outputs, weights, weights[(layer.Outputs * layer.Inputs)..], input),
            };
            input = [.. output.Select(value => layer.Activation switch
            {
                Activation.Relu => Math.Max(0, value),
                Activation.Tanh => Math.Tanh(value),
                _ => value,
            })];
            weights = weights[layer.ParameterCount..];
        }

        return input;
    }

    private static Span<float> Row(float[] values, int row, int size) => values.AsSpan(row * size, size);
}
