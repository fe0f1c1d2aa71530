using Madrl.Environments;

namespace Madrl.Benchmarks.Environments;

/// <summary>How fast a game is stepped: all agents act, their observations are written, copies that end begin again.</summary>
/// <param name="Game">The game.</param>
/// <param name="Copies">Copies of a batch, K.</param>
/// <param name="Threads">Threads, each with a batch of its own.</param>
/// <param name="StepsPerSecond">Steps of a copy per second, all threads together; the median over the rounds.</param>
/// <param name="AllocatedBytesPerStep">Managed bytes.</param>
/// <param name="Checksum">Of <see cref="EnvironmentChecksum.Copies"/> copies in such batches on such threads.</param>
/// <param name="Peer">Steps per second of the reference program in Python, where there was one.</param>
public sealed record EnvironmentResult(
    GameChoice Game, int Copies, int Threads, double StepsPerSecond, double AllocatedBytesPerStep, string Checksum, double? Peer)
{
    /// <summary>How many times as fast ours is as the peer.</summary>
    public double? PeerRatio => StepsPerSecond / Peer;
}
