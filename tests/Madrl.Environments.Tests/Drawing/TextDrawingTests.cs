using Madrl.Environments.Drawing;

namespace Madrl.Environments.Tests.Drawing;

public class TextDrawingTests
{
    [Fact]
    public void Discs_are_filled_by_quarters_and_what_lies_below_is_grey() => Assert.Equal(
        """
            ▗██▖
            ▝█3▘
        ▒▒▒▒
        ▒12▒ ░░
        """.ReplaceLineEndings("\n").Split('\n'),
        Lines(12, 4, new(-0.5, -0.5, 3, 2,
        [
            new(Form.Square, Ink.Target, 0, 0, 0.5, "12"), new(Form.Square, Ink.Ground, 1, -0.25, 0.25), new(Form.Disc, Ink.Agent, 1, 1, 0.45, "3"),
        ])));

    [Fact]
    public void Lines_are_dots_and_end_at_the_border() => Assert.Equal(
        """
        ⠑⢄
          ⠑⢄
            ⠑⠄
        """.ReplaceLineEndings("\n").Split('\n'),
        Lines(6, 3, new(0, 0, 6, 6, [new(Form.Line, Ink.Link, -3, 9, 0, ToX: 5, ToY: 1), new(Form.Line, Ink.Link, 7, 0, 0, ToX: 7, ToY: 6)])));

    [Fact]
    public void What_is_too_small_is_one_character_and_what_is_out_of_sight_is_none() => Assert.Equal(
        ["●  ■", ""],
        Lines(4, 2, new(0, 0, 2, 2,
        [
            new(Form.Disc, Ink.Agent, 0.2, 1.7, 0.01), new(Form.Square, Ink.Agent, 1.8, 1.3, 0.01), new(Form.Square, Ink.Agent, 2.1, 1, 0.05),
            new(Form.Disc, Ink.Agent, 1, -5, 1), new(Form.Disc, Ink.Agent, 1, 2.01, 0.001, "unseen"),
        ])));

    [Fact]
    public void Of_two_marks_in_a_character_the_later_has_it_but_labels_are_on_top()
    {
        var drawing = TextDrawing.Of(
            new(0, 0, 3, 1,
            [
                new(Form.Square, Ink.Agent, 1.5, 0.5, 1.5, "7"), new(Form.Line, Ink.Link, 0, 0.5, 0, ToX: 3, ToY: 0.5),
                new(Form.Square, Ink.Obstacle, 0.25, 0.5, 0.25),
            ]),
            6, 1);
        Assert.Equal(new TextCell('█', Ink.Obstacle, false), drawing[0, 0]);
        Assert.Equal(Ink.Link, drawing[0, 1].Ink);
        Assert.Equal(new TextCell('7', Ink.Agent, true), drawing[0, 3]);
    }

    [Fact]
    public void Long_labels_stay_in_sight() => Assert.Equal(
        ["agent"], Lines(5, 1, new(0, 0, 5, 2, [new(Form.Disc, Ink.Agent, 4.9, 1, 0.1, "agent")])));

    [Theory]
    [InlineData(80, 30, 60, 30)]
    [InlineData(50, 30, 44, 22)]
    [InlineData(10, 30, 10, 5)]
    public void Proportions_are_kept_and_whole_units_get_whole_characters(int columns, int rows, int expectedColumns, int expectedRows)
    {
        var drawing = TextDrawing.Of(new(-0.5, -0.5, expectedRows == 22 ? 11 : 10, expectedRows == 22 ? 11 : 10, []), columns, rows);
        Assert.Equal((expectedColumns, expectedRows), (drawing.Columns, drawing.Rows));
    }

    [Theory]
    [MemberData(nameof(DrawnGame.Tasks), MemberType = typeof(DrawnGame))]
    public async Task Every_game_shows_its_labels(string task)
    {
        foreach (var picture in await DrawnGame.PlayAsync(task, 5))
        {
            var drawing = TextDrawing.Of(picture, 96, 40);
            var text = string.Concat(drawing.Lines);
            var seen = picture.Marks.Where(mark => mark.X > picture.Left && mark.X < picture.Left + picture.Width
                && mark.Y > picture.Bottom && mark.Y < picture.Bottom + picture.Height);
            Assert.NotEmpty(seen);
            var labels = seen.Where(mark => mark.Label.Length > 0).GroupBy(mark => (mark.X, mark.Y)).Select(marks => marks.Last().Label).ToArray();
            Assert.True(
                labels.Count(label => text.Contains(label, StringComparison.Ordinal)) >= 0.7 * labels.Length, string.Join('\n', drawing.Lines));
            Assert.InRange(drawing.Columns, 1, 96);
            Assert.InRange(drawing.Rows, 1, 40);
        }
    }

    private static IReadOnlyList<string> Lines(int columns, int rows, Picture picture) => TextDrawing.Of(picture, columns, rows).Lines;
}
