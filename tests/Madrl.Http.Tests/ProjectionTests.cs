using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Madrl.Http.Tests;

/// <summary>The API says what the client says, to the bit.</summary>
public sealed class ProjectionTests(LiveServer server)
{
    [Fact]
    public async Task AReportIsTheClients()
    {
        var run = await server.FinishedAsync();
        await SameAsync($"/api/v1/runs/{run}", await server.Client.GetAsync(run));
    }

    [Fact]
    public async Task TheListIsTheClients() => await SameAsync("/api/v1/runs", await WithARunAsync());

    [Fact]
    public async Task AgentsAreTheClients()
    {
        var run = await server.FinishedAsync();
        var agents = await Task.WhenAll(server.Client.GetAgentAsync(run, 0), server.Client.GetAgentAsync(run, 1));
        await SameAsync($"/api/v1/runs/{run}/agents", agents);
        await SameAsync($"/api/v1/runs/{run}/agents/1", agents[1]);
        Assert.Equal(10, agents[1].Iteration);
    }

    [Fact]
    public async Task ActionsAreTheClientsToTheBit()
    {
        var run = await server.FinishedAsync();
        var size = (await server.Client.GetAgentAsync(run, 1)).ObservationSize;
        var random = new Random(5);
        var observations = Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, size).Select(_ => 4 * random.NextSingle() - 2).ToArray()).ToArray();
        var expected = await server.Client.ActAsync(run, 1, observations);

        using var answer = await server.Http.PostAsJsonAsync($"/api/v1/runs/{run}/agents/1/act", new { observations });
        var actual = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(expected.Iteration, (long)actual["iteration"]!);
        Assert.Equal(
            expected.Actions.SelectMany(action => action).Select(BitConverter.SingleToInt32Bits),
            actual["actions"]!.AsArray().SelectMany(action => action!.AsArray()).Select(number => BitConverter.SingleToInt32Bits((float)number!)));
        Assert.True(expected.Actions.Select(action => action[0]).Distinct().Count() > 1, "All actions are the same: nothing is compared.");
    }

    [Fact]
    public async Task EventsAreTheClients()
    {
        var run = await server.FinishedAsync();
        using var reader = await EventReader.OpenAsync(server.Http, run);
        var actual = await reader.ToEndAsync();
        var expected = new List<(long, string, string)>();
        await foreach (var message in server.Client.FollowAsync(run)) expected.Add((message.Sequence, message.Type, message.Json));
        Assert.Equal(expected, actual.Select(next => (next.Id, next.Type, next.Data.ToJsonString(Plain))));
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<object> WithARunAsync()
    {
        await server.FinishedAsync();
        var list = await server.Client.ListAsync();
        Assert.NotEmpty(list);
        return list;
    }

    private async Task SameAsync(string address, object expected)
    {
        var actual = JsonNode.Parse(await server.Http.GetStringAsync(address));
        var wanted = JsonSerializer.SerializeToNode(expected, JsonSerializerOptions.Web);
        Assert.True(JsonNode.DeepEquals(wanted, actual), $"{address} gives\n{actual}\nand not\n{wanted}");
    }
}
