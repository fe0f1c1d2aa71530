using System.Text.Json;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Tests.Runs;

public class RunSpecificationTests
{
    private static readonly RunSpecification Specification = TestSpecification.Create() with
    {
        Seed = ulong.MaxValue,
        Game = new() { ["b"] = "2", ["a"] = "1" },
        Learning = new() { ["learning-rate"] = "0.1", ["epochs"] = "4" },
    };

    [Fact]
    public void Reading_gives_back_what_was_written()
    {
        var read = RunSpecification.FromJson(Specification.ToJson());
        Assert.Equal(Specification with { Game = read.Game, Learning = read.Learning }, read);
        Assert.Equal(Specification.Game, read.Game);
        Assert.Equal(Specification.Learning, read.Learning);
        Assert.Equal(Specification.ToJson(), read.ToJson());
    }

    [Fact]
    public void The_text_is_canonical() => Assert.Equal(
        """{"format":2,"run":"test-run","task":"simple-spread","rules":"mpe2","algorithm":"mappo","seed":18446744073709551615"""
        + ""","steps":1500,"copies":10,"shards":1,"threads":1,"checkpointEvery":500,"evaluateEvery":250"""
        + ""","game":{"a":"1","b":"2"},"learning":{"epochs":"4","learning-rate":"0.1"}}""",
        Specification.ToJson());

    [Fact]
    public void A_game_that_is_not_loaded_or_has_changed_is_named_with_the_run()
    {
        var missing = Assert.Throws<RunUnavailableException>(() => (Specification with { Task = "grid-walk" }).CreateGame(1));
        Assert.Equal(
            "Run test-run is of the task 'grid-walk', which is not loaded here: name its assembly (--assembly; where a silo starts, --assemblies).",
            missing.Message);
        var changed = Assert.Throws<RunUnavailableException>(() => Specification.CreateGame(1));
        Assert.StartsWith(
            "test-run was trained when 'simple-spread' was another game: it does not take the run's rules and options any more (There is no option of ",
            changed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    public void What_is_no_specification_is_refused(string text) =>
        Assert.Throws<JsonException>(() => RunSpecification.FromJson(text));
}
