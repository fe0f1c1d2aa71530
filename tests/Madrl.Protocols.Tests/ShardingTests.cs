using FsCheck;
using FsCheck.Fluent;

namespace Madrl.Protocols.Tests;

public class ShardingTests
{
    private static readonly Arbitrary<(int Total, int Shards)> Spreads =
        (from total in Gen.OneOf(Gen.Choose(0, 2000), Gen.Choose(int.MaxValue - 5, int.MaxValue))
         from shards in Gen.Choose(1, 300)
         select (total, shards)).ToArbitrary();

    [Fact]
    public void Ranges_are_contiguous_and_complete() => Prop.ForAll(Spreads, spread =>
    {
        var next = 0;
        foreach (var (first, count) in Ranges(spread))
        {
            if (first != next || count < 0) return false;
            next += count;
        }

        return next == spread.Total;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sizes_differ_by_at_most_one() => Prop.ForAll(Spreads, spread =>
    {
        var counts = Ranges(spread).Select(range => range.Count).ToArray();
        return counts.Max() - counts.Min() <= 1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(-1, 1, 0)]
    [InlineData(4, 0, 0)]
    [InlineData(4, 2, -1)]
    [InlineData(4, 2, 2)]
    public void Nonsense_is_refused(int total, int shards, int shard) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sharding.Range(total, shards, shard));

    private static IEnumerable<(int First, int Count)> Ranges((int Total, int Shards) spread) =>
        Enumerable.Range(0, spread.Shards).Select(shard => Sharding.Range(spread.Total, spread.Shards, shard));
}
