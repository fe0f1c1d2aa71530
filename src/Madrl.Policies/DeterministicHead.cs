using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>Actions within bounds, and Ornstein-Uhlenbeck noise around them.</summary>
internal static unsafe class DeterministicHead
{
    /// <summary>Noise whose weight has fallen below this is left out: it could not change a float32 sum.</summary>
    private const float Forgotten = 1f / (1 << 24);

    /// <summary>The actions themselves.</summary>
    public static void Greedy(float* outputs, BoundedActions bounds, Span<float> actions)
    {
        actions.Clear();
        Spread(outputs, bounds, actions);
    }

    /// <summary>
    /// The actions with noise. No noise is kept between two calls: it is summed again from the keyed draws of the episode's
    /// steps, so a repeated call or another silo gives the same bits and no agent has a state. That costs two draws for every
    /// two numbers and step since the episode's start, or of the last ln(2^24)/θ steps (about 102 with θ = 0.15).
    /// </summary>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="bounds">Range and noise.</param>
    /// <param name="key">Seed, step, and step within the episode.</param>
    /// <param name="copy">Global index of the environment copy.</param>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="actions">Receives the actions.</param>
    public static void Explore(float* outputs, BoundedActions bounds, in ActionKey key, long copy, int agent, Span<float> actions)
    {
        var (kept, weight, back) = (1 - bounds.Theta, 1f, 0);
        while (back < key.EpisodeStep && weight > Forgotten)
        {
            weight *= kept;
            back++;
        }

        // The actions hold the noise until it is complete.
        actions.Clear();
        for (; back >= 0; back--)
        {
            var random = new KeyedRandom(key.Seed, RandomPurpose.Exploration, copy, agent, key.Step - back);
            for (var i = 0; i < actions.Length; i += 2)
            {
                var (first, second) = GaussianHead.NextPair(ref random);
                actions[i] = float.FusedMultiplyAdd(actions[i], kept, bounds.Sigma * first);
                if (i + 1 < actions.Length) actions[i + 1] = float.FusedMultiplyAdd(actions[i + 1], kept, bounds.Sigma * second);
            }
        }

        Spread(outputs, bounds, actions);
    }

    /// <summary>Puts tanh(output) + noise from [-1, 1] on the range.</summary>
    private static void Spread(float* outputs, BoundedActions bounds, Span<float> noise)
    {
        var (middle, half) = ((bounds.Low + bounds.High) / 2, (bounds.High - bounds.Low) / 2);
        for (var i = 0; i < noise.Length; i++)
        {
            var action = float.FusedMultiplyAdd(half, SingleMath.Tanh(outputs[i]) + noise[i], middle);
            noise[i] = float.Clamp(action, bounds.Low, bounds.High);
        }
    }
}
