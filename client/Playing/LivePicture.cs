using System.Text;
using Madrl.Environments.Drawing;
using Spectre.Console;
using Spectre.Console.Advanced;
using Spectre.Console.Rendering;

namespace Madrl.Terminal.Playing;

/// <summary>
/// A picture on a terminal that is drawn over and over in the same place. The cursor, hidden, waits at the start of the line below it, so
/// that what the terminal itself writes there, such as ^C, is wiped away and moves nothing.
/// </summary>
/// <param name="console">The terminal.</param>
internal sealed class LivePicture(IAnsiConsole console)
{
    private const int MaxColumns = 100, MaxRows = 44, MinRows = 4, FrameColumns = 4, FrameRows = 2, CaptionRows = 2, CursorRows = 1;

    private const string HideCursor = "\e[?25l", ShowCursor = "\e[?25h", EraseLine = "\e[2K", EraseBelow = "\e[J";

    /// <summary>Lines of the last picture, above the cursor.</summary>
    private int _lines;

    private int Columns => Math.Clamp(console.Profile.Width, FrameColumns + 2, MaxColumns) - FrameColumns;

    private int Rows => Math.Clamp(console.Profile.Height - FrameRows - CaptionRows - CursorRows, MinRows, MaxRows);

    /// <summary>Shows a picture in the place of the last one.</summary>
    public void Show(Frame frame)
    {
        // What would not fit above the cursor could not be drawn over.
        var room = Math.Max(1, console.Profile.Height - CursorRows);
        string[] lines = [.. console.ToAnsi(Compose(frame)).TrimEnd('\n').Split('\n').Take(room)];
        var text = new StringBuilder(HideCursor).Append(Home());
        foreach (var line in lines) text.Append(EraseLine).Append(line).Append('\n');
        Write(text.Append(EraseBelow));
        _lines = lines.Length;
    }

    /// <summary>Leaves the last picture as it is: what is written from now on stands below it.</summary>
    public void End() => Write(new StringBuilder("\r").Append(EraseBelow).Append(ShowCursor));

    private string Home() => _lines == 0 ? "\r" : $"\r\e[{_lines}A";

    private void Write(StringBuilder text)
    {
        // At once, so that a picture is never seen half drawn.
        console.Profile.Out.Writer.Write(text.ToString());
        console.Profile.Out.Writer.Flush();
    }

    private IRenderable Compose(Frame frame)
    {
        var drawing = TextDrawing.Of(frame.Picture, Columns, Rows);
        var panel = new Panel(Paint(drawing))
        {
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Grey),
            Header = new PanelHeader(Markup.Escape($" {frame.Title} ")),
            Padding = new Padding(1, 0),

            // A narrow picture is not to cut the title short.
            Width = Math.Min(Columns + FrameColumns, Math.Max(drawing.Columns, frame.Title.Length) + FrameColumns),
        };
        return new Rows(
            panel, Line($"[grey]{Markup.Escape(frame.Moment)}[/]  [bold]{Markup.Escape(frame.Return)}[/]"),
            Line($"[grey]{Markup.Escape(frame.Returns)}[/]"));

        static Markup Line(string markup) => new(markup) { Overflow = Overflow.Ellipsis };
    }

    private static Paragraph Paint(TextDrawing drawing)
    {
        var text = new Paragraph { Overflow = Overflow.Crop };
        for (var row = 0; row < drawing.Rows; row++)
        {
            for (int from = 0, to; from < drawing.Columns; from = to)
            {
                var style = StyleOf(drawing[row, from]);
                for (to = from + 1; to < drawing.Columns && StyleOf(drawing[row, to]).Equals(style); to++)
                {
                }

                text.Append(string.Concat(Enumerable.Range(from, to - from).Select(column => drawing[row, column].Character)), style);
            }

            if (row < drawing.Rows - 1) text.Append("\n");
        }

        return text;
    }

    private static Style StyleOf(TextCell cell) => cell switch
    {
        { Ink: not { } } => Style.Plain,
        { IsLabel: false } => new Style(ColourOf(cell.Ink.Value)),
        _ => new Style(Color.Black, ColourOf(cell.Ink.Value), Decoration.Bold),
    };

    /// <summary>Colours of a medium lightness, which stand out from white and from black.</summary>
    private static Color ColourOf(Ink ink) => ink switch
    {
        Ink.Agent => new Color(0x3d, 0x9b, 0xd6),
        Ink.Adversary => new Color(0xe5, 0x60, 0x4f),
        Ink.Target => new Color(0x3f, 0xae, 0x6c),
        Ink.Highlight => new Color(0xdc, 0x96, 0x28),
        Ink.Obstacle => new Color(0x7b, 0x87, 0x94),
        _ => new Color(0x94, 0xa0, 0xac),
    };
}
