using System.Collections.Concurrent;

namespace Madrl.Cluster.Tests;

/// <summary>
/// Where the grains of a cluster and its test meet: phases that one side reaches and the other waits for, and notes of what
/// happened. The silos of a test cluster share the process, so they share this object.
/// </summary>
public sealed class Stage
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _phases = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _notes = new();

    /// <summary>Says that a phase is reached; whoever waits for it goes on.</summary>
    public void Reach(string phase) => Phase(phase).TrySetResult();

    /// <summary>Waits until a phase is reached, at most <see cref="Limits.Hang"/>.</summary>
    public async Task WaitAsync(string phase)
    {
        try
        {
            await Phase(phase).Task.WaitAsync(Limits.Hang);
        }
        catch (TimeoutException)
        {
            // Not a TimeoutException: that one is a subject of the tests.
            throw new HangException(phase);
        }
    }

    /// <summary>Reaches a phase <c>in/name</c> and waits for <c>out/name</c>.</summary>
    public Task HoldAsync(string name)
    {
        Reach($"in/{name}");
        return WaitAsync($"out/{name}");
    }

    public Task EnteredAsync(string name) => WaitAsync($"in/{name}");

    public void Release(string name) => Reach($"out/{name}");

    public void Note(string key, string text) => _notes.GetOrAdd(key, _ => new()).Enqueue(text);

    public string[] Notes(string key) => [.. _notes.GetValueOrDefault(key) ?? []];

    private TaskCompletionSource Phase(string name) =>
        _phases.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>A phase was not reached in time: evidence that is missing, not a cause.</summary>
public sealed class HangException(string phase) : Exception($"Phase '{phase}' was not reached within {Limits.Hang}.");

internal static class Limits
{
    /// <summary>After this a test hangs rather than works.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(25);

    public static async Task<T> SoonAsync<T>(this Task<T> task)
    {
        await ((Task)task).SoonAsync();
        return await task;
    }

    public static async Task SoonAsync(this Task task)
    {
        if (await Task.WhenAny(task, Task.Run(() => new TaskCompletionSource().Task.WaitAsync(Hang))) != task)
            throw new HangException("the call's end");
        await task;
    }
}
