using System.Text.Json;
using Madrl.Client;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Madrl.Http;

/// <summary>Answers exceptions as problem details (RFC 9457): what the caller did wrong in words, what went wrong here in few.</summary>
internal sealed class Problems(IProblemDetailsService details, ILogger<Problems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var (status, detail) = Explain(exception);
        if (status == StatusCodes.Status500InternalServerError) logger.LogUnexpected(context.Request, exception);
        context.Response.StatusCode = status;
        await details.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context, ProblemDetails = new ProblemDetails { Status = status, Detail = detail },
        });
        return true;
    }

    private static (int Status, string Detail) Explain(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => (StatusCodes.Status400BadRequest, $"The body is not what this address takes: {json.Message}"),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        UnknownRunException => (StatusCodes.Status404NotFound, exception.Message),
        RunUnavailableException or CheckpointDamagedException => (StatusCodes.Status409Conflict, exception.Message),
        ArgumentException => (StatusCodes.Status400BadRequest, exception.Message),
        SiloUnreachableException => (StatusCodes.Status503ServiceUnavailable, exception.Message),
        IOException => (StatusCodes.Status507InsufficientStorage, exception.Message),
        _ => (StatusCodes.Status500InternalServerError, "This was not expected; the server's log tells more."),
    };
}
