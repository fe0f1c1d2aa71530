using System.CommandLine;

namespace Madrl.Terminal.CommandLine;

/// <summary>Options and arguments that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Name of the option for NDJSON.</summary>
    public const string JsonName = "--json";

    /// <summary>Where run folders lie unless another folder is named.</summary>
    public const string DefaultOut = "runs";

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new(JsonName) { Description = "NDJSON on stdout, one object a line" };

    /// <summary><c>--out</c>.</summary>
    public static Option<string> Out() => new("--out")
    {
        Description = "folder that holds run folders",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultOut,
    };

    /// <summary><c>RUN</c>.</summary>
    public static Argument<string> Run() => new("RUN") { Description = "id of a run, or the path of its folder" };
}
