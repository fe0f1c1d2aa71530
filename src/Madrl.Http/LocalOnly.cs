using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Madrl.Http;

/// <summary>
/// Keeps web pages of other origins away from a server that listens on this machine. Foreign hosts are refused before this
/// (DNS rebinding); here, requests that a foreign page sends, and bodies that a page could send without asking first.
/// </summary>
internal static class LocalOnly
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // When the answer starts, because what answers an error clears the headers that were set before it.
        context.Response.OnStarting(Protect, context.Response);
        var request = context.Request;
        if (IsForeign(request)) return RefuseAsync(context, StatusCodes.Status403Forbidden, "Requests of other origins are refused.");
        if (HasBody(request) && !IsJson(request.ContentType))
            return RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send application/json, in UTF-8.");
        return next(context);
    }

    private static Task Protect(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }

    private static bool IsForeign(HttpRequest request)
    {
        var own = $"{request.Scheme}://{request.Host}";
        if (request.Headers.TryGetValue(HeaderNames.Origin, out var origin) && origin != own) return true;
        // Browsers say where a request comes from; none is what a person types, same-origin our own page. A link that somebody
        // follows to the status page is not a page that reads or sends.
        return request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site is not [ "same-origin" or "none" ]
            && !(request.Path == "/" && request.Headers["Sec-Fetch-Mode"] == "navigate");
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0 || !StringValues.IsNullOrEmpty(request.Headers.TransferEncoding)
        || !StringValues.IsNullOrEmpty(request.Headers.ContentType);

    /// <summary>JSON is UTF-8 (RFC 8259); what reads the body fails without an answer where the character set has no such name.</summary>
    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(context);
}
