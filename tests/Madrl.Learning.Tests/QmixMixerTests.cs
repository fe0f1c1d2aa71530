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
    [InlineData(1, 1, 0, "")]
    [InlineData(3, 5, 6, "")]
    [InlineData(4, 32, 7, "")]
    [InlineData(2, 35, 0, "")]
    [InlineData(3, 20, 6, "hyper_w_1 hyper_b_1")] // |W₁| and elu where their derivatives change.
    [InlineData(3, 20, 6, "hyper_w_final")]
    public void The_kernel_is_the_formula_in_values_and_gradients(int agents, int embed, int hypernet, string zero)
    {
        const int rows = 300;
        using var scope = NewDisposeScope();
        using var mixer = new QmixMixer(agents, StateSize, embed, hypernet);
        mixer.Initialise(seed: 7, network: 1);
        foreach (var prefix in zero.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var (_, tensor) in mixer.Named().Where(item => item.Name.StartsWith(prefix, StringComparison.Ordinal))) tensor.zero_();
        }

        var (values, states, gradient) = (Numbers(1, rows, agents), Numbers(2, rows, StateSize), Numbers(3, rows));
        var own = Pass(mixer, values, states, gradient);
        mixer.Check = new FiniteCheck("", ""); // Takes the formula.
        foreach (var (one, other) in own.Zip(Pass(mixer, values, states, gradient)))
            Assert.True((one - other).abs().max().item<float>() <= 1e-5f * other.abs().max().item<float>());
        mixer.Check = null;
        AssertSame(own[0], mixer.Mix(values, states));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        const int rows = 1000; // Several tasks, the last a part.
        using var scope = NewDisposeScope();
        using var mixer = new QmixMixer(Agents, StateSize, 35, 6);
        mixer.Initialise(seed: 7, network: 1);
        var (values, states, gradient) = (Numbers(1, rows, Agents), Numbers(2, rows, StateSize), Numbers(3, rows));
        var alone = Pass(mixer, values, states, gradient);
        using var workers = new LearnerThreads(3);
        foreach (var network in mixer.Networks) network.Workers = workers;
        foreach (var (one, other) in alone.Zip(Pass(mixer, values, states, gradient))) AssertSame(one, other);
    }

    [Fact]
    public void Checked_mode_looks_at_the_mixing_too()
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(0);
        mixer.Named().ToDictionary()["hyper_w_1.bias"].fill_(1e30.ToScalar());
        mixer.Check = new FiniteCheck("update 3", "mixer");
        var error = Assert.Throws<NonFiniteException>(() => mixer.Mix(full([Rows, Agents], 1e30), Numbers(2, Rows, StateSize)));
        Assert.Contains("mixer.hidden output", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 4, 6, StateSize, "The mixer takes values […, 3], not [6, 4].")]
    [InlineData(6, Agents, 5, StateSize, "The mixer takes states [6, 4], for as many moments as there are values of, not [5, 4].")]
    [InlineData(6, Agents, 4, 6, "The mixer takes states [6, 4], for as many moments as there are values of, not [4, 6].")]
    public void Shapes_that_do_not_fit_are_refused(int moments, int agents, int stateMoments, int stateSize, string message)
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(0);
        var (values, states) = (Numbers(1, moments, agents), Numbers(2, stateMoments, stateSize));
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => mixer.Mix(values, states)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => mixer.Begin(values, states));
    }

    [Fact]
    public void A_gradient_of_another_shape_is_refused()
    {
        using var scope = NewDisposeScope();
        using var mixer = Create(0);
        var pass = mixer.Begin(Numbers(1, 2, 3, Agents), Numbers(2, 2, 3, StateSize));
        var error = Assert.Throws<ArgumentException>(() => pass.Backward(ones(3, 2), out _));
        Assert.Contains("The pass takes output [2, 3] of Float32, not [3, 2].", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Q_tot, the gradients of the values and those of the parameters.</summary>
    private static Tensor[] Pass(QmixMixer mixer, Tensor values, Tensor states, Tensor gradient)
    {
        var pass = mixer.Begin(values, states);
        var parameters = pass.Backward(gradient, out var slopes);
        return [pass.Output, slopes, .. parameters];
    }

    private static void AssertSame(Tensor one, Tensor other) => Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());

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
