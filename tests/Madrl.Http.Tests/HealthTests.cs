using System.Text.Json.Nodes;

namespace Madrl.Http.Tests;

/// <summary>The probes say what the silo says.</summary>
public sealed class HealthTests
{
    [Theory]
    [InlineData(false, false, "ok", "starting", "starting")]
    [InlineData(true, true, "ok", "ok", "ok")]
    [InlineData(true, false, "ok", "ok", "stopping")]
    public async Task AProbeSaysWhatIsMissing(bool started, bool ready, string live, string startup, string takesWork)
    {
        await using var web = await WebServer.StartAsync(new FakeClient(), new LogCollector());
        (web.Health.HasStarted, web.Health.IsReady) = (started, ready);
        foreach (var (probe, expected) in new[] { ("live", live), ("startup", startup), ("ready", takesWork) })
        {
            using var answer = await web.Http.GetAsync($"/health/{probe}");
            Assert.Equal((expected == "ok" ? 200 : 503, expected), ((int)answer.StatusCode, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!));
        }
    }
}
