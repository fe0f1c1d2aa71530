using System.Text.Json;

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

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    public void What_is_no_specification_is_refused(string text) =>
        Assert.Throws<JsonException>(() => RunSpecification.FromJson(text));
}
