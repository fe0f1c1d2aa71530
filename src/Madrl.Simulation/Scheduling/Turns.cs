namespace Madrl.Simulation.Scheduling;

/// <summary>
/// The turns of one activation: what its code awaits goes on here, one piece at a time and in order, when the scheduler
/// says so. Once it has crashed, nothing of it goes on.
/// </summary>
/// <param name="scheduler">Says whose turn it is.</param>
/// <param name="name">Whose turns these are.</param>
internal sealed class Turns(Scheduler scheduler, string name) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> _queue = [];
    private bool _waits;

    /// <summary>Whose turns these are.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it has not crashed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsAlive) return;
        _queue.Enqueue((d, state));
        if (_waits) return;
        _waits = true;
        scheduler.Add(this);
    }

    /// <summary>Queues a piece of work.</summary>
    public void Post(Action work) => Post(static state => ((Action)state!)(), work);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody waits in a simulation.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Does the next piece.</summary>
    public void RunNext()
    {
        var (work, state) = _queue.Dequeue();
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            work(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }

        if (_queue.Count == 0) StopWaiting();
    }

    /// <summary>Crashes: whatever was to go on here never does.</summary>
    public void Crash()
    {
        IsAlive = false;
        _queue.Clear();
        StopWaiting();
    }

    private void StopWaiting()
    {
        if (_waits) scheduler.Remove(this);
        _waits = false;
    }
}
