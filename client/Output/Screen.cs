using Spectre.Console;

namespace Madrl.Terminal.Output;

/// <summary>Standard output as Spectre.Console writes to it: colours on a terminal, plain text in a pipe.</summary>
internal static class Screen
{
    /// <summary>Width where no terminal limits it: nothing is broken over lines.</summary>
    private const int Unlimited = 1000;

    /// <summary>Whether a picture can be kept up to date: on a terminal where nothing that is written goes elsewhere.</summary>
    public static bool IsLive => !Console.IsOutputRedirected && !Console.IsErrorRedirected
        && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Out { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Unlimited;
        return console;
    }
}
