using FsCheck;
using FsCheck.Fluent;

namespace Madrl.Protocols.Tests;

public class RendezvousTests
{
    private static readonly Arbitrary<(string[] Names, int Seed)> Clusters =
        (from names in ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get).NonEmptyListOf()
         from seed in Gen.Choose(0, int.MaxValue)
         select (names.Distinct().ToArray(), seed)).ToArbitrary();

    [Fact]
    public void Picks_a_candidate_whatever_their_order() => Prop.ForAll(Clusters, cluster =>
        Keys(cluster.Seed).All(key =>
        {
            var picked = Rendezvous.Pick(key, cluster.Names);
            return cluster.Names.Contains(picked)
                && picked == Rendezvous.Pick(key, [.. cluster.Names.Reverse()])
                && picked == Rendezvous.Pick(key, [.. cluster.Names.Order(StringComparer.Ordinal), .. cluster.Names]);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Who_leaves_takes_along_only_his_keys() => Prop.ForAll(Clusters, cluster =>
    {
        if (cluster.Names.Length < 2) return true;
        var rest = cluster.Names[1..];
        return Keys(cluster.Seed).All(key =>
            Rendezvous.Pick(key, cluster.Names) is var before && (before == cluster.Names[0] || before == Rendezvous.Pick(key, rest)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Who_joins_gets_only_the_keys_that_he_wins() => Prop.ForAll(Clusters, cluster =>
    {
        string[] more = [.. cluster.Names, $"joins {cluster.Seed}"];
        return Keys(cluster.Seed).All(key =>
            Rendezvous.Pick(key, more) is var after && (after == more[^1] || after == Rendezvous.Pick(key, cluster.Names)));
    }).QuickCheckThrowOnFailure();

    /// <summary>
    /// Names and keys as they are in a cluster. Even picks would be within six standard deviations of the mean in all but one of
    /// 500 million cases; a weight that is a poor hash of digits is not.
    /// </summary>
    [Theory, InlineData(2), InlineData(3), InlineData(10), InlineData(64)]
    public void Spreads_evenly(int candidates)
    {
        const int Keys = 20_000;
        string[] names = [.. Enumerable.Range(0, candidates).Select(number => $"silo-{number}")];
        var counts = Enumerable.Range(0, Keys).CountBy(shard => Rendezvous.Pick($"run/{shard}", names)).ToDictionary();
        var mean = Keys / (double)candidates;
        var deviation = Math.Sqrt(mean * (1 - (1.0 / candidates)));
        Assert.All(names, name => Assert.InRange(counts.GetValueOrDefault(name), mean - (6 * deviation), mean + (6 * deviation)));
    }

    /// <summary>Computed by sha256sum, so that another process, platform or version of this program picks the same.</summary>
    [Theory]
    [InlineData("run/0", "silo-ü")]
    [InlineData("run/4", "silo-b")]
    [InlineData("run/5", "silo-a")]
    [InlineData("Läufer/0", "silo-b")]
    public void Is_the_same_everywhere(string key, string expected) =>
        Assert.Equal(expected, Rendezvous.Pick(key, ["silo-a", "silo-b", "silo-ü"]));

    [Fact]
    public void Needs_a_candidate() => Assert.Throws<ArgumentException>("candidates", () => Rendezvous.Pick("run/0", []));

    private static IEnumerable<string> Keys(int seed) => Enumerable.Range(0, 8).Select(shard => $"{seed}/{shard}");
}
