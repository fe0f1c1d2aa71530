using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Madrl.Environments;

namespace Madrl.Benchmarks.Environments;

/// <summary>The states of many copies after some steps, as a number that must not depend on how they were stepped.</summary>
public static class EnvironmentChecksum
{
    /// <summary>Copies that are played, whatever the batch; a batch must divide them.</summary>
    public const int Copies = 32_768;

    /// <summary>Steps of each: more than an episode of the particle games and of foraging.</summary>
    private const int Steps = 60;

    private const int Digits = 16;

    /// <summary>Plays the copies batch by batch.</summary>
    /// <param name="subject">The game.</param>
    /// <param name="batch">Copies of a batch, a divisor of <paramref name="copies"/>.</param>
    /// <param name="threads">Threads that share the batches.</param>
    /// <param name="copies">Copies in all.</param>
    /// <returns>The first digits of the SHA-256 of all states, observations and last rewards, copy after copy.</returns>
    public static string Of(GameChoice subject, int batch, int threads, int copies = Copies)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentOutOfRangeException.ThrowIfNotEqual(copies % batch, 0);
        var hashes = new byte[copies][];
        Parallel.For(0, copies / batch, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var play = new EnvironmentPlay(subject.Create(batch), (long)part * batch);
            play.Run(Steps);
            var states = play.States();
            for (var copy = 0; copy < batch; copy++) hashes[part * batch + copy] = Shown(play, states, copy, batch);
        });
        return Convert.ToHexStringLower(SHA256.HashData([.. hashes.SelectMany(hash => hash)]))[..Digits];
    }

    private static byte[] Shown(EnvironmentPlay play, float[] states, int copy, int batch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var observations in (IEnumerable<float[]>)[states, .. play.Observations])
            hash.AppendData(MemoryMarshal.AsBytes(observations.AsSpan(observations.Length / batch * copy, observations.Length / batch)));
        double[] rewards = [.. Enumerable.Range(0, play.Rewards.Count / batch).Select(agent => play.Rewards[agent * batch + copy])];
        hash.AppendData(MemoryMarshal.AsBytes(rewards.AsSpan()));
        return hash.GetHashAndReset();
    }
}
