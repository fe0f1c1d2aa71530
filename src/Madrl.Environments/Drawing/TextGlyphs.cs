namespace Madrl.Environments.Drawing;

/// <summary>The characters that pictures are made of.</summary>
internal static class TextGlyphs
{
    private const string Quarters = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";
    private const char NoDots = '\u2800', AllDots = '\u28FF';

    // Bits of Unicode's braille patterns: dots 1 to 3 and 7 are the left column, 4 to 6 and 8 the right one.
    private static readonly int[,] _dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>What covers some quarters of a character, at least one; what lies below others is grey.</summary>
    public static char Fill(Ink ink, int quarters) => ink switch
    {
        Ink.Ground => '░',
        Ink.Target or Ink.Link => '▒',
        _ => Quarters[quarters],
    };

    /// <summary>A character of dots with one more.</summary>
    public static char AddDot(char character, int column, int row) =>
        (char)((character is >= NoDots and <= AllDots ? character : NoDots) | _dots[column, row]);
}
