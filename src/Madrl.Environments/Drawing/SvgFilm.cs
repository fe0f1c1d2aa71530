using System.Globalization;
using System.Xml;

namespace Madrl.Environments.Drawing;

/// <summary>Writes the elements of an SVG film: what stays the same is written once, what comes, goes or moves is animated in steps.</summary>
internal sealed class SvgFilm(XmlWriter xml, Timeline timeline)
{
    /// <summary>The largest letters on a mark; how wide they are and where their baseline is, as parts of their size.</summary>
    private const double LargestFont = 26, LetterWidth = 0.62, Baseline = 0.36;

    /// <summary>A number as it stands in the file: a tenth of a pixel is as fine as is seen.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Begins an element.</summary>
    public void Open(string name) => xml.WriteStartElement(name, "http://www.w3.org/2000/svg");

    /// <summary>Ends it.</summary>
    public void Close() => xml.WriteEndElement();

    /// <summary>Writes an attribute.</summary>
    public void Attribute(string name, string value) => xml.WriteAttributeString(name, value);

    /// <inheritdoc cref="Attribute(string, string)"/>
    public void Attribute(string name, double value) => Attribute(name, Number(value));

    /// <summary>Writes a rectangle that stays.</summary>
    public void Rectangle(string? kind, double left, double top, double width, double height)
    {
        Open("rect");
        if (kind is not null) Attribute("class", kind);
        Attribute("x", left);
        Attribute("y", top);
        Attribute("width", width);
        Attribute("height", height);
        Close();
    }

    /// <summary>Writes what each picture says in one place.</summary>
    public void Text(string kind, double x, double y, Func<Frame, string> text)
    {
        foreach (var (value, from, to) in timeline.Runs(frame => text(timeline.Frames[frame])))
        {
            if (value.Length == 0) continue;
            Open("text");
            Attribute("class", kind);
            Attribute("x", x);
            Attribute("y", y);
            Hide(from);
            xml.WriteString(value);
            Appear(from, to);
            Close();
        }
    }

    /// <summary>Writes all marks: those at the same place of their pictures' lists are taken to be the same thing while they look alike.</summary>
    public void Marks(Canvas canvas)
    {
        for (var index = 0; index < timeline.Frames.Max(frame => frame.Picture.Marks.Count); index++)
        {
            Mark?[] placed = [.. timeline.Frames.Select(frame =>
                index < frame.Picture.Marks.Count ? canvas.Place(frame.Picture.Marks[index], frame.Picture) : (Mark?)null)];
            foreach (var (look, from, to) in timeline.Runs(frame => Look(placed[frame]))) Write(look!.Value, placed, from, to);
        }
    }

    /// <summary>A mark with its place left out: what has to be equal for it to be the same mark, moved.</summary>
    private static Mark? Look(Mark? placed) => placed switch
    {
        { Form: Form.Line } line => line with { X = 0, Y = 0, ToX = Math.Round(line.ToX - line.X, 1), ToY = Math.Round(line.ToY - line.Y, 1) },
        { } mark => mark with { X = 0, Y = 0, ToX = 0, ToY = 0 },
        null => null,
    };

    private void Write(Mark look, Mark?[] placed, int from, int to)
    {
        Open("g");
        Attribute("class", look.Ink.ToString().ToLowerInvariant());
        Attribute("transform", $"translate({Place(placed[from])})");
        Hide(from);
        Shape(look);
        if (look.Label.Length > 0) Label(look);
        Appear(from, to);
        Move(placed, from, to);
        Close();
    }

    private void Shape(Mark look)
    {
        if (look.Form == Form.Square)
        {
            Rectangle(null, -look.Size, -look.Size, 2 * look.Size, 2 * look.Size);
            return;
        }

        Open(look.Form == Form.Disc ? "circle" : "line");
        if (look.Form == Form.Disc)
        {
            Attribute("r", look.Size);
        }
        else
        {
            Attribute("x2", look.ToX);
            Attribute("y2", look.ToY);
        }

        Close();
    }

    /// <summary>Writes a label as large as fits on its mark.</summary>
    private void Label(Mark look)
    {
        var size = Math.Min(LargestFont, Math.Min(1.3 * look.Size, 1.8 * look.Size / (LetterWidth * look.Label.Length)));
        Open("text");
        Attribute("y", Baseline * size);
        Attribute("style", $"font-size: {Number(size)}px");
        xml.WriteString(look.Label);
        Close();
    }

    /// <summary>What is not in the first picture is hidden by whoever does not animate.</summary>
    private void Hide(int from)
    {
        if (from > 0) Attribute("display", "none");
    }

    private void Appear(int from, int to)
    {
        var count = timeline.Frames.Count;
        if (from == 0 && to == count) return;
        List<(string Time, string Value)> turns = from == 0 ? [] : [("0", "none")];
        turns.Add((timeline.Begin(from), "inline"));
        if (to < count) turns.Add((timeline.Begin(to), "none"));
        Animate("animate", "display", turns);
    }

    private void Move(Mark?[] placed, int from, int to)
    {
        List<(string Time, string Value)> turns = [("0", Place(placed[from]))];
        for (var frame = from + 1; frame < to; frame++)
        {
            if (Place(placed[frame]) != turns[^1].Value) turns.Add((timeline.Begin(frame), Place(placed[frame])));
        }

        if (turns.Count > 1) Animate("animateTransform", "transform", turns);
    }

    private static string Place(Mark? mark) => $"{Number(mark!.Value.X)} {Number(mark.Value.Y)}";

    private void Animate(string element, string attribute, List<(string Time, string Value)> turns)
    {
        Open(element);
        Attribute("attributeName", attribute);
        if (element == "animateTransform") Attribute("type", "translate");
        Attribute("calcMode", "discrete");
        Attribute("dur", timeline.Duration);
        Attribute("repeatCount", "indefinite");
        Attribute("keyTimes", string.Join(';', turns.Select(turn => turn.Time)));
        Attribute("values", string.Join(';', turns.Select(turn => turn.Value)));
        Close();
    }
}
