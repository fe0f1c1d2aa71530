using Madrl.Hosting.Storage;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Terminal;
using Madrl.Terminal.Evaluation;

namespace Madrl.Client.Tests;

/// <summary>Runs whose game is another by now than it was when they were trained.</summary>
public sealed class ChangedGameTests : IDisposable
{
    private const string Remedy = ". Use the program or the assembly that it was trained with, or train a new run.";

    private readonly string _runs = Directory.CreateTempSubdirectory("madrl-changed-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [Fact]
    public void An_option_that_is_gone_is_one_line()
    {
        RunFolder.Create(_runs, Run(("speed", "3")));
        var error = Assert.Throws<UsageException>(() => KnownRun.Open("old", _runs));
        Assert.StartsWith("old was trained when 'simple-spread' was another game: it does not take the run's rules and options any more (There is no option of simple-spread 'speed'", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"){Remedy}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17, 5, 3, "observed numbers, 17 when it was trained, are 18 now")]
    [InlineData(18, 4, 3, "actions, 4 when it was trained, are 5 now")]
    [InlineData(18, 5, 2, "agents, 2 when it was trained, are 3 now")]
    public void Other_sizes_are_named(int observed, int actions, int agents, string difference)
    {
        var error = Assert.Throws<UsageException>(() => KnownRun.Check(Run(), Policies(observed, actions, agents)));
        Assert.Equal($"old was trained when 'simple-spread' was another game: {difference}{Remedy}", error.Message);
    }

    [Fact]
    public void The_same_sizes_are_taken()
    {
        KnownRun.Check(Run(), Policies(18, 5, 3));
        KnownRun.Check(Run(), Policies(18, 5, 0));
        RunFolder.Create(_runs, Run());
        Assert.Equal("old", KnownRun.Open("old", _runs).Specification.Run);
    }

    private static PolicyDescription Policies(int observed, int actions, int agents) =>
        new(NetworkDescription.Mlp(observed + agents, 4, actions, Activation.Tanh), ActionHead.Categorical, observed, agents);

    private static RunSpecification Run(params (string Name, string Value)[] options) => new()
    {
        Run = "old", Task = "simple-spread", Rules = "mpe2", Algorithm = "mappo", Seed = 1, Steps = 1, Copies = 1, Shards = 1, Threads = 1,
        CheckpointEvery = 1, EvaluateEvery = 1, Game = new(options.ToDictionary(option => option.Name, option => option.Value)), Learning = [],
    };
}
