using System.CommandLine;
using System.CommandLine.Parsing;
using Madrl.Environments.Settings;

namespace Madrl.Terminal.CommandLine;

/// <summary>Says in one line what is wrong with a command line and what would be right.</summary>
internal static class ParseErrors
{
    /// <summary>The line.</summary>
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return MissingCommand(parsed, command) ?? UnknownOption(parsed, command) ?? BadValue(parsed) ?? Surplus(parsed, command)
            ?? MissingArgument(parsed, command) ?? parsed.Errors[0].Message.ReplaceLineEndings(" ");
    }

    /// <summary>Those of the command, and those of the program that every command takes.</summary>
    private static IEnumerable<string> OptionNames(ParseResult parsed, Command command) =>
        command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive)).Select(option => option.Name).Distinct();

    // An option that does not exist is parsed as an argument, so it is its look that gives it away.
    private static string? UnknownOption(ParseResult parsed, Command command)
    {
        var unknown = parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal));
        if (unknown is null) return null;
        var name = unknown.Value.Split('=')[0];
        return NearestNames.Message("option", name, [.. OptionNames(parsed, command)]);
    }

    private static string? MissingCommand(ParseResult parsed, Command command)
    {
        if (command.Subcommands.Count == 0) return null;
        string[] names = [.. command.Subcommands.Select(sub => sub.Name)];
        return parsed.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-')) is { } unknown
            ? NearestNames.Message("command", unknown, names)
            : $"Name what to do: {string.Join(", ", names)}; --help shows examples.";
    }

    private static string? BadValue(ParseResult parsed)
    {
        var result = parsed.Errors.Select(error => error.SymbolResult is ArgumentResult { Parent: OptionResult option } ? option : error.SymbolResult)
            .OfType<OptionResult>().FirstOrDefault();
        if (result is null) return null;
        var name = result.Option.Name;
        return result.Tokens switch
        {
            [] => $"{name} needs a value: {name} {result.Option.HelpName ?? "VALUE"}.",
            [var one] => $"'{one.Value}' is not a value of {name}: it takes {Kind(result.Option.ValueType)}.",
            _ => $"{name} takes one value, but was given {string.Join(" and ", result.Tokens.Select(token => token.Value))}.",
        };
    }

    private static string? Surplus(ParseResult parsed, Command command) =>
        parsed.UnmatchedTokens is [var unknown, ..]
            ? $"'{unknown}' is one too many: {command.Name} takes {Takes(command)} and options; see '{command.Name} --help'."
            : null;

    private static string? MissingArgument(ParseResult parsed, Command command) =>
        parsed.Errors.Any(error => error.SymbolResult is ArgumentResult or CommandResult) && command.Arguments.Count > 0
            ? $"{command.Name} needs {Takes(command)} ({command.Arguments[0].Description}); see '{command.Name} --help'."
            : null;

    private static string Takes(Command command) =>
        command.Arguments.Count == 0 ? "only its name" : $"one {string.Join(" and one ", command.Arguments.Select(argument => argument.Name))}";

    private static string Kind(Type type) =>
        type == typeof(ulong) ? "a whole number from 0"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(bool) ? "true or false"
        : "another one; --help names them";
}
