using System.Text.Json.Nodes;
using Madrl.Benchmarks;
using Madrl.Client;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols.Runs;
using Madrl.Terminal.Output;

namespace Madrl.Terminal;

/// <summary>How the program reports what went wrong: one line on stderr, with <c>--json</c> an object on stdout too.</summary>
internal static class Errors
{
    /// <summary>Set to 1, it shows where an error comes from.</summary>
    private const string DebugVariable = "MADRL_DEBUG";

    /// <summary>Reports an error and gives the exit code that belongs to it.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="json">Whether the caller reads NDJSON.</param>
    /// <param name="run">The run that it is about, if any.</param>
    public static int Report(Exception error, bool json, string? run = null)
    {
        var (message, exitCode) = Explain(error);
        Report(message, exitCode, json, run);
        if (Environment.GetEnvironmentVariable(DebugVariable) == "1") Console.Error.WriteLine(error);
        return exitCode;
    }

    /// <summary>Reports an error that is known by its message alone.</summary>
    public static int Report(string message, int exitCode, bool json, string? run = null)
    {
        if (json)
        {
            var line = new JsonObject { ["type"] = "error", ["run"] = run, ["message"] = message, ["exitCode"] = exitCode };
            Console.Out.WriteLine(line.ToCompactString());
        }

        Console.Error.WriteLine($"madrl: {message}");
        return exitCode;
    }

    private static (string Message, int ExitCode) Explain(Exception error)
    {
        if (error is UsageException or UserAssemblyException) return (error.Message, ExitCodes.Usage);
        if (error is RunFailedException or SiloUnreachableException or RunUnavailableException or BenchmarkException) return (error.Message, ExitCodes.Failed);
        if (error is RunFolderException { IsMissing: true } or UnknownRunException) return (error.Message, ExitCodes.Usage);

        // Orleans wraps what storage throws; storage's own message is the line that helps.
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException) return (cause.Message.ReplaceLineEndings(" "), ExitCodes.Failed);
        }

        var unexpected = $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} This was not expected: "
            + $"set {DebugVariable}=1 and repeat the command to see where it comes from.";
        return (unexpected, ExitCodes.Failed);
    }
}
