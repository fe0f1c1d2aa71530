using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Madrl.Protocols;

/// <summary>
/// Highest-random-weight hashing: every candidate has a weight for a key, and the heaviest gets it. So a candidate that leaves
/// takes along only its own keys, and one that joins gets only the keys that it wins.
/// </summary>
public static class Rendezvous
{
    /// <summary>The candidate that gets a key: the same in every process and on every platform, in whatever order they are given.</summary>
    /// <param name="key">What is to be placed.</param>
    /// <param name="candidates">Names, at least one; a name that comes twice counts once.</param>
    /// <exception cref="ArgumentException">There is no candidate.</exception>
    public static string Pick(string key, IReadOnlyCollection<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0) throw new ArgumentException("There is no candidate: give at least one name.", nameof(candidates));
        return candidates.OrderByDescending(name => Weight(key, name)).ThenBy(name => name, StringComparer.Ordinal).First();
    }

    /// <summary>SHA-256, because it spreads names and keys that differ in one digit as well as any others.</summary>
    private static ulong Weight(string key, string name) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\0{key}")));
}
