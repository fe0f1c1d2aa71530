using System.Collections.Concurrent;
using Madrl.Grains.Abstractions;

namespace Madrl.Grains.Tests;

/// <summary>Sees every call that this program's grains receive; may delay it or let it fail.</summary>
internal sealed class Probe : IIncomingGrainCallFilter
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _teamCalls;

    /// <summary>Completes when a run has ended: it closes its learner last, whatever became of it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Calls so far by class and method.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>Runs before a call, with its name and its number among the calls of that name, from 1.</summary>
    public Func<string, int, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Number of the call to the run's team that fails, from 1 in order of arrival; 0 for none.</summary>
    public int FailingCall { get; set; }

    /// <summary>Calls that the run's team received.</summary>
    public int TeamCalls => _teamCalls;

    /// <summary>Whether it looks away, so that it costs nothing.</summary>
    public bool IsIdle { get; set; }

    public Task Invoke(IIncomingGrainCallContext context) =>
        IsIdle || context.Grain.GetType().Assembly != typeof(RunGrain).Assembly ? context.Invoke() : WatchAsync(context);

    private async Task WatchAsync(IIncomingGrainCallContext context)
    {
        var name = $"{context.Grain.GetType().Name}.{context.MethodName}";
        var number = Calls.AddOrUpdate(name, 1, (_, count) => count + 1);
        try
        {
            if (context.Grain is not IRunGrain && Interlocked.Increment(ref _teamCalls) == FailingCall)
                throw new InvalidOperationException($"{name} was made to fail.");
            await Before(name, number);
            await context.Invoke();
        }
        finally
        {
            if (name == "LearnerGrain.Close") _ended.TrySetResult();
        }
    }
}
