namespace Madrl.Policies.Tests;

public class PolicyJsonTests
{
    private const string Canonical =
        """{"network":{"layers":[{"name":"fc1","inputs":6,"outputs":8,"activation":"tanh"},""" +
        """{"name":"fc2","inputs":8,"outputs":3,"activation":"none"}]},"head":"gaussian","observationSize":4,"agentIds":2}""";

    [Fact]
    public void A_description_has_one_text_and_comes_back_from_it()
    {
        var description = TestPolicies.Describe([4, 8, 3], Activation.Tanh, ActionHead.Gaussian, agentIds: 2);
        Assert.Equal(Canonical, PolicyJson.ToJson(description));

        var again = PolicyJson.FromJson(Canonical);
        Assert.Equal(Canonical, PolicyJson.ToJson(again));
        Assert.Equal(description.Network.Layers, again.Network.Layers);
        Assert.Equal(description with { Network = again.Network }, again);
    }

    [Theory]
    [InlineData("\"head\":\"gaussian\",", "", "head")]
    [InlineData("\"agentIds\":2", "\"agentIds\":2,\"more\":1", "more")]
    [InlineData("\"agentIds\":2", "\"agentIds\":2,\"agentIds\":2", "agentIds")]
    [InlineData("\"gaussian\"", "1", "head")]
    [InlineData("\"gaussian\"", "\"beta\"", "head")]
    [InlineData("\"agentIds\":2", "\"agentIds\":1", "fc1 takes 6 inputs")]
    [InlineData("\"layers\":[", "\"layers\":[null,", "layer is missing")]
    [InlineData("\"fc2\"", "\"fc1\"", "named fc1")]
    [InlineData("\"fc1\"", "null", "name")]
    [InlineData("}]}", "}]", "no policy description")]
    public void A_text_that_is_no_description_is_refused_with_the_reason(string part, string replacement, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => PolicyJson.FromJson(Canonical.Replace(part, replacement)));
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Null_is_no_description() => Assert.Throws<InvalidDataException>(() => PolicyJson.FromJson("null"));
}
