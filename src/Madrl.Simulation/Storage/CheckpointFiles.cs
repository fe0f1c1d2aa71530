using System.Security.Cryptography;
using Madrl.Protocols;

namespace Madrl.Simulation.Storage;

/// <summary>The checkpoint files in storage.</summary>
internal sealed class CheckpointFiles
{
    private readonly SortedDictionary<string, (Ticket Ticket, byte[] Content, string Sha256)> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);

    /// <summary>Names of the files, in a fixed order.</summary>
    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <summary>Whether a file was damaged here, on purpose.</summary>
    public bool IsDamaged(CheckpointFile file) => _damaged.Contains(PathOf(file.Ticket, file.Name));

    /// <summary>Whether any file ever was.</summary>
    public bool AnyDamaged => _damaged.Count > 0;

    /// <summary>Whether a file is there as it was written.</summary>
    public bool Holds(CheckpointFile file) =>
        _files.TryGetValue(PathOf(file.Ticket, file.Name), out var held) && held.Content.Length == file.Bytes && held.Sha256 == file.Sha256;

    /// <summary>Writes a file whole.</summary>
    public CheckpointFile Write(Ticket ticket, string name, byte[] content)
    {
        var hash = HashOf(content);
        _files[PathOf(ticket, name)] = (ticket, content, hash);
        _damaged.Remove(PathOf(ticket, name));
        return new CheckpointFile(ticket.Epoch, ticket.Iteration, name, content.Length, hash);
    }

    /// <summary>Leaves part of a file, where there is none yet.</summary>
    public void Tear(Ticket ticket, string name, byte[] content)
    {
        if (!_files.ContainsKey(PathOf(ticket, name))) Write(ticket, name, content[..(content.Length / 2)]);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointDamagedException">It is not what was written.</exception>
    public byte[] Read(CheckpointFile file) =>
        Holds(file) ? [.. _files[PathOf(file.Ticket, file.Name)].Content]
        : throw new CheckpointDamagedException($"Checkpoint file {PathOf(file.Ticket, file.Name)} is not what was written.");

    /// <summary>Deletes all files up to a ticket but the given ones.</summary>
    public void Retain(IEnumerable<CheckpointFile> files, Ticket upTo)
    {
        var kept = files.Select(file => PathOf(file.Ticket, file.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, file) in _files.ToArray())
        {
            if (file.Ticket.CompareTo(upTo) <= 0 && !kept.Contains(path)) _files.Remove(path);
        }
    }

    /// <summary>One bit of a file is no longer what it was.</summary>
    public void Damage(string path)
    {
        var (ticket, content, _) = _files[path];
        byte[] damaged = [.. content];
        damaged[damaged.Length / 2] ^= 1;
        _files[path] = (ticket, damaged, HashOf(damaged));
        _damaged.Add(path);
    }

    private static string PathOf(Ticket ticket, string name) => $"{ticket.Iteration:D8}-{ticket.Epoch:D8}/{name}";

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
