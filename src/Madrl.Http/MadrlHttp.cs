using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madrl.Http;

/// <summary>The HTTP API, which is the client SDK for browsers and other languages, and the status page.</summary>
public static class MadrlHttp
{
    /// <summary>Largest body of a request: 4,096 observations of 50 numbers or so.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>Most requests that are worked on at a time, event streams included.</summary>
    public const int MaxConnections = 1024;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Adds what <see cref="UseMadrlHttp"/> needs beside an <c>IMadrlClient</c> and an <see cref="ISiloHealth"/>.</summary>
    public static IServiceCollection AddMadrlHttp(this IServiceCollection services)
    {
        services.Configure<HostFilteringOptions>(options =>
            (options.AllowedHosts, options.AllowEmptyHosts, options.IncludeFailureMessage) = (["localhost", "127.0.0.1", "[::1]"], false, false));
        services.ConfigureHttpJsonOptions(options =>
        {
            // Every property must be there or have a default, and none that is unknown: a misspelt one is not ignored.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = RequestTimeout });
        services.AddProblemDetails();
        services.AddExceptionHandler<Problems>();
        services.AddSingleton<EventStreams>();
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "MadrlOrleans", Version = "v1", Description = "Runs, their events and their agents." };
            document.Servers = [];
            return Task.CompletedTask;
        }));
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.MaxConcurrentConnections = MaxConnections;
        });
        return services;
    }

    /// <summary>Maps the API, its document, the health and the status page.</summary>
    public static void UseMadrlHttp(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.Use(LocalOnly.InvokeAsync);
        app.UseRequestTimeouts();
        app.MapOpenApi("/api/{documentName}/openapi.json");
        var api = app.MapGroup("/api/v1");
        RunEndpoints.Map(api);
        AgentEndpoints.Map(api);
        api.MapGet("/silo", (ISiloHealth silo) => silo.Report)
            .WithName("GetSilo").WithSummary("What this silo is, and what it has sent to the other silos of its cluster.");
        HealthEndpoints.Map(app);
        DashboardPage.Map(app);
    }
}
