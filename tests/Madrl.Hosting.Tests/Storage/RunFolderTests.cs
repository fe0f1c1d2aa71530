using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Hosting.Tests.Storage;

public sealed class RunFolderTests : IDisposable
{
    private const string Id = "simple-spread-mappo-s1-20261122-173205";

    private readonly TemporaryFolder folder = new();

    private string Runs => folder.File("runs");

    public void Dispose() => folder.Dispose();

    internal static RunSpecification Specification(string run = Id) => new()
    {
        Run = run, Task = "simple-spread", Rules = "mpe2", Algorithm = "mappo", Seed = ulong.MaxValue, Steps = 1000, Copies = 8,
        Shards = 2, Threads = 1, CheckpointEvery = 100, EvaluateEvery = 100,
        Game = new() { ["agents"] = "3" }, Learning = new() { ["clip"] = "0.2", ["note"] = "<ü+\"" },
    };

    [Fact]
    public void An_id_says_what_when_and_with_which_seed()
    {
        Assert.Equal(Id, RunIds.New("simple-spread", "mappo", 1, new StoppedClock()));
        Assert.True(RunIds.IsValid(Id));
        string[] invalid = ["", "A", "a_b", "-a", "a-", "a--b", "a/b", "..", "a\n", new string('a', 129)];
        Assert.All(invalid, id => Assert.False(RunIds.IsValid(id)));
        Assert.Throws<ArgumentException>(() => RunIds.New("../x", "mappo", 1, new StoppedClock()));
    }

    /// <summary>The clock stands at the beginning of second 17:32:05.</summary>
    [Theory]
    [InlineData(Id, 1)]
    [InlineData(Id + "-2", 1)]
    [InlineData("simple-spread-mappo-s1-20261122-173204", 0)]
    [InlineData("simple-spread-mappo-s1-20261122-173206", 0)]
    [InlineData("a-99999999-999999", 0)]
    [InlineData("my-run", 0)]
    public void An_id_is_taken_until_its_second_is_past(string id, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RunIds.UntilPast(id, new StoppedClock()));

    [Fact]
    public void A_run_is_opened_by_id_and_by_path()
    {
        var created = RunFolder.Create(Runs, Specification());
        Assert.Equal(Path.Combine(Runs, Id), created.Path);
        Assert.Equal(["run.json"], Directory.GetFiles(created.Path).Select(Path.GetFileName));
        foreach (var opened in (RunFolder[])[RunFolder.Open(Id, Runs), RunFolder.Open(created.Path, "elsewhere")])
        {
            Assert.Equal(created.Path, opened.Path);
            Assert.Equal(created.Specification.ToJson(), opened.Specification.ToJson());
            Assert.Equal(Path.Combine(Runs, Id, "state.db"), opened.DatabasePath);
            Assert.Equal(Path.Combine(Runs, Id, "metrics.jsonl"), opened.MetricsPath);
            Assert.Equal(Path.Combine(Runs, Id, "summary.json"), opened.SummaryPath);
            Assert.Equal(Path.Combine(Runs, Id, "checkpoints"), opened.CheckpointsPath);
        }
    }

    [Fact]
    public void The_checksum_is_that_of_the_canonical_text()
    {
        var json = File.ReadAllText(Path.Combine(RunFolder.Create(Runs, Specification()).Path, "run.json"));
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Specification().ToJson()));
        Assert.Contains($"\"sha256\": \"{Convert.ToHexStringLower(hash)}\"", json, StringComparison.Ordinal);
        Assert.Contains("\n  \"format\": 2,\n", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_folder_that_moves_is_the_same_run()
    {
        var created = RunFolder.Create(Runs, Specification());
        Directory.Move(created.Path, folder.File("Moved here"));
        Assert.Equal(Id, RunFolder.Open(folder.File("Moved here"), Runs).Specification.Run);
    }

    [Fact]
    public async Task Runs_that_start_in_the_same_second_get_folders_of_their_own()
    {
        const int count = 24;
        using var start = new Barrier(8);
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return Enumerable.Range(0, count / 8).Select(_ => RunFolder.Create(Runs, Specification())).ToArray();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var ids = created.SelectMany(runs => runs).Select(run => run.Specification.Run).ToHashSet();
        Assert.Equal(Enumerable.Range(1, count).Select(n => n == 1 ? Id : $"{Id}-{n}").ToHashSet(), ids);
        Assert.All(ids, id => Assert.Equal(id, RunFolder.Open(id, Runs).Specification.Run));
        Assert.Equal(count, Directory.GetFileSystemEntries(Runs).Length);
    }

    [Fact]
    public void A_missing_run_names_the_nearest()
    {
        AssertRefused("nope", "nor any other run");
        string[] present = ["lbf-iql-s1", "lbf-vdn-s1", "lbf-iql-s2", "rware-coma-s9"];
        foreach (var id in present) RunFolder.Create(Runs, Specification(id));
        AssertRefused("lbf-iql-s3", "the nearest are lbf-iql-s1, lbf-iql-s2.");
        AssertRefused(Path.Combine(Runs, "lbf-iql-s3") + "/", "the nearest are lbf-iql-s1, lbf-iql-s2.");
    }

    [Fact]
    public void A_damaged_file_is_named_with_the_remedy()
    {
        var run = RunFolder.Create(Runs, Specification());
        var path = Path.Combine(run.Path, "run.json");
        var text = File.ReadAllText(path);
        string Edited(string from, string to) => text.Replace(from, to, StringComparison.Ordinal);
        foreach (var (damaged, what) in ((string, string)[])[
            ("", "truncated or damaged"),
            (text[..^20], "truncated or damaged"),
            ("[1]", "not a JSON object"),
            ("{}", "no number 'format'"),
            (Edited("\"copies\": 8", "\"copies\": 9"), "does not match its checksum: it was edited"),
            (Edited("\"copies\"", "\"more\": 1, \"copies\""), "does not match its checksum"),
            (Edited("\"sha256\"", "\"sha255\""), "does not match its checksum"),
            (Edited("\"copies\": 8", "\"copies\": 8, \"copies\": 8"), "truncated or damaged"),
            (text + new string(' ', 1 << 20), "the limit is"),
            (Edited("\"format\": 2", "\"format\": 3"), "newer version (format 3); this program reads format 2"),
            (Edited("\"format\": 2", "\"format\": 1"), "older version (format 1); this program reads format 2")])
        {
            Assert.NotEqual(text, damaged);
            File.WriteAllText(path, damaged);
            Assert.Contains(path, AssertRefused(Id, what).Message, StringComparison.Ordinal);
        }

        File.Delete(path);
        AssertRefused(Id, "has no run.json");
    }

    [Fact]
    public void White_space_is_no_edit()
    {
        var run = RunFolder.Create(Runs, Specification());
        var path = Path.Combine(run.Path, "run.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\n", "\r\n ", StringComparison.Ordinal));
        Assert.Equal(run.Specification.ToJson(), RunFolder.Open(Id, Runs).Specification.ToJson());
    }

    [Fact]
    public void The_list_has_damaged_runs_and_no_foreign_folders()
    {
        Assert.Empty(RunFolder.List(Runs));
        RunFolder.Create(Runs, Specification("b-1"));
        File.WriteAllText(Path.Combine(RunFolder.Create(Runs, Specification("a-1")).Path, "run.json"), "{");
        Directory.CreateDirectory(Path.Combine(Runs, "c-lost", "checkpoints"));
        Directory.CreateDirectory(Path.Combine(Runs, "photos"));
        Directory.CreateDirectory(Path.Combine(Runs, ".b-1.xyz", "checkpoints"));
        var list = RunFolder.List(Runs);
        Assert.Equal(["a-1", "b-1", "c-lost"], list.Select(entry => entry.Name));
        Assert.Equal([false, true, false], list.Select(entry => entry.Folder is not null));
        Assert.Contains("truncated", list[0].Error!.Message, StringComparison.Ordinal);
        Assert.Null(list[1].Error);
        Assert.Contains("has no run.json", list[2].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_made_is_said()
    {
        File.WriteAllText(Runs, "a file where the folder should be");
        var error = Assert.Throws<RunFolderException>(() => RunFolder.Create(Runs, Specification()));
        Assert.Contains(Runs, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RunFolder.Create(Runs, Specification("../up")));
    }

    private RunFolderException AssertRefused(string pathOrId, string message)
    {
        var error = Assert.Throws<RunFolderException>(() => RunFolder.Open(pathOrId, Runs));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
