using Madrl.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madrl.Http;

/// <summary>A question to an agent.</summary>
/// <param name="Observations">One or more observations of the agent's size.</param>
public sealed record ActRequest(IReadOnlyList<float[]> Observations);

/// <summary>Agents: what they are, and what they would do.</summary>
internal static class AgentEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var agents = api.MapGroup("/runs/{run}/agents").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        agents.MapGet("", ListAsync)
            .WithName("ListAgents").WithSummary("The agents of a run with their versions.");
        agents.MapGet("/{agent:int:min(0)}", (string run, int agent, IMadrlClient client, CancellationToken aborted) => client.GetAgentAsync(run, agent, aborted))
            .WithName("GetAgent").WithSummary("An agent: its version, and what it observes and does.");
        agents.MapPost("/{agent:int:min(0)}/act", ActAsync)
            .WithName("Act").WithSummary("The agent's actions for observations, chosen greedily.");
    }

    private static async Task<IReadOnlyList<AgentReport>> ListAsync(string run, IMadrlClient client, CancellationToken aborted)
    {
        var report = await client.GetAsync(run, aborted);
        return await Task.WhenAll(Enumerable.Range(0, report.Agents.Count).Select(agent => client.GetAgentAsync(run, agent, aborted)));
    }

    private static Task<AgentAnswer> ActAsync(string run, int agent, ActRequest request, IMadrlClient client, CancellationToken aborted) =>
        client.ActAsync(run, agent, request.Observations, aborted);
}
