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

    private static int Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
}
