using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Madrl.Terminal.Output;

/// <summary>How the program writes JSON: one line, and text as people write it.</summary>
internal static class Json
{
    // What is written goes to a pipe, never into a page, so only what JSON itself demands is escaped.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object on one line.</summary>
    public static string ToCompactString(this JsonObject json) => json.ToJsonString(Options);
}
