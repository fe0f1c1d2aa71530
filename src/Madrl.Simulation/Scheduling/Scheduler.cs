namespace Madrl.Simulation.Scheduling;

/// <summary>
/// Decides what happens next, on a single thread: as long as anybody has a turn to take, one of them takes it; when all wait,
/// time goes on to the next event. The same seed gives the same decisions.
/// </summary>
/// <param name="order">Draws whose turn it is.</param>
/// <param name="log">Takes every decision.</param>
internal sealed class Scheduler(Chance order, DecisionLog log)
{
    private readonly List<Turns> _ready = [];
    private readonly PriorityQueue<(string What, Action Work), (long Ticks, long Number)> _events = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _scheduled;

    /// <summary>Time since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Takes decisions that others make.</summary>
    public void Record(string what, string whom, long number = 0) => log.Record(Now, what, whom, number);

    /// <summary>Lets something happen after a time, nobody's turn.</summary>
    public void After(TimeSpan delay, string what, Action work) => _events.Enqueue((what, work), ((Now + delay).Ticks, _scheduled++));

    /// <summary>Completes after a time, as a turn of whoever asks.</summary>
    public Task PauseAsync(TimeSpan delay)
    {
        var turns = (Turns)SynchronizationContext.Current!;
        var elapsed = new TaskCompletionSource();
        After(delay, turns.Name, () => turns.Post(() => elapsed.TrySetResult()));
        return elapsed.Task;
    }

    /// <summary>Makes the next step.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step()
    {
        if (_ready.Count > 0) Turn();
        else if (_events.TryDequeue(out var next, out var due)) Happen(next, due.Ticks);
        else return false;
        return true;
    }

    /// <summary>Somebody has a turn to take.</summary>
    /// <exception cref="InvalidOperationException">Another thread says so: something has left its turn, and no replay would be the same.</exception>
    public void Add(Turns turns)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException($"{turns.Name} goes on on a thread of its own.");
        _ready.Add(turns);
    }

    /// <summary>Somebody will take no turn any more.</summary>
    public void Remove(Turns turns) => _ready.Remove(turns);

    private void Turn()
    {
        var turns = _ready[order.Below(_ready.Count)];
        Record("turn", turns.Name);
        turns.RunNext();
    }

    private void Happen((string What, Action Work) next, long ticks)
    {
        Now = TimeSpan.FromTicks(ticks);
        Record("event", next.What);
        next.Work();
    }
}
