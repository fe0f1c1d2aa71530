using Madrl.Environments.Drawing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Madrl.Terminal.Playing;

/// <summary>A picture on a terminal that is kept up to date.</summary>
internal sealed class LivePicture
{
    private const int MaxColumns = 100, MaxRows = 44, MinRows = 4, FrameColumns = 4, FrameRows = 2, CaptionRows = 3;

    private LiveDisplayContext? _live;

    private static int Columns => Math.Clamp(AnsiConsole.Profile.Width, FrameColumns + 2, MaxColumns) - FrameColumns;

    private static int Rows => Math.Clamp(AnsiConsole.Profile.Height - FrameRows - CaptionRows, MinRows, MaxRows);

    /// <summary>Shows pictures while <paramref name="play"/> plays; the last one stays.</summary>
    public async Task ShowAsync(Func<Task> play) => await AnsiConsole.Live(new Text("")).StartAsync(async live =>
    {
        _live = live;
        await play();
    });

    /// <summary>Shows the next one.</summary>
    public void Show(Frame frame)
    {
        var drawing = TextDrawing.Of(frame.Picture, Columns, Rows);
        var panel = new Panel(Paint(drawing))
        {
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Grey),
            Header = new PanelHeader(Markup.Escape($" {frame.Title} ")),
            Padding = new Padding(1, 0),
        };
        _live!.UpdateTarget(new Rows(
            panel, new Markup($"[grey]{Markup.Escape(frame.Moment)}[/]  [bold]{Markup.Escape(frame.Return)}[/]"),
            new Markup($"[grey]{Markup.Escape(frame.Returns)}[/]") { Overflow = Overflow.Ellipsis }));
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
