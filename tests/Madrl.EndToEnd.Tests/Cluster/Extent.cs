using System.Globalization;

namespace Madrl.EndToEnd.Tests.Cluster;

/// <summary>
/// How often the cluster tests repeat what they do: a few times, or as often as an environment variable says. docs/results/cluster.md
/// tells what the long form gave.
/// </summary>
internal static class Extent
{
    public static int Seeds => Read("MADRL_CLUSTER_SEEDS");

    public static int Kills => Read("MADRL_CLUSTER_KILLS");

    public static int Rounds => Read("MADRL_CLUSTER_ROUNDS", otherwise: 1);

    public static int[] Agents => Environment.GetEnvironmentVariable("MADRL_CLUSTER_AGENTS") is { Length: > 0 } text
        ? [.. text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))] : [3, 10];

    private static int Read(string name, int otherwise = 3) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
