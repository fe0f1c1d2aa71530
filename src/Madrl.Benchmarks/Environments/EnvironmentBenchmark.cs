using Madrl.Benchmarks.Peer;
using Madrl.Environments;

namespace Madrl.Benchmarks.Environments;

/// <summary>How fast games are stepped, in batches of several sizes on one thread and on two.</summary>
public static class EnvironmentBenchmark
{
    private static readonly int[] _copies = [1, 128, 4096, 16_384];
    private static readonly int[] _threads = [1, 2];

    /// <summary>The games of the field's suites.</summary>
    public static IReadOnlyList<string> Tasks { get; } =
    [
        "lbf", "rware", "simple", "simple-adversary", "simple-crypto", "simple-push", "simple-reference", "simple-speaker-listener",
        "simple-spread", "simple-tag", "simple-world-comm",
    ];

    /// <summary>Measures a game, all batches and the peer in turn.</summary>
    /// <param name="subject">The game.</param>
    /// <param name="rounds">Rounds, at least 1; the medians count.</param>
    /// <param name="peer">Python with the reference programs; null to leave it out.</param>
    /// <exception cref="BenchmarkException">The copies' checksums differ, or the peer fails.</exception>
    public static IReadOnlyList<EnvironmentResult> Measure(GameChoice subject, int rounds, PeerProcess? peer)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        EnvironmentContender[] ours = [.. from threads in _threads from copies in _copies select new EnvironmentContender(subject, copies, threads)];
        var theirs = peer is not null && subject.IsDefault && peer.Offer.Split(',').Contains(Name(subject)) ? peer.Contender(Name(subject)) : null;
        var times = Interleaved.Measure([.. ours, .. theirs is null ? (Contender[])[] : [theirs]], rounds);
        double? peerSpeed = theirs is null ? null : 1e6 / times[^1];
        var checksum = Checksum(subject, ours);
        return [.. ours.Select((contender, i) => new EnvironmentResult(
            subject, contender.Copies, contender.Threads, 1e6 * contender.Copies * contender.Threads / times[i],
            contender.AllocatedBytesPerStep(), checksum, peerSpeed))];
    }

    private static string Name(GameChoice game) => $"{game.Task}:{game.Rules}";

    /// <exception cref="BenchmarkException">It is not the same for all batches and threads.</exception>
    private static string Checksum(GameChoice game, EnvironmentContender[] contenders)
    {
        var all = contenders.ToLookup(contender => EnvironmentChecksum.Of(game, contender.Copies, contender.Threads));
        if (all.Count == 1) return all.Single().Key;
        var found = all.Select(same => $"{same.Key} (such as {same.First().Copies} copies on {same.First().Threads} threads)");
        throw new BenchmarkException($"{game.Task}: the copies show different states by the batch they are in: {string.Join(", ", found)}.");
    }
}
