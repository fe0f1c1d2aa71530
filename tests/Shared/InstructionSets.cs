using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Madrl.Tests.Shared;

/// <summary>Tests whose results must not depend on a processor's instructions, in processes that must do without some of them.</summary>
internal static class InstructionSets
{
    /// <summary>Environment variables that take instructions away when they are 0.</summary>
    public static TheoryData<string> Settings => ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    /// <summary>Runs a class of tests without some instructions. The runtime reads the setting once, at its start.</summary>
    public static async Task RunWithoutAsync(string setting, Type tests)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { tests.Assembly.Location, "-class", tests.FullName!, "-noLogo" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[setting] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        Assert.DoesNotContain("Total: 0,", output, StringComparison.Ordinal);
    }

    /// <summary>Makes sure that what was taken away is away.</summary>
    public static void AssertSwitchedOff()
    {
        AssertSwitchedOff("DOTNET_EnableAVX512", Avx512F.IsSupported);
        AssertSwitchedOff("DOTNET_EnableAVX2", Avx2.IsSupported || Fma.IsSupported);
        AssertSwitchedOff("DOTNET_EnableHWIntrinsic", Vector128.IsHardwareAccelerated);
    }

    private static void AssertSwitchedOff(string setting, bool supported)
    {
        if (Environment.GetEnvironmentVariable(setting) == "0") Assert.False(supported, $"{setting}=0 had no effect.");
    }
}
