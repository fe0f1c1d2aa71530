using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>Generalised advantages worked by hand.</summary>
public class ReturnsTests
{
    private const double Discount = 0.9;
    private const double Lambda = 0.5;

    public ReturnsTests() => Native.TorchRuntime.Initialise();

    [Fact]
    public void An_episode_cut_off_is_continued_by_the_last_value()
    {
        // δ₁ = 2 + 0.9·40 − 20 = 18, δ₀ = 1 + 0.9·20 − 10 = 9; A₁ = 18, A₀ = 9 + 0.45·18 = 17.1.
        Assert.Equal([17.1f, 18f], Advantages([1, 2], [10, 20, 40], [1, 1], [0, 0]), Close);
    }

    [Fact]
    public void An_episode_that_terminated_is_not()
    {
        // δ₁ = 2 − 20 = −18; A₀ = 9 + 0.45·(−18) = 0.9.
        Assert.Equal([0.9f, -18f], Advantages([1, 2], [10, 20, 40], [1, 1], [0, 1]), Close);
    }

    [Fact]
    public void Steps_after_the_end_count_for_nothing()
    {
        // The game ended with the first step: δ₀ = 1 − 10.
        Assert.Equal([-9f, 0f], Advantages([1, 7], [10, 20, 40], [1, 0], [1, 0]), Close);
    }

    private static bool Close(float expected, float actual) => MathF.Abs(expected - actual) < 1e-5f;

    private static float[] Advantages(float[] rewards, float[] values, float[] mask, float[] terminated)
    {
        using var scope = NewDisposeScope();
        return Returns.GeneralisedAdvantages(
            tensor(rewards).view(1, 1, 2), tensor(values).view(1, 1, 3), tensor(mask).view(1, 2), tensor(terminated).view(1, 2),
            Discount, Lambda).data<float>().ToArray();
    }
}
