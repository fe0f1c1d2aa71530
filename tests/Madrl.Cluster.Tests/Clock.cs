using Microsoft.Extensions.Time.Testing;

namespace Madrl.Cluster.Tests;

/// <summary>A clock that the test moves, and that tells when a timer has been set for a given time ahead.</summary>
public sealed class Clock : FakeTimeProvider
{
    private readonly Dictionary<TimeSpan, Queue<TaskCompletionSource>> _waiting = [];
    private readonly Dictionary<TimeSpan, int> _set = [];
    private TaskCompletionSource _next = New();

    /// <summary>Moves on by steps, each when some timer has been set after the step before, until something has happened.</summary>
    public async Task AdvanceUntilAsync(Task happened, TimeSpan step)
    {
        while (!happened.IsCompleted)
        {
            Task next;
            lock (_set) next = _next.Task;
            Advance(step);
            await Task.WhenAny(happened, next).SoonAsync();
        }

        await happened;
    }

    /// <summary>Completes when a timer is set for so long from now; each setting serves one waiter, early or late.</summary>
    public Task SetForAsync(TimeSpan due)
    {
        lock (_set)
        {
            var count = _set.GetValueOrDefault(due);
            if (count > 0)
            {
                _set[due] = count - 1;
                return Task.CompletedTask;
            }

            if (!_waiting.TryGetValue(due, out var waiters)) _waiting[due] = waiters = new();
            var waiter = New();
            waiters.Enqueue(waiter);
            return waiter.Task.SoonAsync();
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, base.CreateTimer(callback, state, dueTime, period));
        Tell(dueTime);
        return timer;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tell(TimeSpan due)
    {
        if (due <= TimeSpan.Zero) return;
        lock (_set)
        {
            _next.SetResult();
            _next = New();
            if (_waiting.TryGetValue(due, out var waiters) && waiters.TryDequeue(out var waiter)) waiter.SetResult();
            else _set[due] = _set.GetValueOrDefault(due) + 1;
        }
    }

    private sealed class WatchedTimer(Clock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            if (changed) clock.Tell(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
