namespace Madrl.Clustering.Tests;

/// <summary>Waits for what another process or silo does in its own time.</summary>
internal static class Soon
{
    /// <summary>Long enough for any machine: it only keeps a test that hangs from hanging for ever.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task IsAsync(Func<Task<bool>> question)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await question()) await Task.Delay(Pause, limit.Token);
    }
}
