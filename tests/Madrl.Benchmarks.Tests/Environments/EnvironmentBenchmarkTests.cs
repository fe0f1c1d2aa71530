using Madrl.Benchmarks.Environments;
using Madrl.Benchmarks.Peer;
using Madrl.Environments;

namespace Madrl.Benchmarks.Tests.Environments;

public class EnvironmentBenchmarkTests
{
    private const int Copies = 96;

    public static TheoryData<string> Tasks => [.. GameCatalog.All.Select(game => game.Task)];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_checksum_is_that_of_single_copies(string task)
    {
        var game = Choose(task);
        var single = EnvironmentChecksum.Of(game, batch: 1, threads: 1, Copies);
        foreach (var (batch, threads) in ((int, int)[])[(1, 2), (32, 1), (48, 2), (96, 1)])
            Assert.Equal(single, EnvironmentChecksum.Of(game, batch, threads, Copies));
        Assert.NotEqual(single, EnvironmentChecksum.Of(game, batch: 1, threads: 1, Copies + 1));
    }

    [Fact]
    public void All_batches_of_a_game_are_measured_beside_the_peer()
    {
        using var interpreter = new Interpreter("echo ready simple:mpe2,rware:robotic-warehouse; while read line; do echo 50 0; done");
        using var peer = interpreter.Start(PeerProgram.Environments);
        var results = EnvironmentBenchmark.Measure(Choose("simple"), rounds: 1, peer);
        Assert.Equal([(1, 1), (128, 1), (4096, 1), (16_384, 1), (1, 2), (128, 2), (4096, 2), (16_384, 2)], results.Select(result => (result.Copies, result.Threads)));
        Assert.All(results, result =>
        {
            Assert.True(result.StepsPerSecond > 0);
            // The runtime itself may allocate now and then. That no step of a game allocates is tested with the games' other laws.
            Assert.InRange(result.AllocatedBytesPerStep, 0, 1);
            Assert.Equal(20_000, result.Peer!.Value, 1e-6);
            Assert.Equal(result.StepsPerSecond / 20_000, result.PeerRatio!.Value, 1e-6);
        });
        Assert.Single(results.Select(result => result.Checksum).Distinct());
    }

    [Fact]
    public void A_peer_is_asked_for_what_it_offers_alone()
    {
        using var interpreter = new Interpreter("echo ready simple:mpe2; read line; echo wrong");
        using var peer = interpreter.Start(PeerProgram.Environments);
        var results = EnvironmentBenchmark.Measure(
            new GameChoice("simple", "mpe2", new Dictionary<string, string> { ["actions"] = "continuous" }), rounds: 1, peer);
        Assert.All(results, result => Assert.Null(result.PeerRatio)); // It plays by the defaults.
    }

    [Fact]
    public void No_rounds_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EnvironmentBenchmark.Measure(Choose("simple"), rounds: 0, peer: null));

    private static GameChoice Choose(string task) => new(task, rules: null, new Dictionary<string, string>());
}
