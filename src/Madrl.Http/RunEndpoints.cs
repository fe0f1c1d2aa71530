using Madrl.Client;
using Madrl.Grains.Abstractions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madrl.Http;

/// <summary>A run that was made.</summary>
/// <param name="Run">Its id.</param>
public sealed record StartedRun(string Run);

/// <summary>Runs: start, list, look, stop, resume, delete, follow.</summary>
internal static class RunEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", (IMadrlClient client, CancellationToken aborted) => client.ListAsync(aborted))
            .WithName("ListRuns").WithSummary("The runs, by id.");
        api.MapPost("/runs", StartAsync)
            .WithName("StartRun").WithSummary("Makes a run and starts it; the server makes its id.").ProducesProblem(400);
        var run = api.MapGroup("/runs/{run}").ProducesProblem(404).ProducesProblem(409);
        run.MapGet("", (string run, IMadrlClient client, CancellationToken aborted) => client.GetAsync(run, aborted))
            .WithName("GetRun").WithSummary("Where a run stands and what it has reached.");
        run.MapDelete("", DeleteAsync)
            .WithName("DeleteRun").WithSummary("Deletes a run that does not train, with everything that belongs to it.");
        run.MapPost("/stop", StopAsync)
            .WithName("StopRun").WithSummary("Asks a run to save and stop at its next barrier.");
        run.MapPost("/resume", ResumeAsync)
            .WithName("ResumeRun").WithSummary("Goes on with a run from its last checkpoint; with device=cpu or device=accelerator on another device than it began with.");
        run.MapGet("/events", (string run, HttpContext context, EventStreams streams) => streams.WriteAsync(context, run))
            .WithName("FollowRun")
            .WithSummary("The events of a run as server-sent events, until it trains no more; Last-Event-ID goes on after an event.")
            .Produces<string>(200, "text/event-stream").Produces(204).DisableRequestTimeout();
    }

    private static async Task<Created<StartedRun>> StartAsync(RunRequest request, IMadrlClient client, CancellationToken aborted)
    {
        var run = await client.StartAsync(request, aborted);
        return TypedResults.Created($"/api/v1/runs/{run}", new StartedRun(run));
    }

    private static async Task<Accepted> StopAsync(string run, IMadrlClient client, CancellationToken aborted)
    {
        await client.StopAsync(run, aborted);
        return TypedResults.Accepted($"/api/v1/runs/{run}");
    }

    private static async Task<Accepted> ResumeAsync(string run, string? device, IMadrlClient client, CancellationToken aborted)
    {
        await client.ResumeAsync(run, RunDevice.Parse(device), aborted);
        return TypedResults.Accepted($"/api/v1/runs/{run}");
    }

    private static async Task<NoContent> DeleteAsync(string run, IMadrlClient client, CancellationToken aborted)
    {
        await client.DeleteAsync(run, aborted);
        return TypedResults.NoContent();
    }
}
