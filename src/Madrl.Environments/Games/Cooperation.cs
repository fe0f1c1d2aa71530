namespace Madrl.Environments.Games;

/// <summary>How much the rewards of the others count.</summary>
internal static class Cooperation
{
    /// <summary>Turns each agent's own reward u_i into (1 - c) u_i + c (mean of u over all).</summary>
    /// <param name="rewards">u; receives the rewards.</param>
    /// <param name="weight">c, from 0 to 1.</param>
    public static void Mix(Span<double> rewards, double weight)
    {
        var mean = 0.0;
        foreach (var reward in rewards) mean += reward / rewards.Length;
        foreach (ref var reward in rewards) reward = (1 - weight) * reward + weight * mean;
    }
}
