using Madrl.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Madrl.Hosting;

/// <summary>Traces, metrics and logs by OpenTelemetry, configured by the standard <c>OTEL_…</c> variables alone.</summary>
public static class Telemetry
{
    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>Whether the environment names somewhere to export to.</summary>
    public static bool IsConfigured => Endpoints.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>Exports over OTLP where an endpoint is configured; otherwise nothing is collected.</summary>
    public static IServiceCollection AddMadrlTelemetry(this IServiceCollection services)
    {
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        if (!IsConfigured) return services;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("madrl"))
            .WithTracing(tracing => tracing.AddSource(Instrumentation.Name))
            .WithMetrics(metrics => metrics.AddMeter(Instrumentation.Name))
            .WithLogging()
            .UseOtlpExporter();
        return services;
    }
}
