using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Protocols;

namespace Madrl.Hosting.Storage;

/// <summary>
/// The text of run.json: the specification, indented for people, and the SHA-256 of its canonical text. The format number is
/// checked first, because another version may mean something else by everything after it.
/// </summary>
internal static class RunManifest
{
    public const string FileName = "run.json";

    private const int MaxBytes = 1024 * 1024;
    private const string FormatKey = "format", ChecksumKey = "sha256";
    private const string Remedy = "restore it from a copy or start a new run";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static byte[] Encode(RunSpecification specification)
    {
        var document = JsonNode.Parse(specification.ToJson())!.AsObject();
        document[ChecksumKey] = Checksum(document);
        return Encoding.UTF8.GetBytes(document.ToJsonString(Indented) + "\n");
    }

    /// <exception cref="RunFolderException">The file is missing, damaged, edited or of another version.</exception>
    public static RunSpecification Read(string path) => Decode(Load(path), path);

    /// <summary>The specification that a run.json holds.</summary>
    /// <param name="content">The content of the file.</param>
    /// <param name="path">Names the file in messages.</param>
    /// <exception cref="RunFolderException">It is damaged, edited or of another version.</exception>
    public static RunSpecification Decode(ReadOnlySpan<byte> content, string path)
    {
        var document = Parse(content, path);
        CheckVersion(path, document);
        var stored = document[ChecksumKey]?.ToString();
        document.Remove(ChecksumKey);
        if (stored != Checksum(document))
            throw new RunFolderException($"'{path}' does not match its checksum: it was edited or damaged; {Remedy}.");
        try
        {
            return RunSpecification.FromJson(document.ToJsonString());
        }
        catch (JsonException error)
        {
            throw Unreadable(path, error.Message, error);
        }
    }

    private static byte[] Load(string path)
    {
        try
        {
            CheckLength(new FileInfo(path).Length, path);
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException error)
        {
            throw new RunFolderException(
                $"'{Path.GetDirectoryName(path)}' is not the folder of a run: it has no {FileName}; {Remedy}.", error);
        }
        catch (Exception error) when (error is not RunFolderException && StorageException.Explains(error))
        {
            throw new RunFolderException(StorageException.For(path, error).Message, error);
        }
    }

    private static JsonObject Parse(ReadOnlySpan<byte> content, string path)
    {
        CheckLength(content.Length, path);
        try
        {
            return JsonNode.Parse(content, null, Strict) as JsonObject ?? throw Unreadable(path, "it is not a JSON object", null);
        }
        catch (JsonException error)
        {
            throw Unreadable(path, error.Message, error);
        }
    }

    private static void CheckLength(long length, string path)
    {
        if (length > MaxBytes) throw Unreadable(path, $"it has {length} bytes, the limit is {MaxBytes}", null);
    }

    private static void CheckVersion(string path, JsonObject document)
    {
        if (document[FormatKey] is not JsonValue value || !value.TryGetValue<int>(out var version))
            throw Unreadable(path, $"it has no number '{FormatKey}'", null);
        if (version == RunSpecification.CurrentFormat) return;
        var age = version > RunSpecification.CurrentFormat ? "a newer" : "an older";
        throw new RunFolderException(
            $"'{path}' was written by {age} version (format {version}); this program reads format "
            + $"{RunSpecification.CurrentFormat}: use the program that wrote it, or start a new run.");
    }

    // Over the document rather than the record, so that a property which the record ignores counts as an edit too.
    private static string Checksum(JsonObject document) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJsonString())));

    private static RunFolderException Unreadable(string path, string reason, Exception? error) =>
        new($"'{path}' is truncated or damaged ({reason.ReplaceLineEndings(" ").TrimEnd('.')}); {Remedy}.", error);
}
