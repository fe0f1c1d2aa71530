using System.Diagnostics;

namespace Madrl.Hosting.Tests.Storage;

/// <summary>The child program in a process of its own, which ends with the test at the latest.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;

    public ChildProcess(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Madrl.Hosting.Tests.Child.dll");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
    }

    public int Id => process.Id;

    public TextReader Output => process.StandardOutput;

    public TextReader Error => process.StandardError;

    /// <summary>Kills the process as the kernel would (SIGKILL) and returns the last line that it printed.</summary>
    public async Task<string?> KillAsync(string? lastRead)
    {
        process.Kill();
        // The last line may have lost its end; only whole ones were acknowledged.
        var rest = await Output.ReadToEndAsync();
        await process.WaitForExitAsync();
        var whole = rest.LastIndexOf('\n') is >= 0 and var end ? rest[..end].Split('\n') : [];
        return whole.Length > 0 ? whole[^1] : lastRead;
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
