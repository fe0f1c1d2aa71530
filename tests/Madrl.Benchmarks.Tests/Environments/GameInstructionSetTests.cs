using Madrl.Tests.Shared;

namespace Madrl.Benchmarks.Tests.Environments;

public class GameInstructionSetTests
{
    public static TheoryData<string> Settings => InstructionSets.Settings;

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Games_give_the_same_bits_without(string setting) => InstructionSets.RunWithoutAsync(setting, typeof(GameBitsTests));
}
