using Madrl.Tests.Shared;

namespace Madrl.Policies.Tests;

public class InstructionSetTests
{
    public static TheoryData<string> Settings => InstructionSets.Settings;

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Acting_gives_the_same_bits_without(string setting) => InstructionSets.RunWithoutAsync(setting, typeof(ActingBitsTests));
}
