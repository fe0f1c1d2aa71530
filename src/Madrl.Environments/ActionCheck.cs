using System.Numerics;

namespace Madrl.Environments;

/// <summary>Checks the actions of a batch before anything moves.</summary>
internal static class ActionCheck
{
    /// <summary>Checks the actions of all agents.</summary>
    /// <param name="agents">The agents.</param>
    /// <param name="copies">Copies in the batch, K.</param>
    /// <param name="actions">For each agent [K, width].</param>
    /// <param name="isClipped">Whether numbers outside an action space are the rules' business; they must be numbers nevertheless.</param>
    /// <exception cref="ArgumentException">The message names the agent, the copy and the remedy.</exception>
    public static void Check(IReadOnlyList<AgentSpec> agents, int copies, ReadOnlySpan<float[]> actions, bool isClipped)
    {
        if (actions.Length != agents.Count)
            throw new ArgumentException($"Actions are needed for {agents.Count} agents, not {actions.Length}.", nameof(actions));
        for (var agent = 0; agent < actions.Length; agent++)
        {
            var space = agents[agent].Actions;
            var length = actions[agent]?.Length ?? 0;
            if (length != copies * space.Width)
            {
                throw new ArgumentException($"The actions of agent {agent} must be {copies} copies x {space.Width} = "
                    + $"{copies * space.Width} numbers; there are {length}.", nameof(actions));
            }

            var bad = FirstBad(actions[agent], space, isClipped);
            if (bad >= 0) throw Invalid(agent, bad / space.Width, actions[agent]![bad], space, isClipped);
        }
    }

    private static int FirstBad(ReadOnlySpan<float> numbers, ActionSpace space, bool isClipped) => space switch
    {
        ActionSpace.Discrete discrete => FirstBad(numbers, 0, discrete.Count - 1, whole: true),
        _ when isClipped => FirstBad(numbers, float.NegativeInfinity, float.PositiveInfinity, whole: false),
        ActionSpace.Box box => FirstBad(numbers, box.Low, box.High, whole: false),
        _ => throw NoSpace(space),
    };

    /// <summary>Index of the first number outside [low, high] (NaN is outside), or that is not whole; -1 for none.</summary>
    private static int FirstBad(ReadOnlySpan<float> numbers, float low, float high, bool whole)
    {
        var i = 0;
        Vector<float> lowest = new(low), highest = new(high);
        for (; i + Vector<float>.Count <= numbers.Length; i += Vector<float>.Count)
        {
            var number = new Vector<float>(numbers[i..]);
            var good = Vector.GreaterThanOrEqual(number, lowest) & Vector.LessThanOrEqual(number, highest);
            if (whole) good &= Vector.Equals(Vector.Truncate(number), number);
            if (!Vector.EqualsAll(good, Vector<int>.AllBitsSet)) break;
        }

        for (; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (!(number >= low && number <= high && (!whole || MathF.Truncate(number) == number))) return i;
        }

        return -1;
    }

    private static ArgumentException Invalid(int agent, int copy, float value, ActionSpace space, bool isClipped)
    {
        var expected = space switch
        {
            ActionSpace.Discrete discrete => $"a whole number from 0 to {discrete.Count - 1}",
            _ when isClipped => "a number; what lies outside the limits is clipped",
            ActionSpace.Box box => FormattableString.Invariant($"from {box.Low} to {box.High}"),
            _ => throw NoSpace(space),
        };
        return new(FormattableString.Invariant($"The action of agent {agent} in copy {copy} is {value}; it must be {expected}."), "actions");
    }

    private static InvalidOperationException NoSpace(ActionSpace space) => new($"{space} is no action space.");
}
