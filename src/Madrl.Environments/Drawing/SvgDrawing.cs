using System.Xml;

namespace Madrl.Environments.Drawing;

/// <summary>
/// Pictures as one SVG file that needs nothing else: a browser plays it over and over, without a script; a viewer that cannot animate shows
/// the first picture. A single picture stands still.
/// </summary>
public static class SvgDrawing
{
    private const double Edge = 16, Longest = 480, TitleLine = 22, Line = 19;

    /// <summary>Writes a film.</summary>
    /// <param name="target">Receives the text.</param>
    /// <param name="frames">Its pictures, at least one; the first decides the proportions.</param>
    /// <param name="pace">How long each is shown, above zero.</param>
    public static void Write(TextWriter target, IReadOnlyList<Frame> frames, TimeSpan pace)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames.Count, 1, nameof(frames));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pace, TimeSpan.Zero);
        var canvas = Canvas.For(frames[0].Picture, Edge, Edge + TitleLine, Longest);
        var (width, height) = (canvas.Width + 2 * Edge, Edge + TitleLine + canvas.Height + 2 * Line + Edge);
        using var xml = XmlWriter.Create(target, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = "" });
        var svg = new SvgFilm(xml, new Timeline(frames, pace));
        svg.Open("svg");
        svg.Attribute("viewBox", $"0 0 {SvgFilm.Number(width)} {SvgFilm.Number(height)}");
        svg.Attribute("width", width);
        svg.Attribute("height", height);
        xml.WriteElementString("title", frames[0].Title);
        xml.WriteElementString("style", SvgStyle.Text);
        svg.Rectangle("page", 0, 0, width, height);
        svg.Rectangle("view", canvas.Left, canvas.Top, canvas.Width, canvas.Height);
        svg.Text("title", Edge, Edge + 10, frame => frame.Title);
        svg.Open("svg");
        svg.Attribute("x", canvas.Left);
        svg.Attribute("y", canvas.Top);
        svg.Attribute("width", canvas.Width);
        svg.Attribute("height", canvas.Height);
        svg.Marks(canvas);
        svg.Close();
        var below = canvas.Top + canvas.Height + Line;
        svg.Text("moment", Edge, below, frame => frame.Moment);
        svg.Text("return", width - Edge, below, frame => frame.Return);
        svg.Text("returns", Edge, below + Line, frame => frame.Returns);
        svg.Close();
    }
}
