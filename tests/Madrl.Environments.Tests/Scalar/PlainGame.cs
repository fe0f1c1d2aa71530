using Madrl.Environments.Scalar;
using Madrl.Numerics;

namespace Madrl.Environments.Tests.Scalar;

/// <summary>
/// A game written a second time from its page in docs/environments.md, as plainly as possible and without any code of the first: the
/// judge of the first.
/// </summary>
internal abstract class PlainGame
{
    private const double Tolerance = 1e-11;
    private const double SingleTolerance = 1e-6;

    public abstract void Begin(KeyedRandom random);

    public abstract double[] Step(double[][] actions);

    public abstract double[] Observe(int agent);

    public abstract double[] State();

    /// <summary>The sums of the terms that the game reports.</summary>
    public virtual double[] Terms() => [];

    /// <summary>Plays episodes of both games with the same random actions and compares every number of every step.</summary>
    /// <remarks>The judged game goes from one episode to the next, so that nothing may be left over in it; its judge is new each time.</remarks>
    public static void AssertSame(ScalarGame game, Func<PlainGame> plain, int episodes, int steps)
    {
        for (var episode = 0; episode < episodes; episode++)
        {
            var seed = (ulong)(100 + episode);
            var (first, second) = (game.Begun(seed), plain());
            second.Begin(new KeyedRandom(seed, RandomPurpose.Reset, 0, 0, 0));
            AssertShows(first, second);
            for (var step = 0; step < steps; step++)
            {
                // Half of the episodes go like good ones, in which agents meet and walls are hit otherwise than at random.
                var actions = episode % 2 == 0 ? first.RandomActions(seed, step) : first.ScriptedActions();
                var rewards = first.Step(actions);
                AssertClose(second.Step([.. actions.Select(action => action.Select(number => (double)number).ToArray())]), rewards, Tolerance);
                AssertShows(first, second);
            }
        }
    }

    private static void AssertShows(ScalarGame first, PlainGame second)
    {
        for (var agent = 0; agent < first.Agents.Count; agent++)
            AssertClose(second.Observe(agent), [.. first.Seen(agent).Select(number => (double)number)], SingleTolerance);
        AssertClose(second.State(), [.. first.State().Select(number => (double)number)], SingleTolerance);
        var terms = new double[first.Terms.Count];
        first.WriteTerms(terms);
        AssertClose(second.Terms(), terms, Tolerance);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"Number {i} is {actual[i]:R}, not {expected[i]:R}.");
    }
}
