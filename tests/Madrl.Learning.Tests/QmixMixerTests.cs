using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>QMIX's mixer: monotonic in every agent's value, and what its formula says.</summary>
public class QmixMixerTests
{
    private const int Agents = 3;
    private const int StateSize = 4;
    private const int Embed = 5;
    private const int Rows = 64;

    public QmixMixerTests() => Native.TorchRuntime.Initialise();

    public static TheoryData<int> Hypernets => [0, 6];

    [Theory]
    [MemberData(nameof(Hypernets))]
    public void The_teams_value_rises_with_every_agents(int hypernet)
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(hypernet);
        mixer.Begin(Numbers(1, Rows, Agents), Numbers(2, Rows, StateSize)).Backward(ones(Rows), out var slopes);
        Assert.All(slopes.data<float>().ToArray(), slope => Assert.True(slope >= 0, $"{slope}"));
        Assert.True(slopes.amin([0, 1]).item<float>() > 0);

        // The slopes are those of a function that really depends on the values and on the state.
        Assert.True(slopes.var(0).amin([0]).item<float>() > 0);
    }

    [Theory]
    [MemberData(nameof(Hypernets))]
    public void It_is_the_formula_row_by_row(int hypernet)
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(hypernet);
        var (values, states) = (Numbers(1, 2, 3, Agents), Numbers(2, 2, 3, StateSize));
        var mixed = mixer.Mix(values, states);
        Assert.Equal([2L, 3], mixed.shape);
        var weights = mixer.Named().ToDictionary(item => item.Name, item => item.Tensor.data<float>().ToArray());
        for (var row = 0; row < 6; row++)
        {
            var q = values.view(6, Agents)[row].data<float>().ToArray();
            var state = states.view(6, StateSize)[row].data<float>().ToArray();
            Assert.Equal(PlainMix(weights, hypernet > 0, q, state), mixed.view(6)[row].item<float>(), 1e-5f);
        }
    }

    [Theory]
    [MemberData(nameof(Hypernets))]
    public void All_parameters_are_named_once_and_all_get_a_gradient(int hypernet)
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(hypernet);
        Assert.Equal(mixer.Flat.numel(), mixer.Named().Sum(item => item.Tensor.numel()));
        foreach (var (_, tensor) in mixer.Named()) tensor.zero_();
        Assert.Equal(0, mixer.Flat.abs().sum().item<float>());

        mixer.Initialise(seed: 7, network: 1);
        var gradient = cat(mixer.Begin(Numbers(1, Rows, Agents), Numbers(2, Rows, StateSize)).Backward(ones(Rows), out _), 1);
        Assert.Equal(mixer.Flat.numel(), gradient.count_nonzero().item<long>());
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 5, 6)]
    [InlineData(4, 32, 7)]
    [InlineData(2, 35, 0)]
    public void The_kernel_is_the_formula_in_values_and_gradients(int agents, int embed, int hypernet)
    {
        const int rows = 300;
        using var scope = NewDisposeScope();
        using var mixer = new QmixMixer(agents, StateSize, embed, hypernet);
        mixer.Initialise(seed: 7, network: 1);
        var (values, states, gradient) = (Numbers(1, rows, agents), Numbers(2, rows, StateSize), Numbers(3, rows));
        values[0] = zeros(agents); // Where the derivatives of |x| and elu change.
        var pass = mixer.Begin(values, states);
        Tensor[] own = pass.Backward(gradient, out var slopes);
        mixer.Check = new FiniteCheck("", ""); // Takes the formula.
        var judge = mixer.Begin(values, states);
        Tensor[] expected = judge.Backward(gradient, out var expectedSlopes);
        foreach (var (one, other) in own.Zip(expected).Append((slopes, expectedSlopes)).Append((pass.Output, judge.Output)))
            Assert.True((one - other).abs().max().item<float>() <= 1e-5f * other.abs().max().item<float>());
        mixer.Check = null;
        Assert.Equal(pass.Output.data<float>().ToArray(), mixer.Mix(values, states).data<float>().ToArray());
    }

    [Fact]
    public void States_of_other_moments_are_refused()
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(0);
        var error = Assert.Throws<ArgumentException>(() => mixer.Mix(Numbers(1, 6, Agents), Numbers(2, 5, StateSize)));
        Assert.Contains("values of 6 moments and states of 5", error.Message, StringComparison.Ordinal);
    }

    private static QmixMixer Create(int hypernet)
    {
        var mixer = new QmixMixer(Agents, StateSize, Embed, hypernet);
        mixer.Initialise(seed: 7, network: 1);
        return mixer;
    }

    private static Tensor Numbers(long seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, generator: generator);
    }

    /// <summary>Rashid et al. 2018, figure 2, one row and one number at a time.</summary>
    private static float PlainMix(Dictionary<string, float[]> weights, bool deep, float[] q, float[] state)
    {
        float[] Linear(string name, float[] x) =>
            [.. weights[$"{name}.bias"].Select((bias, row) => bias + x.Select((value, column) => weights[$"{name}.weight"][row * x.Length + column] * value).Sum())];
        float[] Relu(float[] x) => [.. x.Select(value => MathF.Max(0, value))];
        float[] Hyper(string name) => deep ? Linear($"{name}.2", Relu(Linear($"{name}.0", state))) : Linear(name, state);
        var (first, last, bias) = (Hyper("hyper_w_1"), Hyper("hyper_w_final"), Linear("hyper_b_1", state));
        var total = Linear("V.2", Relu(Linear("V.0", state)))[0];
        for (var unit = 0; unit < Embed; unit++)
        {
            var sum = bias[unit];
            for (var agent = 0; agent < Agents; agent++) sum += q[agent] * MathF.Abs(first[agent * Embed + unit]);
            total += (sum > 0 ? sum : MathF.Exp(sum) - 1) * MathF.Abs(last[unit]);
        }

        return total;
    }
}
