using System.Text;
using System.Text.Json;

namespace Madrl.Hosting.Storage;

/// <summary>One line of a <see cref="JsonLinesFile"/>.</summary>
/// <param name="Line">The bytes, with the line end if it has one.</param>
/// <param name="IsWhole">False for a torn end of the file.</param>
/// <param name="Iteration">The row's iteration, if it has one.</param>
internal readonly record struct JsonLine(byte[] Line, bool IsWhole, long? Iteration)
{
    /// <summary>Whether it stays where a run goes on from an iteration: rows without one do, and rows up to it.</summary>
    public bool IsKeptAt(long iteration) => IsWhole && !(Iteration > iteration);
}

/// <summary>Reads a file of JSON objects, one per line, and tells a torn end from damage in the middle.</summary>
internal static class JsonLinesReader
{
    /// <summary>The rows of a run's metrics: the whole lines with an iteration.</summary>
    /// <exception cref="StorageException">A line before the last is not a JSON object, or a line is too long.</exception>
    public static IReadOnlyList<string> Rows(Stream source, string path) =>
    [
        .. Read(source, path).Where(row => row is { IsWhole: true, Iteration: not null }).Select(row => Encoding.UTF8.GetString(row.Line).TrimEnd('\n')),
    ];

    /// <exception cref="StorageException">A line before the last is not a JSON object, or a line is too long.</exception>
    public static IEnumerable<JsonLine> Read(Stream source, string path)
    {
        var number = 0;
        var torn = 0;
        foreach (var line in Lines(source, path))
        {
            number++;
            // Only the end may be torn: it is appended after a flush, and all before was whole then.
            if (torn != 0)
                throw new StorageException(
                    $"Line {torn} of '{path}' is damaged: restore the file from a copy, or delete that line.");
            var parsed = Parse(line);
            if (!parsed.IsWhole) torn = number;
            yield return parsed;
        }
    }

    private static JsonLine Parse(byte[] line)
    {
        if (line[^1] != '\n') return new JsonLine(line, false, null);
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return new JsonLine(line, false, null);
            var iteration = document.RootElement.TryGetProperty("iteration", out var value)
                && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : (long?)null;
            return new JsonLine(line, true, iteration);
        }
        catch (JsonException)
        {
            return new JsonLine(line, false, null);
        }
    }

    private static IEnumerable<byte[]> Lines(Stream source, string path)
    {
        var buffer = new byte[JsonLinesFile.MaxLineBytes + 1];
        var filled = 0;
        while (true)
        {
            var read = source.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            var start = 0;
            for (var end = EndOfLine(buffer, start, filled); end > 0; end = EndOfLine(buffer, start, filled))
            {
                yield return buffer[start..end];
                start = end;
            }

            filled -= start;
            Buffer.BlockCopy(buffer, start, buffer, 0, filled);
            if (filled == buffer.Length)
                throw new StorageException(
                    $"'{path}' has a line of more than {JsonLinesFile.MaxLineBytes} bytes: restore it from a copy.");
            if (read > 0) continue;
            if (filled > 0) yield return buffer[..filled];
            yield break;
        }
    }

    // Just behind the next line end, or 0.
    private static int EndOfLine(byte[] buffer, int start, int filled) =>
        Array.IndexOf(buffer, (byte)'\n', start, filled - start) is >= 0 and var at ? at + 1 : 0;
}
