namespace Madrl.Protocols;

/// <summary>How copies are spread over shards: contiguous ranges in global order, sizes differing by at most one.</summary>
public static class Sharding
{
    /// <summary>The range of one shard.</summary>
    /// <param name="total">Copies (or episodes) in all.</param>
    /// <param name="shards">Shards, at least 1.</param>
    /// <param name="shard">Number of the shard, in [0, shards).</param>
    public static (int First, int Count) Range(int total, int shards, int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards);
        var first = (int)((long)total * shard / shards);
        return (first, (int)((long)total * (shard + 1) / shards) - first);
    }
}
