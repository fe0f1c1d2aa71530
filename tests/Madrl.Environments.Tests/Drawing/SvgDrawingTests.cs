using System.Globalization;
using System.Xml.Linq;
using Madrl.Environments.Drawing;

namespace Madrl.Environments.Tests.Drawing;

public class SvgDrawingTests
{
    private const double PixelsLongest = 480;

    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(100);

    [Theory]
    [MemberData(nameof(DrawnGame.Tasks), MemberType = typeof(DrawnGame))]
    public async Task At_each_moment_a_film_shows_exactly_its_picture(string task)
    {
        var pictures = await DrawnGame.PlayAsync(task, 12);
        var svg = Write(pictures);
        for (var i = 0; i < pictures.Count; i++)
        {
            var time = (_pace * (i + 0.5)).TotalSeconds;
            var scale = PixelsLongest / Math.Max(pictures[i].Width, pictures[i].Height);
            var shown = Named(svg, "g").Where(group => At(group, "display", time) != "none").ToArray();
            Assert.Equal(pictures[i].Marks.Count, shown.Length);
            foreach (var (mark, group) in pictures[i].Marks.Zip(shown))
            {
                var place = (At(group, "transform", time) ?? group.Attribute("transform")!.Value).Replace("translate(", "").TrimEnd(')').Split(' ');
                Assert.Equal(scale * (mark.X - pictures[i].Left), Number(place[0]), 0.051);
                Assert.Equal(scale * (pictures[i].Bottom + pictures[i].Height - mark.Y), Number(place[1]), 0.051);
                Assert.Equal(mark.Label, group.Elements().SingleOrDefault(element => element.Name.LocalName == "text")?.Value ?? "");
                Assert.Equal(mark.Ink.ToString(), group.Attribute("class")!.Value, ignoreCase: true);
            }

            var moments = Named(svg, "text").Where(text => (string?)text.Attribute("class") == "moment");
            Assert.Equal($"step {i}", Assert.Single(moments, text => At(text, "display", time) != "none").Value);
        }
    }

    [Fact]
    public void What_stays_is_written_once_and_a_single_picture_stands_still()
    {
        var (still, moved) = (Disc(1, 1), Disc(2, 1));
        var svg = Write([View(still, still), View(still, moved), View(still, moved with { Label = "<&>" })]);
        var groups = Named(svg, "g").ToArray();
        Assert.Equal(3, groups.Length);
        Assert.Empty(Animations(groups[0]));
        Assert.Equal(["120 360;240 360"], Animations(groups[1]).Where(Moves).Select(animation => animation.Attribute("values")!.Value));
        Assert.Equal("<&>", groups[2].Value);
        Assert.Empty(Animations(Write([View(still, moved)])));
    }

    [Fact]
    public void The_last_picture_of_an_episode_stays_longer()
    {
        var animation = Animations(Write([View(Disc(1, 1)), View(Disc(2, 1)), View(Disc(3, 1))])).Last(Moves);
        Assert.Equal("1.8s", animation.Attribute("dur")!.Value);
        Assert.Equal("0;0.055556;0.111111", animation.Attribute("keyTimes")!.Value);
        Assert.Equal(("discrete", "indefinite"), (animation.Attribute("calcMode")!.Value, animation.Attribute("repeatCount")!.Value));
    }

    [Fact]
    public void A_viewer_that_does_not_animate_shows_the_first_picture()
    {
        var groups = Named(Write([View(Disc(1, 1)), View(Disc(1, 1) with { Label = "a" })]), "g").ToArray();
        Assert.Equal([null, "none"], groups.Select(group => (string?)group.Attribute("display")));
    }

    private static Picture View(params Mark[] marks) => new(0, 0, 4, 4, marks);

    private static Mark Disc(double x, double y) => new(Form.Disc, Ink.Agent, x, y, 0.5);

    private static XElement Write(IReadOnlyList<Picture> pictures)
    {
        using var text = new StringWriter();
        var frames = pictures.Select((picture, i) => new Frame(picture, "title", $"step {i}", "return 0", "", i == pictures.Count - 1));
        SvgDrawing.Write(text, [.. frames], _pace);
        return XElement.Parse(text.ToString());
    }

    private static bool Moves(XElement animation) => (string?)animation.Attribute("attributeName") == "transform";

    private static IEnumerable<XElement> Named(XElement within, string name) =>
        within.Descendants().Where(element => element.Name.LocalName == name);

    private static IEnumerable<XElement> Animations(XElement within) =>
        within.Descendants().Where(element => element.Name.LocalName.StartsWith("animate", StringComparison.Ordinal));

    /// <summary>What an animation within an element makes of an attribute at a time in seconds; null where nothing animates it.</summary>
    private static string? At(XElement element, string attribute, double time)
    {
        var animation = element.Elements().SingleOrDefault(child => (string?)child.Attribute("attributeName") == attribute);
        if (animation is null) return null;
        var part = time / Number(animation.Attribute("dur")!.Value.TrimEnd('s'));
        var times = animation.Attribute("keyTimes")!.Value.Split(';').Select(Number).ToArray();
        var values = animation.Attribute("values")!.Value.Split(';');
        Assert.Equal(times.Length, values.Length);
        Assert.Equal(0, times[0]);
        Assert.Equal(times.Order(), times);
        return values[times.Count(begin => begin <= part) - 1];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
