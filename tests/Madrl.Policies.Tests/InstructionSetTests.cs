using System.Diagnostics;

namespace Madrl.Policies.Tests;

public class InstructionSetTests
{
    /// <summary>The runtime reads these settings once, at its start; hence a process of its own for each.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Acting_gives_the_same_bits_without(string setting)
    {
        var assembly = typeof(ActingBitsTests).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { assembly, "-class", typeof(ActingBitsTests).FullName!, "-noLogo" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[setting] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1,", output);
    }
}
