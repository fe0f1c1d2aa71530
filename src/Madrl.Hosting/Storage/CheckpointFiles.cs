using System.Globalization;
using System.Security.Cryptography;
using Madrl.Protocols;

namespace Madrl.Hosting.Storage;

/// <summary>What every checkpoint store does alike: how files are named, how large they may be, and how they are checked.</summary>
internal static class CheckpointFiles
{
    public const string FolderName = "checkpoints";

    /// <summary>Name of a checkpoint's folder: <c>{iteration, eight digits}-{epoch}</c>.</summary>
    public static string FolderOf(Ticket ticket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ticket.Iteration, nameof(ticket));
        ArgumentOutOfRangeException.ThrowIfNegative(ticket.Epoch, nameof(ticket));
        return string.Create(CultureInfo.InvariantCulture, $"{ticket.Iteration:D8}-{ticket.Epoch}");
    }

    /// <returns>The ticket that names a folder; null for a folder of another name, which is not ours.</returns>
    public static Ticket? TicketOf(string folder) =>
        folder.Split('-') is [var first, var second]
        && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var iteration)
        && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) ? new Ticket(epoch, iteration) : null;

    /// <exception cref="ArgumentException">The name is not a plain file name.</exception>
    public static void CheckName(string name)
    {
        if (!IsPlain(name))
            throw new ArgumentException(
                $"'{name}' cannot name a checkpoint file: it takes letters, digits, '.', '_' and '-', not '.' first, "
                + $"at most {ICheckpointStore.MaxNameLength}.", nameof(name));
    }

    /// <exception cref="ArgumentException">The content is larger than <see cref="ICheckpointStore.MaxFileBytes"/>.</exception>
    public static void CheckLength(string name, ReadOnlyMemory<byte> content)
    {
        if (content.Length > ICheckpointStore.MaxFileBytes)
            throw new ArgumentException(
                $"'{name}' has {content.Length} bytes, the limit is {ICheckpointStore.MaxFileBytes}; split it over several files.",
                nameof(content));
    }

    /// <summary>What is noted of a file that was written.</summary>
    public static CheckpointFile Describe(Ticket ticket, string name, ReadOnlySpan<byte> content) =>
        new(ticket.Epoch, ticket.Iteration, name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <exception cref="CheckpointDamagedException">The length is not the noted one, or more than a file may have.</exception>
    public static void CheckLength(CheckpointFile file, long length, string path)
    {
        if (length != file.Bytes || file.Bytes > ICheckpointStore.MaxFileBytes)
            throw Damaged(path, $"has {length} bytes instead of {file.Bytes}");
    }

    /// <exception cref="CheckpointDamagedException">The hash is not the noted one.</exception>
    public static void CheckHash(CheckpointFile file, ReadOnlySpan<byte> content, string path)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (hash != file.Sha256) throw Damaged(path, $"has the SHA-256 {hash} instead of {file.Sha256}");
    }

    public static CheckpointDamagedException Damaged(string path, string what, Exception? inner = null) =>
        new($"Checkpoint file '{path}' {what}; restore it from a copy, or resume from an older checkpoint.", inner);

    // What every file system takes. The first character keeps the names apart from those of temporary files.
    private static bool IsPlain(string name) =>
        name is { Length: > 0 and <= ICheckpointStore.MaxNameLength } && name[0] != '.'
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}
