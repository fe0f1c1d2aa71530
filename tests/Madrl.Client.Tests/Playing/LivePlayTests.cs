using Madrl.Environments;
using Madrl.Environments.Drawing;
using Madrl.Terminal.Playing;
using Microsoft.Extensions.Time.Testing;

namespace Madrl.Client.Tests.Playing;

/// <summary><c>play</c> on a terminal: the picture that is drawn over and over in its place.</summary>
public sealed class LivePlayTests : IDisposable
{
    private const int Steps = 3;

    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _lines = new() { NewLine = "\n" };

    public void Dispose() => _stop.Dispose();

    [Fact]
    public void A_picture_is_drawn_over_the_last_one()
    {
        using var screen = new Screenful(80, 24);
        screen.Write("above\n");
        var picture = new LivePicture(screen.Console);
        picture.Show(Frame("step 0"));
        var rows = screen.Rows;
        picture.Show(Frame("step 1"));

        Assert.Equal(rows.Select(row => row.Replace("step 0", "step 1", StringComparison.Ordinal)), screen.Rows);
        Assert.Equal("above", screen.Rows[0]);
        Assert.StartsWith("step 1", screen.Rows[^3], StringComparison.Ordinal);
        Assert.Equal((screen.Rows.Length - 1, 0, false), (screen.Cursor.Row, screen.Cursor.Column, screen.IsCursorShown));
    }

    [Fact]
    public void A_smaller_picture_leaves_nothing_of_a_larger_one()
    {
        using var screen = new Screenful(80, 40);
        var picture = new LivePicture(screen.Console);
        picture.Show(Frame("step 0"));
        (screen.Console.Profile.Width, screen.Console.Profile.Height) = (30, 15);
        picture.Show(Frame("step 1"));
        var over = screen.Rows;

        using var fresh = new Screenful(30, 15);
        new LivePicture(fresh.Console).Show(Frame("step 1"));
        Assert.Equal(fresh.Rows, over);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(40, 12)]
    [InlineData(20, 5)]
    [InlineData(3, 2)]
    public void It_fits_the_terminal_and_leaves_a_line_for_the_cursor(int width, int height)
    {
        using var screen = new Screenful(width, height);
        new LivePicture(screen.Console).Show(Frame("step 10 of 25"));
        Assert.InRange(screen.Rows.Length, 2, height);
        if (width > 6) Assert.All(screen.Rows, row => Assert.InRange(row.Length, 0, width));
    }

    [Fact]
    public void What_the_terminal_echoes_below_the_picture_is_wiped_away()
    {
        using var screen = new Screenful(80, 24);
        var picture = new LivePicture(screen.Console);
        picture.Show(Frame("step 0"));
        var rows = screen.Rows;
        screen.Write("^C");
        picture.End();
        screen.Write("stopped\n");

        Assert.Equal([.. rows[..^1], "stopped"], screen.Rows);
        Assert.True(screen.IsCursorShown);
    }

    [Fact]
    public async Task Each_moment_is_shown_for_the_pace_and_the_lines_follow()
    {
        using var screen = new Screenful(80, 24);
        var session = Session(episodes: 2);
        var play = session.ShowAsync(screen.Console, _time, _stop.Token);
        for (var moment = 0; moment < 2 * (Steps + 1); moment++)
        {
            Assert.False(play.IsCompleted);
            Assert.Contains(screen.Rows, row => row.StartsWith($"episode {moment / (Steps + 1)} · step {moment % (Steps + 1)} of {Steps}", StringComparison.Ordinal));
            Assert.Empty(_lines.ToString());
            _time.Advance(_pace - TimeSpan.FromTicks(1));
            Assert.Equal(moment + 1, Times("· step ", screen.All));
            _time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.True(play.IsCompletedSuccessfully);
        await play;
        Assert.Equal(["episode 0, cut off ", "episode 1, cut off ", "A return is the sum"], Told().Select(line => line[..19]));
        Assert.Equal((2, true), (session.Played, screen.IsCursorShown));
    }

    [Fact]
    public async Task Stopped_in_mid_episode_the_picture_stays_and_what_was_played_is_told()
    {
        using var screen = new Screenful(80, 24);
        var session = Session(episodes: 3);
        var play = session.ShowAsync(screen.Console, _time, _stop.Token);
        for (var moment = 0; moment < Steps + 2; moment++) _time.Advance(_pace);
        var rows = screen.Rows;
        await _stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => play);
        Assert.Equal(rows, screen.Rows);
        Assert.Contains(screen.Rows, row => row.StartsWith($"episode 1 · step 1 of {Steps}", StringComparison.Ordinal));
        Assert.Equal((1, true, (rows.Length - 1, 0)), (session.Played, screen.IsCursorShown, screen.Cursor));
        Assert.StartsWith("episode 0, cut off after 3 steps", Assert.Single(Told(), line => line.StartsWith("episode", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_in_the_first_episode_nothing_is_told()
    {
        using var screen = new Screenful(80, 24);
        var play = Session(episodes: 1).ShowAsync(screen.Console, _time, _stop.Token);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => play);
        Assert.Empty(_lines.ToString());
        Assert.True(screen.IsCursorShown);
    }

    private PlaySession Session(int episodes)
    {
        // The game goes on within Advance rather than some time after it.
        SynchronizationContext.SetSynchronizationContext(null);
        var game = new GameChoice("simple-spread", null, new Dictionary<string, string> { ["episode-limit"] = $"{Steps}" });
        return new PlaySession(Players.OfEveryGame(Players.Scripted, game)!, new PlayOrder(1, episodes, _pace, Json: false), _lines);
    }

    private string[] Told() => _lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static int Times(string part, string text) => text.Split(part).Length - 1;

    private static Frame Frame(string moment) => new(
        new Picture(0, 0, 2, 2, [new Mark(Form.Disc, Ink.Agent, 1, 1, 0.5, "0")]), "game · scripted · seed 1", moment, "return 1.00", "a 0.50, b 0.50", false);
}
