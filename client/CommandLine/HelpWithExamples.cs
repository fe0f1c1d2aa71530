using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Madrl.Terminal.CommandLine;

/// <summary>System.CommandLine's help, and the examples of the command after it.</summary>
/// <param name="help">The help itself.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in Examples(parseResult.CommandResult.Command)) output.WriteLine($"  {Shell.Program} {example}");
        output.WriteLine();
        return result;
    }

    /// <summary>A command's own examples; of one that only has subcommands, the first of each of these.</summary>
    private static IEnumerable<string> Examples(Command command) =>
        command is ExampleCommand { Examples.Count: > 0 } own ? own.Examples
        : command.Subcommands.SelectMany(sub => Examples(sub).Take(1));
}
