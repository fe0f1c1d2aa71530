namespace Madrl.Learning.Tests;

/// <summary>Another process finds the bits of this one, also where it has little memory.</summary>
public class LearningProcessTests
{
    /// <summary>The settings are hexadecimal: a heap of 64 MiB at most; the youngest generation collected every 256 KiB.</summary>
    [Theory]
    [InlineData("DOTNET_gcConcurrent", "0")]
    [InlineData("DOTNET_GCHeapHardLimit", "4000000")]
    [InlineData("DOTNET_GCgen0size", "40000")]
    public Task Another_process_gives_the_same_bits(string setting, string value) => ChildProcess.RunAsync(
        typeof(LearningBitsTests), TestLearners.Kinds.Length + 1,
        [(setting, value), .. TestLearners.Kinds.Select(kind => (LearningBitsTests.VariableOf(kind), LearningBitsTests.HashOf(kind)))]);
}
