using System.ComponentModel;
using System.Diagnostics;

namespace Madrl.Policies.Tests;

/// <summary>Python as an independent reader and writer of our files.</summary>
internal static class Python
{
    /// <summary>What a script beside the tests prints, which must succeed.</summary>
    public static async Task<string> RunAsync(string script, params IEnumerable<string> arguments)
    {
        string[] line = [Path.Combine(AppContext.BaseDirectory, script), .. arguments];
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", line) { RedirectStandardOutput = true })!;
            var output = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            Assert.Equal(0, python.ExitCode);
            return output;
        }
        catch (Win32Exception exception)
        {
            Assert.Fail($"This test compares with a Python script: put python3 on the PATH. {exception.Message}");
            throw;
        }
    }
}
