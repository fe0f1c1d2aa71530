using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madrl.Http;

/// <summary>What whoever runs the silo's process knows of it.</summary>
public interface ISiloHealth
{
    /// <summary>Whether the silo has started, unfinished runs included.</summary>
    bool HasStarted { get; }

    /// <summary>Whether it takes work: it has started and is not stopping.</summary>
    bool IsReady { get; }

    /// <summary>What the silo is, and what it has sent.</summary>
    SiloReport Report { get; }
}

/// <summary>A silo as others see it.</summary>
/// <param name="Name">Its name, the same over restarts.</param>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Roles">What it takes: <c>agents</c>, <c>learners</c>.</param>
/// <param name="Accelerators">What it has, such as <c>cuda:0</c>.</param>
/// <param name="SentBytes">Bytes that it has sent to other silos since it started, as they are on the wire.</param>
/// <param name="SentMessages">Messages that it has sent to other silos.</param>
/// <param name="LargestMessage">Bytes of the largest of them.</param>
public sealed record SiloReport(
    string Name, string Cluster, IReadOnlyList<string> Roles, IReadOnlyList<string> Accelerators, long SentBytes, long SentMessages, long LargestMessage);

/// <summary>State of the process for whoever restarts it (live), waits for it (startup) or sends it work (ready).</summary>
/// <param name="Status"><c>ok</c>, <c>starting</c> or <c>stopping</c>.</param>
public sealed record Health(string Status);

/// <summary>The three probes that Kubernetes and load balancers ask.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Map(app, "live", "The process answers.", _ => null);
        Map(app, "startup", "The silo has started.", silo => silo.HasStarted ? null : "starting");
        Map(app, "ready", "The silo takes work.", silo => silo.IsReady ? null : silo.HasStarted ? "stopping" : "starting");
    }

    private static void Map(IEndpointRouteBuilder app, string probe, string summary, Func<ISiloHealth, string?> trouble) =>
        app.MapGet($"/health/{probe}", (ISiloHealth silo) => trouble(silo) is { } status
                ? Results.Json(new Health(status), statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Json(new Health("ok")))
            .WithName(probe).WithSummary(summary).Produces<Health>().Produces<Health>(503);
}
