using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madrl.Http;

/// <summary>The status page: files inside this assembly, so that nothing of it can be missing or from elsewhere.</summary>
internal static class DashboardPage
{
    private const string Html = "text/html; charset=utf-8", Css = "text/css; charset=utf-8", Script = "text/javascript; charset=utf-8";

    private static readonly (string Address, string File, string Type)[] Files =
    [
        ("/", "index.html", Html), ("/dashboard.css", "dashboard.css", Css), ("/favicon.svg", "favicon.svg", "image/svg+xml"),
        .. new[]
        {
            "dashboard.js", "actions.js", "agents.js", "api.js", "course.js", "curve.js", "dom.js", "format.js", "run.js", "runs.js",
            "scale.js", "small.js", "stream.js",
        }.Select(file => ($"/{file}", file, Script)),
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (address, file, type) in Files)
        {
            var content = Read(file);
            app.MapGet(address, (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(content, type);
            }).ExcludeFromDescription();
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream(file)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
