using Madrl.Environments.Settings;

namespace Madrl.Environments.Tests.Settings;

public class NearestNamesTests
{
    private static readonly string[] _valid = ["mappo", "ippo", "maddpg", "qmix", "vdn"];

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "ac", 1)]
    [InlineData("abc", "xabc", 1)]
    [InlineData("abc", "bac", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_edits(string first, string second, int distance)
    {
        Assert.Equal(distance, NearestNames.Distance(first, second));
        Assert.Equal(distance, NearestNames.Distance(second, first));
    }

    [Theory]
    [InlineData("mapo", "mappo")]
    [InlineData("MAPPO", "mappo")]
    [InlineData("qimx", "qmix")]
    public void The_nearest_name_comes_first(string name, string nearest) =>
        Assert.Equal(nearest, NearestNames.Of(name, _valid)[0]);

    /// <summary>One edit from climbing, two from climber, three from climate.</summary>
    [Fact]
    public void Beside_a_near_name_those_more_than_twice_as_far_are_left_out()
    {
        Assert.Equal(["climate"], NearestNames.Of("climbin", ["climate"]));
        Assert.Equal(["climbing"], NearestNames.Of("climbin", ["climate", "climbing"]));
        Assert.Equal(["climbing", "climber"], NearestNames.Of("climbin", ["climate", "climber", "climbing"]));
    }

    [Fact]
    public void What_resembles_nothing_gets_all_names() =>
        Assert.Equal(
            "There is no algorithm 'sarsa-lambda': choose one of mappo, ippo, maddpg, qmix, vdn.",
            NearestNames.Message("algorithm", "sarsa-lambda", _valid));
}
