namespace Madrl.EndToEnd.Tests;

/// <summary>A wrong command line: exit code 2, one line that says what is valid, and nothing made.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("train simple-sprad", "did you mean simple-spread?")]
    [InlineData("train simple-spread --algorithm mapo", "did you mean mappo")]
    [InlineData("train simple-spread --stps 5", "did you mean --steps")]
    [InlineData("train simple-spread --assmbly My.dll", "did you mean --assembly?")]
    [InlineData("train simple-spread --set agnts=3", "did you mean agents?")]
    [InlineData("train simple-spread --set agents=300", "it takes a whole number from 1 to 128")]
    [InlineData("train simple-spread --set learning-rate=fast", "is not a value of learning-rate")]
    [InlineData("train simple-spread --set actions=soft", "actions=soft belongs to rules openai")]
    [InlineData("train simple-spread --set agents", "it takes name=value")]
    [InlineData("train simple-spread --rules mpe", "did you mean mpe2?")]
    [InlineData("train matrix --set game=@no-such.json", "--set game=@no-such.json: Could not find file ")]
    [InlineData("train matrix --set game=@no-folder/game.json", "--set game=@no-folder/game.json: Could not find a part of the path ")]
    [InlineData("train matrix --set game=@.", "--set game=@.: ")]
    [InlineData("train matrix --set game=@", "--set game=@ names no file: it takes game=@FILE.")]
    [InlineData("train matrix --set game=@/dev/zero", "--set game=@/dev/zero: the file has more than 262,144 bytes.")]
    [InlineData("train simple-spread --steps many", "'many' is not a value of --steps")]
    [InlineData("train simple-spread --steps 0", "from 1 to")]
    [InlineData("train simple-spread --copies 65537", "from 1 to 65536")]
    [InlineData("train simple-spread --shards 5 --copies 4", "every shard needs a copy")]
    [InlineData("train simple-spread --device gpu", "'gpu' is not a device: it is cpu, or cuda:N such as cuda:0.")]
    [InlineData("train simple-spread --device cuda:99", "cuda:99 is not available: ")]
    [InlineData("train simple-spread --device cpu --silo 127.0.0.1:1", "a silo computes on what it was started with (--accelerators)")]
    [InlineData("train", "train needs one TASK")]
    [InlineData("train simple-spread --out file", "'file' is a file")]
    [InlineData("trian simple-spread", "did you mean train?")]
    [InlineData("list task", "did you mean tasks?")]
    [InlineData("resume no-such-run", "There is no run 'no-such-run'")]
    [InlineData("evaluate no-such-run", "There is no run 'no-such-run'")]
    [InlineData("evaluate no-such-run --checkpoint bst", "did you mean best")]
    [InlineData("evaluate no-such-run --policies file --checkpoint best", "--policies and --checkpoint exclude each other")]
    [InlineData("export no-such-run --onnx", "There is no run 'no-such-run'")]
    [InlineData("export no-such-run", "Name what to write: --onnx, --safetensors or both")]
    [InlineData("export no-such-run --onx", "did you mean --onnx")]
    [InlineData("play simple-sprad", "did you mean simple-spread?")]
    [InlineData("play simple-spread --policy scriptd", "'scriptd' is not a value of --policy: did you mean scripted?")]
    [InlineData("play simple-spread --policy no-such-run", "'no-such-run' is not a value of --policy: it takes scripted, random or a run. There is no run 'no-such-run'")]
    [InlineData("play simple-spread --policy random --checkpoint best", "--checkpoint and --out belong to the policies of a run")]
    [InlineData("play simple-spread --set agnts=3", "did you mean agents?")]
    [InlineData("play simple-spread --rules mpe", "did you mean mpe2?")]
    [InlineData("play matrix --set game=@no-such.json", "--set game=@no-such.json: Could not find file ")]
    [InlineData("play simple-spread --episodes 0", "'0' is not a value of --episodes: it takes a whole number from 1 to 1000")]
    [InlineData("play simple-spread --svg no-folder/film.svg", "'no-folder/film.svg' is not a value of --svg: there is no folder")]
    [InlineData("play simple-spread --svg .", "'.' is not a value of --svg: it is a folder")]
    [InlineData("play simple-spread --svg /dev/null", "'/dev/null' is not a value of --svg: it is no ordinary file")]
    [InlineData("play simple-spread --svg ", "--svg needs a value: --svg FILE.")]
    [InlineData("play simple-spread --policy ", "--policy needs a value: --policy RUN|random|scripted.")]
    [InlineData("list tasks simple-sprad", "did you mean simple-spread?")]
    [InlineData("simulate --seeds 5..1", "it takes A..B")]
    [InlineData("simulate --scenario mapo", "did you mean mappo")]
    [InlineData("simulate --log file", "--log is for a single seed")]
    [InlineData("bench learner --only mapo-epoch", "did you mean mappo-epoch")]
    [InlineData("bench learner --rounds 0", "from 1 to 100")]
    [InlineData("bench learner --peer no-such-python", "'no-such-python' cannot be started")]
    [InlineData("bench environments --only simpel", "There is no task 'simpel': did you mean simple?")]
    [InlineData("bench environments --only simple --rules mpe", "did you mean mpe2?")]
    [InlineData("bench environments --only simple --set agnts=3", "There is no option of simple 'agnts'")]
    [InlineData("bench environments --rules openai", "--rules and --set belong to one task: name it by --only.")]
    [InlineData("bench environments --set agents=3", "--rules and --set belong to one task: name it by --only.")]
    [InlineData("bench environments --only simple --rounds 0", "from 1 to 100")]
    [InlineData("bench environments --only matrix --set game=@no-such.json", "--set game=@no-such.json: Could not find file ")]
    [InlineData("bench environments --only simple --peer no-such-python", "'no-such-python' cannot be started")]
    public async Task IsOneClearLine(string line, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_work.Folder, "file"), "");

        var outcome = await _work.RunAsync([.. line.Split(' '), "--json"]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        var error = Workplace.Json(Assert.Single(outcome.Output));
        Assert.Equal(("error", null, 2), ((string?)error["type"], (string?)error["run"], (int)error["exitCode"]!));
        Assert.Contains(expected, (string?)error["message"], StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.Runs));
    }
}
