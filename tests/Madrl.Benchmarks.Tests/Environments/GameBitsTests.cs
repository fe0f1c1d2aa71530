using Madrl.Benchmarks.Environments;
using Madrl.Environments;
using Madrl.Tests.Shared;

namespace Madrl.Benchmarks.Tests.Environments;

/// <summary>
/// The bits that games give, pinned: the same on every processor. <see cref="GameInstructionSetTests"/> runs this class in
/// processes that must do without some of the processor's instructions.
/// </summary>
public class GameBitsTests
{
    private const int Copies = 192;

    /// <summary>Who changes one changes the results of every run of that task, and has to say so to the users.</summary>
    private static readonly Dictionary<string, string> _expected = new()
    {
        ["drones standard"] = "f74005b3691c3b74",
        ["graph-world standard"] = "04874f11be220216",
        ["lbf lb-foraging"] = "5d2b8ffb6efe8dba",
        ["matrix standard"] = "642392a0043e182d",
        ["rendezvous standard"] = "c7b3e73956d320ba",
        ["rware robotic-warehouse"] = "8739032507a3e26f",
        ["simple mpe2"] = "3ee4954270ba6a73",
        ["simple openai"] = "6c4009af34e263b6",
        ["simple-adversary mpe2"] = "6d95a44a989aff55",
        ["simple-adversary openai"] = "1c9778f9b9fe21f5",
        ["simple-crypto mpe2"] = "e634cb63c6374d5b",
        ["simple-crypto openai"] = "e634cb63c6374d5b",
        ["simple-push mpe2"] = "2982e4d4dfeb0b4c",
        ["simple-push openai"] = "0a1c211f8260c352",
        ["simple-reference mpe2"] = "6101389aab299167",
        ["simple-reference openai"] = "75532ba0934ae085",
        ["simple-speaker-listener mpe2"] = "7068bc905374c6c7",
        ["simple-speaker-listener openai"] = "a1c08f97c0aa24ea",
        ["simple-spread mpe2"] = "3f40f9c0b3d27a59",
        ["simple-spread openai"] = "af3e4007482d60a0",
        ["simple-tag mpe2"] = "264527496f5566cf",
        ["simple-tag openai"] = "fe89cd0fa90d2303",
        ["simple-world-comm mpe2"] = "76f3aee3f07d6185",
        ["simple-world-comm openai"] = "a0f04ef2597c1e34",
        ["target-reach standard"] = "371b701d3c5be119",
    };

    public static TheoryData<string, string> Games =>
        [.. GameCatalog.All.SelectMany(game => game.Rules.Select(rules => (game.Task, rules)))];

    [Theory]
    [MemberData(nameof(Games))]
    public void The_bits_of_a_game_are_the_pinned_ones(string task, string rules)
    {
        InstructionSets.AssertSwitchedOff();
        var game = new GameChoice(task, rules, new Dictionary<string, string>());
        var checksum = EnvironmentChecksum.Of(game, batch: 64, threads: 1, Copies);
        Assert.Equal(_expected[$"{task} {rules}"], checksum);
    }
}
