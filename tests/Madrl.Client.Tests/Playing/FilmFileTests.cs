using Madrl.Environments.Drawing;
using Madrl.Terminal;
using Madrl.Terminal.Playing;

namespace Madrl.Client.Tests.Playing;

/// <summary>The file of a film: checked before the play, and as long as a film may be.</summary>
public sealed class FilmFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("madrl-film-").FullName;

    private string FilmPath => Path.Combine(_folder, "film.svg");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_film_takes_whole_episodes_as_long_as_there_is_room()
    {
        var film = Film(episodes: 4, steps: 999);
        Assert.Equal((3, null, true), (film.Episodes, film.CutAfter, film.IsFull));
        film = Film(episodes: 4, steps: 1000);
        Assert.Equal((2, null, true), (film.Episodes, film.CutAfter, film.IsFull));
        Assert.Equal(2 * 1001, Pictures(film));
    }

    [Fact]
    public void Of_an_episode_that_is_longer_than_a_film_it_has_the_beginning()
    {
        var film = Film(episodes: 2, steps: 3500);
        Assert.Equal((0, 2999, true), (film.Episodes, film.CutAfter, film.IsFull));
        Assert.Equal(3000, Pictures(film));
    }

    [Fact]
    public void Nothing_is_left_and_nothing_is_changed_before_it_is_written()
    {
        File.WriteAllText(FilmPath, "old");
        _ = new FilmFile(FilmPath);
        Assert.Equal([FilmPath], Directory.GetFileSystemEntries(_folder));
        Assert.Equal("old", File.ReadAllText(FilmPath));
    }

    [Fact]
    public void A_link_stays_one_and_its_file_gets_the_film()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows makes links for administrators only.");
        var link = Path.Combine(_folder, "link.svg");
        File.CreateSymbolicLink(link, "film.svg");
        for (var time = 0; time < 2; time++) // Not there, then there.
        {
            var film = new FilmFile(Path.GetRelativePath(".", link));
            film.Add(Frame(isLast: true));
            film.Write(TimeSpan.FromSeconds(1));
            Assert.Equal("film.svg", new FileInfo(link).LinkTarget);
            Assert.StartsWith("<svg ", File.ReadAllText(FilmPath), StringComparison.Ordinal);
        }

        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Theory]
    [InlineData("/dev/stdout", "it is no ordinary file")]
    [InlineData("/dev/null", "it is no ordinary file")]
    [InlineData("/proc/film.svg", "nothing can be written to the folder '/proc'")]
    [InlineData("pipe", "it is no ordinary file")]
    [InlineData("link", "it is no ordinary file")]
    [InlineData("loop", "it cannot be written")]
    public async Task What_is_no_ordinary_file_or_cannot_be_written_is_refused(string path, string reason)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The names are Linux's.");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder, "pipe")])) await make.WaitForExitAsync();
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "pipe");
        File.CreateSymbolicLink(Path.Combine(_folder, "loop"), "loop");
        path = Path.Combine(_folder, path);
        var error = Assert.Throws<UsageException>(() => new FilmFile(path));
        Assert.StartsWith($"'{path}' is not a value of --svg: {reason}", error.Message, StringComparison.Ordinal);
    }

    private FilmFile Film(int episodes, int steps)
    {
        var film = new FilmFile(FilmPath);
        for (var i = 0; i < episodes * (steps + 1) && !film.IsFull; i++) film.Add(Frame(isLast: i % (steps + 1) == steps));
        return film;
    }

    /// <summary>Pictures that are in the file.</summary>
    private int Pictures(FilmFile film)
    {
        film.Write(TimeSpan.FromSeconds(1));
        return File.ReadAllText(FilmPath).Split("class=\"moment\"").Length - 1;
    }

    private int _frames;

    /// <summary>A picture whose words are no other's, so that the film has an element for each.</summary>
    private Frame Frame(bool isLast) => new(new Picture(0, 0, 1, 1, []), "title", $"moment {_frames++}", "return", "", isLast);
}
