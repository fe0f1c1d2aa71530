using Spectre.Console;

namespace Madrl.Terminal.Output;

/// <summary>A return beside those of the random and the scripted policy, as bars that begin at the lowest.</summary>
internal static class ReturnBars
{
    private const int Width = 36;

    /// <summary>Writes three lines.</summary>
    public static void Write(double random, double agents, double scripted)
    {
        var (low, high) = (Math.Min(random, agents), Math.Max(scripted, agents));
        Line("random", random, low, high, "grey", "");
        var part = scripted <= random ? ""
            : agents < random ? "  below the random policy"
            : $"  {100 * (agents - random) / (scripted - random):0} % of the way";
        Line("agents", agents, low, high, "green", part);
        Line("scripted", scripted, low, high, "grey", "");
    }

    private static void Line(string name, double value, double low, double high, string colour, string remark)
    {
        var part = high > low ? (value - low) / (high - low) : 1;
        var bar = new string('█', Math.Max(1, (int)Math.Round(part * Width)));
        Screen.Out.MarkupLine($"  {name,-9}{Format.Return(value),8}  [{colour}]{bar}[/]{remark}");
    }
}
