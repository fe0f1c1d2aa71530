using Madrl.Benchmarks.Cases;
using Madrl.Benchmarks.Peer;

namespace Madrl.Benchmarks;

/// <summary>
/// How fast our learners and actors are beside the same update written down plainly, in TorchSharp and in PyTorch. Before
/// anything is timed, all sides make a few updates from the same weights on the same batch and must measure the same.
/// </summary>
public static class LearnerBenchmark
{
    private const string ManyThreads = "-threads";

    /// <summary>Updates whose losses must agree: the later ones also depend on the steps of the optimisers and targets.</summary>
    private const int CheckedUpdates = 3;

    /// <summary>Relative to 1 and the number: float32 sums in different orders, over <see cref="CheckedUpdates"/>.</summary>
    internal const double Tolerance = 1e-4;

    private static readonly OrderedDictionary<string, Func<bool, Case>> Cases = new()
    {
        ["maddpg-update"] = check => Maddpg(1024, check),
        ["maddpg-update-small"] = check => Maddpg(32, check),
        ["qmix-gru-update"] = check => new QmixCase(episodes: 32, check),
        ["qmix-gru-update-small"] = check => new QmixCase(episodes: 2, check),
        ["mappo-epoch"] = check => new MappoCase(copies: 128, steps: 25, check),
        ["mappo-epoch-small"] = check => new MappoCase(copies: 2, steps: 10, check),
        ["actor-forward-1"] = _ => new ActorCase(1),
        ["actor-forward-64"] = _ => new ActorCase(64),
        ["actor-forward-1024"] = _ => new ActorCase(1024),
    };

    /// <summary>What can be measured, in the order of a report.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Cases.Keys, $"maddpg-update{ManyThreads}", $"qmix-gru-update{ManyThreads}"];

    /// <summary>Measures one of <see cref="Names"/>.</summary>
    /// <param name="name">Which.</param>
    /// <param name="rounds">Rounds of all sides in turn, at least 1; the medians count.</param>
    /// <param name="peer">PyTorch, or null to leave it out.</param>
    /// <exception cref="BenchmarkException">The sides do not agree, or the peer fails.</exception>
    public static LearnerResult Measure(string name, int rounds, PeerProcess? peer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        if (name.EndsWith(ManyThreads, StringComparison.Ordinal)) return MeasureThreads(name, rounds);
        CheckAgreement(name, peer);
        var subject = Create(name, check: false);
        using var ours = subject.Ours(threads: 1);
        using var naive = subject.Naive();
        using var theirs = peer?.Contender(name, subject.Data);
        var times = Interleaved.Measure([ours, naive, .. theirs is null ? (Contender[])[] : [theirs]], rounds);
        return new LearnerResult(name, 1, times[0], One: null, times[1], theirs is null ? null : times[2], Allocation.PerUpdate(ours));
    }

    /// <summary>A case by name.</summary>
    /// <param name="name">One of <see cref="Names"/> that is not about threads.</param>
    /// <param name="check">For agreement rather than for timing.</param>
    internal static Case Create(string name, bool check) => Cases[name](check);

    /// <summary>Compares what all sides measure in the last of a few updates.</summary>
    /// <exception cref="BenchmarkException">They differ; names the side and both numbers.</exception>
    internal static void CheckAgreement(string name, PeerProcess? peer)
    {
        var subject = Create(name, check: true);
        using var ours = subject.Ours(threads: 1);
        using var naive = subject.Naive();
        using var theirs = peer?.Contender($"{name}.check", subject.Data);
        naive.Run(CheckedUpdates);
        foreach (var (side, contender) in (ReadOnlySpan<(string, Contender?)>)[("ours", ours), ("the peer", theirs)])
        {
            if (contender is null) continue;
            contender.Run(CheckedUpdates);
            Compare(name, side, contender.Measured, naive.Measured);
        }
    }

    private static void Compare(string name, string side, IReadOnlyList<double> measured, IReadOnlyList<double> expected)
    {
        if (measured.Count != expected.Count)
            throw new BenchmarkException($"{name}: {side} measured {measured.Count} numbers, the naive form {expected.Count}.");
        for (var i = 0; i < expected.Count; i++)
        {
            // Written so that a NaN on either side is a difference.
            if (Math.Abs(measured[i] - expected[i]) <= Tolerance * (1 + Math.Abs(expected[i]))) continue;
            throw new BenchmarkException(
                $"{name}: {side} measured {measured[i]:g7} where the naive form measured {expected[i]:g7}: they do not compute the same update.");
        }
    }

    private static LearnerResult MeasureThreads(string name, int rounds)
    {
        var subject = Create(name[..^ManyThreads.Length], check: false);
        using var one = subject.Ours(threads: 1);
        using var two = subject.Ours(threads: 2);
        var times = Interleaved.Measure([two, one], rounds);
        return new LearnerResult(name, 2, times[0], times[1], Naive: null, Peer: null, Allocation.PerUpdate(two));
    }

    private static MaddpgCase Maddpg(int batch, bool check) => new(batch, check ? CheckedUpdates : 0);
}
