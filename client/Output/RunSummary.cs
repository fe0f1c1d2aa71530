using System.Text.Json;

namespace Madrl.Terminal.Output;

/// <summary>The <c>finished</c> event of a run.</summary>
internal sealed record RunSummary
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The object on one line.</summary>
    public string Json { get; private init; } = "";

    /// <summary>Environment steps.</summary>
    public required long EnvSteps { get; init; }

    /// <summary>Optimiser steps.</summary>
    public required long Updates { get; init; }

    /// <summary>Time spent training.</summary>
    public required double Seconds { get; init; }

    /// <summary>Environment steps per second.</summary>
    public required double EnvStepsPerSecond { get; init; }

    /// <summary>Mean test return of the final policies.</summary>
    public required double ReturnMean { get; init; }

    /// <summary>Half the width of its 95 % confidence interval.</summary>
    public required double ReturnCi95 { get; init; }

    /// <summary>What a return means.</summary>
    public required string ReturnScale { get; init; }

    /// <summary>Test return of the random policy.</summary>
    public required double RandomReturn { get; init; }

    /// <summary>Test return of the scripted policy.</summary>
    public required double ScriptedReturn { get; init; }

    /// <summary>Hash of the final policies.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>What the learner computed on.</summary>
    public required string Device { get; init; }

    /// <summary>The accelerator that it computed on; null for a processor.</summary>
    public string? Accelerator { get; init; }

    /// <summary>Threads that it computed on.</summary>
    public required int LearnerThreads { get; init; }

    /// <summary>Reads a summary.</summary>
    /// <param name="json">The event.</param>
    public static RunSummary Parse(string json) => JsonSerializer.Deserialize<RunSummary>(json, Options)! with { Json = json };
}
