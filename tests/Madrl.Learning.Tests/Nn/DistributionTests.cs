using FsCheck.Fluent;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests.Nn;

/// <summary>What the distributions promise whatever the logits, masks and widths.</summary>
public class DistributionTests
{
    private static readonly FsCheck.Gen<(int Rows, int Actions)> Sizes =
        from rows in Gen.Choose(1, 6) from actions in Gen.Choose(1, 7) select (rows, actions);

    [Fact]
    public void Unavailable_actions_are_as_if_they_were_not_there() => RandomTensors.Check(Sizes, (size, random) =>
    {
        var logits = random.Normal(size.Rows, size.Actions).Times(5).requires_grad_();
        var available = cat([ones(size.Rows, 1), random.Bits(0.5, size.Rows, size.Actions - 1)], -1);
        var log = Categorical.LogProbabilities(Categorical.Mask(logits, available));
        var entropies = Categorical.Entropy(log);
        for (var row = 0; row < size.Rows; row++)
        {
            var free = available[row].nonzero().squeeze(-1);
            var alone = Categorical.LogProbabilities(logits.detach()[row][free]);
            RandomTensors.AssertClose(alone, log[row][free]);
            RandomTensors.AssertClose(Categorical.Entropy(alone), entropies[row]);
        }

        var taken = Categorical.Chosen(log, available.argmax(-1, keepdim: true));
        var gradient = autograd.grad([taken.sum().Plus(entropies.sum())], [logits])[0];
        RandomTensors.AssertClose(gradient, gradient * available);
        Assert.Equal(0, (log.exp() * available.Complement()).sum().item<float>());
    });

    [Fact]
    public void Where_nothing_is_available_all_is_equally_probable_and_no_gradient_passes()
    {
        using var scope = NewDisposeScope();
        var logits = RandomTensors.Fixed().Normal(2, 4).requires_grad_();
        var log = Categorical.LogProbabilities(Categorical.Mask(logits, zeros(2, 4)));
        var entropy = Categorical.Entropy(log);
        RandomTensors.AssertClose(full(2, Math.Log(4)), entropy);
        RandomTensors.AssertClose(zeros(2, 4), autograd.grad([entropy.sum()], [logits])[0]);
    }

    [Fact]
    public void Gumbel_samples_sum_to_one_and_differ_only_in_how_hard_they_are() => RandomTensors.Check(Sizes, (size, random) =>
    {
        var (logits, noise) = (random.Normal(size.Rows, size.Actions), random.Normal(size.Rows, size.Actions));
        var hard = GumbelSoftmax.StraightThrough(logits, noise, 0.7);
        RandomTensors.AssertClose(ones(size.Rows), GumbelSoftmax.Soft(logits, noise, 0.7).sum(-1));
        RandomTensors.AssertClose(nn.functional.one_hot(logits.Plus(noise).argmax(-1), size.Actions).to(ScalarType.Float32), hard);
        RandomTensors.AssertClose(hard, GumbelSoftmax.Soft(logits, noise, 1e-7));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_temperature_that_is_not_positive_is_refused(double temperature)
    {
        using var scope = NewDisposeScope();
        var logits = RandomTensors.Fixed().Normal(2, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => GumbelSoftmax.Soft(logits, logits, temperature));
        Assert.Throws<ArgumentOutOfRangeException>(() => GumbelSoftmax.StraightThrough(logits, logits, temperature));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.7, -1)]
    [InlineData(-0.8, -0.5)]
    public void The_squashed_density_is_one_in_all(double mean, double logDeviation)
    {
        // The integral of exp(log π(a)) over a, by equal steps in a = tanh(u); the noise that leads to a is (u - mean) / std.
        const int parts = 20_000;
        using var scope = NewDisposeScope();
        var actions = arange(1, 2 * parts, 2, ScalarType.Float64).Over(parts).Plus(-1).unsqueeze(-1);
        var noise = actions.atanh().Plus(-mean).Over(Math.Exp(logDeviation));
        var (means, deviations) = (full([parts, 1], mean, ScalarType.Float64), full([parts, 1], logDeviation, ScalarType.Float64));
        var (_, squashed, logProbability) = TanhGaussian.Sample(means, deviations, noise);
        RandomTensors.AssertClose(actions, squashed);
        Assert.Equal(1, logProbability.exp().sum().item<double>() * 2 / parts, 1e-4);
    }

    [Fact]
    public void A_saturated_action_has_a_finite_density_and_gradient()
    {
        using var scope = NewDisposeScope();
        var mean = tensor(new float[,] { { 200 }, { -200 } }).requires_grad_();
        var (_, action, logProbability) = TanhGaussian.Sample(mean, zeros(2, 1), zeros(2, 1));
        Assert.Equal([1f, -1f], action.data<float>().ToArray());

        // log(1 - tanh² u) → 2 log 2 - 2|u|, so the density grows by 2 with every unit of |u|.
        RandomTensors.AssertClose(tensor(new[] { 2f, -2f }).unsqueeze(-1), autograd.grad([logProbability.sum()], [mean])[0]);
        Assert.Equal(400 - 2 * Math.Log(2) - 0.5 * Math.Log(2 * Math.PI), logProbability[0].item<float>(), 1e-3);
    }
}
