using System.CommandLine;

namespace Madrl.Terminal.CommandLine;

/// <summary>Options and arguments that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Longest file of <c>--set name=@FILE</c>: every run keeps its text, and messages carry it.</summary>
    private const int MaxFileBytes = 256 * 1024;

    /// <summary>Name of the option for NDJSON.</summary>
    public const string JsonName = "--json";

    /// <summary>Where run folders lie unless another folder is named.</summary>
    public const string DefaultOut = "runs";

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new(JsonName) { Description = "NDJSON on stdout, one object a line" };

    /// <summary><c>--assembly</c>, of all commands.</summary>
    public static Option<string[]> Assembly() => new("--assembly")
    {
        Description = "assembly with games and algorithms of your own; repeatable", HelpName = "FILE", Recursive = true,
    };

    /// <summary><c>--out</c>.</summary>
    public static Option<string> Out() => new("--out")
    {
        Description = "folder that holds run folders",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultOut,
    };

    /// <summary><c>--silo</c>.</summary>
    public static Option<string?> Silo(string description = "gateway of a running silo ([CLUSTER@]HOST:PORT[,HOST:PORT] of a cluster's silos); without it, this process trains") =>
        new("--silo") { Description = description, HelpName = "HOST:PORT" };

    /// <summary><c>--silo</c> of a command that makes no sense without one.</summary>
    public static Option<string> RequiredSilo() =>
        new("--silo") { Description = "gateway of the silo, or [CLUSTER@]HOST:PORT[,HOST:PORT] of a cluster's silos", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:30000" };

    /// <summary>The silo that a command line names; null where this process is to do the work.</summary>
    /// <exception cref="UsageException">A folder is named as well.</exception>
    public static string? Place(ParseResult parsed, Option<string?> silo, Option<string> folder) =>
        parsed.GetValue(silo) is not { } address ? null
        : parsed.GetResult(folder) is { Implicit: false } ? throw new UsageException("--out and --silo exclude each other: a silo has its own folder of runs.")
        : address;

    /// <summary><c>RUN</c>.</summary>
    public static Argument<string> Run() => new("RUN") { Description = "id of a run, or the path of its folder" };

    /// <summary><c>--set</c>.</summary>
    public static Option<string[]> Set(string description) =>
        new("--set") { Description = $"{description}; name=@FILE takes the text of a file", HelpName = "name=value" };

    /// <summary>The values of <c>--set</c> by name.</summary>
    /// <exception cref="UsageException">One is no pair, or a name is given twice.</exception>
    public static Dictionary<string, string> Settings(ParseResult parsed, Option<string[]> set)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in parsed.GetValue(set) ?? [])
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || parts[0].Length == 0)
                throw new UsageException($"'{text}' is not a value of --set: it takes name=value, such as learning-rate=0.0005.");
            var value = parts[1].StartsWith('@') ? Contents(parts[0], parts[1][1..]) : parts[1];
            if (!values.TryAdd(parts[0], value)) throw new UsageException($"--set {parts[0]} is given twice: give it once.");
        }

        return values;
    }

    /// <summary>The text of a file that stands for a value: <c>--set game=@my.json</c>. A run keeps the text, not the path.</summary>
    private static string Contents(string name, string path)
    {
        if (path.Length == 0) throw new UsageException($"--set {name}=@ names no file: it takes {name}=@FILE.");
        try
        {
            // Not by the length that the file system tells: a pipe has none.
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxFileBytes + 1];
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (read > MaxFileBytes) throw new UsageException($"--set {name}=@{path}: the file has more than {MaxFileBytes:N0} bytes.");
            using var text = new StreamReader(new MemoryStream(buffer, 0, read));

            // The line break that an editor puts at the end is not meant.
            return text.ReadToEnd().TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--set {name}=@{path}: {error.Message}", error);
        }
    }
}
