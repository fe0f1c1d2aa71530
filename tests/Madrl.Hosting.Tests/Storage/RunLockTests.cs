using Madrl.Hosting.Storage;

namespace Madrl.Hosting.Tests.Storage;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RunFolder run;

    public RunLockTests() => run = RunFolder.Create(folder.Path, RunFolderTests.Specification());

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_second_owner_in_the_same_process_is_refused()
    {
        using (RunLock.Acquire(run)) AssertInUse(Environment.ProcessId);
        var again = RunLock.Acquire(run);
        again.Dispose();
        again.Dispose();
        Assert.False(File.Exists(Path.Combine(run.Path, "run.pid")));
    }

    [Fact]
    public async Task A_killed_process_lets_go()
    {
        using var child = new ChildProcess("lock", run.Path);
        Assert.Equal("locked", await child.Output.ReadLineAsync());
        AssertInUse(child.Id);
        await child.KillAsync(null);
        using (RunLock.Acquire(run)) AssertInUse(Environment.ProcessId);
    }

    [Fact]
    public async Task Another_process_is_refused()
    {
        using var mine = RunLock.Acquire(run);
        using var child = new ChildProcess("lock", run.Path);
        var error = await child.Error.ReadToEndAsync();
        Assert.Contains($"is in use by another process (pid {Environment.ProcessId})", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_gone_is_no_folder_in_use()
    {
        Directory.Delete(run.Path, recursive: true);
        var error = Assert.Throws<RunFolderException>(() => RunLock.Acquire(run));
        Assert.Contains("cannot be locked", error.Message, StringComparison.Ordinal);
    }

    private void AssertInUse(int owner)
    {
        var error = Assert.Throws<RunFolderException>(() => RunLock.Acquire(run));
        var message = $"Run {run.Specification.Run} is in use by another process (pid {owner})";
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
