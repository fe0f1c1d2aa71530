using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madrl.Grains.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madrl.Http.Tests;

/// <summary>What the document promises is there, and what is there is promised.</summary>
public sealed class OpenApiTests(LiveServer server)
{
    [Fact]
    public async Task TheDocumentHasEveryEndpoint()
    {
        var expected = server.Web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).Order();
        var actual = Operations(await DocumentAsync()).Select(operation => (string?)operation.Operation["operationId"]).Order().ToArray();
        Assert.Equal(expected, actual);
        Assert.Equal(
            ["Act", "DeleteRun", "FollowRun", "GetAgent", "GetRun", "GetSilo", "ListAgents", "ListRuns", "ResumeRun", "StartRun", "StopRun", "live", "ready", "startup"],
            actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryReferenceResolves()
    {
        var document = await DocumentAsync();
        var references = References(document).ToArray();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Resolve(document, reference)));
    }

    [Fact]
    public async Task TheRequestOfARunHasTheClientsProperties()
    {
        var document = await DocumentAsync();
        var schema = Schema(document, document["paths"]!["/api/v1/runs"]!["post"]!["requestBody"]!["content"]!["application/json"]!);
        var expected = typeof(RunRequest).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order();
        Assert.Equal(expected, schema["properties"]!.AsObject().Select(property => property.Key).Order());
        Assert.Equal(["task"], schema["required"]!.AsArray().Select(name => (string)name!));
    }

    [Theory]
    [InlineData("/api/v1/runs/{run}")]
    [InlineData("/api/v1/runs/{run}/agents/{agent}")]
    public async Task AnAnswerHasThePropertiesOfItsSchema(string path)
    {
        var document = await DocumentAsync();
        var schema = Schema(document, document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!);
        var answer = JsonNode.Parse(await server.Http.GetStringAsync(Fill(path, await server.FinishedAsync())))!.AsObject();
        Assert.Equal(schema["properties"]!.AsObject().Select(property => property.Key).Order(), answer.Select(property => property.Key).Order());
    }

    [Fact]
    public async Task EveryReadHasAStatusAndATypeThatTheDocumentDeclares()
    {
        string[] runs = [await server.FinishedAsync(), "no-such-run", "UPPER", new string('a', 200)];
        foreach (var (path, _, operation) in Operations(await DocumentAsync()).Where(operation => operation.Method == "get"))
        {
            foreach (var run in runs)
            {
                using var answer = await server.Http.GetAsync(Fill(path, run));
                var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
                var declared = operation["responses"]!.AsObject();
                Assert.True(declared.ContainsKey(status), $"GET {path} of {run} gives {status}, which is not declared.");
                Assert.Contains(answer.Content.Headers.ContentType!.MediaType!, declared[status]!["content"]!.AsObject().Select(content => content.Key));
            }
        }
    }

    [Fact]
    public async Task EveryChangeOfNoRunHasAStatusThatTheDocumentDeclares()
    {
        foreach (var (path, method, operation) in Operations(await DocumentAsync()).Where(operation => operation.Method != "get"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), Fill(path, "no-such-run"));
            if (operation["requestBody"] is not null) request.Content = new StringContent("{}", null, "application/json");
            using var answer = await server.Http.SendAsync(request);
            var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
            Assert.True(operation["responses"]!.AsObject().ContainsKey(status), $"{method} {path} gives {status}, which is not declared.");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    private static string Fill(string path, string run) =>
        path.Replace("{run}", run, StringComparison.Ordinal).Replace("{agent}", "0", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Method, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Value is JsonObject
        select (path.Key, operation.Key, operation.Value!.AsObject());

    private static JsonObject Schema(JsonObject document, JsonNode content) =>
        content["schema"]!["$ref"] is { } reference ? Resolve(document, (string)reference!)!.AsObject() : content["schema"]!.AsObject();

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(References),
        JsonObject properties => properties.SelectMany(property =>
            property is { Key: "$ref", Value: JsonValue reference } ? [(string)reference!] : References(property.Value)),
        _ => [],
    };

    private static JsonNode? Resolve(JsonNode document, string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name]);
    }

    private async Task<JsonObject> DocumentAsync() => JsonNode.Parse(await server.Http.GetStringAsync("/api/v1/openapi.json"))!.AsObject();
}
