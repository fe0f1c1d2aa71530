namespace Madrl.Benchmarks;

/// <summary>What was measured of one update or forward pass, in microseconds: medians over the rounds.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Threads">Learner threads of <paramref name="Ours"/>.</param>
/// <param name="Ours">Our learner or actor.</param>
/// <param name="One">Our learner on one thread, where that is what it is compared with.</param>
/// <param name="Naive">The straightforward TorchSharp form.</param>
/// <param name="Peer">The same in PyTorch, where there was a peer.</param>
/// <param name="AllocatedBytes">Managed bytes that ours allocates each time.</param>
public sealed record LearnerResult(
    string Name, int Threads, double Ours, double? One, double? Naive, double? Peer, double AllocatedBytes)
{
    /// <summary>How many times as fast ours is as the naive form, or as itself on one thread.</summary>
    public double? Ratio => (Naive ?? One) / Ours;

    /// <summary>How many times as fast ours is as the peer.</summary>
    public double? PeerRatio => Peer / Ours;
}
