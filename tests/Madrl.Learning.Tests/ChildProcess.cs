using System.Diagnostics;

namespace Madrl.Learning.Tests;

/// <summary>A class of these tests in a process of its own.</summary>
internal static class ChildProcess
{
    private const string Mark = "MADRL_TEST_CHILD";

    /// <summary>Whether this is such a process.</summary>
    public static bool IsThis => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Runs a class, all of whose tests must pass.</summary>
    /// <param name="tests">The class.</param>
    /// <param name="count">How many tests it has.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task RunAsync(Type tests, int count, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { tests.Assembly.Location, "-class", tests.FullName!, "-noLogo" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Mark] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains($"Total: {count},", output, StringComparison.Ordinal);
    }
}
