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
        ["drones standard"] = "4feee7cd404bca95",
        ["graph-world standard"] = "314acdf2eeae63ef",
        ["lbf lb-foraging"] = "95779878d2576c68",
        ["matrix standard"] = "dab01fc921f30916",
        ["rendezvous standard"] = "bb5ee978b390e925",
        ["rware robotic-warehouse"] = "b8e3d047bb4e32dd",
        ["simple mpe2"] = "6f4eb9ec6d7629e5",
        ["simple openai"] = "90e133c757c8725d",
        ["simple-adversary mpe2"] = "f9c17bffdc13f6f9",
        ["simple-adversary openai"] = "030530a0ea60cb8b",
        ["simple-crypto mpe2"] = "57e9a9b4dbee891c",
        ["simple-crypto openai"] = "57e9a9b4dbee891c",
        ["simple-push mpe2"] = "2f82abfd4a7ff7ff",
        ["simple-push openai"] = "b7526421d9cf8d30",
        ["simple-reference mpe2"] = "a77ba64000c048a2",
        ["simple-reference openai"] = "cc202806e338d47e",
        ["simple-speaker-listener mpe2"] = "80b139eeea8a63e5",
        ["simple-speaker-listener openai"] = "551927dc1b2ac97c",
        ["simple-spread mpe2"] = "d32590963f2740c2",
        ["simple-spread openai"] = "ac987a6ba73790dd",
        ["simple-tag mpe2"] = "edb9cae5ce632f8a",
        ["simple-tag openai"] = "8fbbd4d0a11d7aed",
        ["simple-world-comm mpe2"] = "abe7bd8041fa9974",
        ["simple-world-comm openai"] = "e716b108014407f6",
        ["target-reach standard"] = "b24d54f007609762",
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
