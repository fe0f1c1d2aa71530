namespace Madrl.Learning;

/// <summary>
/// The threads a learner computes on: the calling one and N-1 of its own. Work comes as numbered tasks whose split does
/// not depend on N, and whoever combines their results does so in the order of their numbers, so N never changes a bit.
/// </summary>
public sealed class LearnerThreads : IDisposable
{
    /// <summary>Most threads that a learner uses: the parts that its sums over a batch are cut into.</summary>
    public const int Most = 4;

    /// <summary>One thread, the calling one, for whoever has none of its own.</summary>
    internal static readonly LearnerThreads Alone = new(1);

    /// <summary>
    /// Looks at whether there is something to do, each some ten nanoseconds, before a thread goes to sleep: within an update the
    /// next task is nearer than a wake-up takes, above all on a virtual machine.
    /// </summary>
    private const int Looks = 50_000;

    /// <summary>Fewer rows are done before a sleeping thread is awake.</summary>
    private const int RowsWorthWaking = 256;

    private readonly Thread[] _helpers;
    private readonly SemaphoreSlim[] _wake;
    private readonly SemaphoreSlim _done = new(0);
    private Action<int>? _work;
    private int _tasks;
    private int _working;
    private Exception? _failure;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Threads, the calling one included: 1 to <see cref="Most"/>.</param>
    public LearnerThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        Count = count;
        _wake = [.. Enumerable.Range(0, count - 1).Select(_ => new SemaphoreSlim(0))];
        _helpers = [.. _wake.Select((wake, index) => new Thread(() => Help(wake, index + 1)) { IsBackground = true, Name = $"learner-{index + 1}" })];
        foreach (var helper in _helpers) helper.Start();
    }

    /// <summary>Threads, the calling one included.</summary>
    public int Count { get; }

    /// <summary>Runs <paramref name="work"/> for every task in [0, <paramref name="tasks"/>) and returns when all are done. Not re-entrant.</summary>
    /// <param name="tasks">Number of tasks, which must not depend on that of the threads.</param>
    /// <param name="rows">Rows of a batch that the tasks go over together: few are not worth a second thread.</param>
    /// <param name="work">Does a task.</param>
    /// <exception cref="AggregateException">A task failed on one of several threads; holds the first failure.</exception>
    public void Run(int tasks, long rows, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var helpers = rows < RowsWorthWaking ? 0 : Math.Min(_helpers.Length, tasks - 1);
        if (helpers <= 0)
        {
            for (var task = 0; task < tasks; task++) work(task);
            return;
        }

        (_work, _tasks, _failure) = (work, tasks, null);
        _working = helpers;
        for (var helper = 0; helper < helpers; helper++) _wake[helper].Release();
        Share(0);

        // The last helper releases one token for each run and this takes it: nothing of a run is left over for the next.
        for (var look = 0; look < Looks && _done.CurrentCount == 0; look++) Thread.SpinWait(1);
        _done.Wait();
        if (_failure is not null) throw new AggregateException(_failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        foreach (var wake in _wake) wake.Release();
        foreach (var helper in _helpers) helper.Join();
        foreach (var wake in _wake) wake.Dispose();
        _done.Dispose();
    }

    private void Help(SemaphoreSlim wake, int index)
    {
        while (true)
        {
            for (var look = 0; look < Looks && wake.CurrentCount == 0; look++) Thread.SpinWait(1);
            wake.Wait();
            if (_disposed) return;
            Share(index);
            if (Interlocked.Decrement(ref _working) == 0) _done.Release();
        }
    }

    /// <summary>
    /// Each thread takes its own stretch of the tasks, the same in every pass over a batch: what it wrote forward lies in its
    /// core's cache when it comes back.
    /// </summary>
    private void Share(int index)
    {
        try
        {
            var threads = Math.Min(Count, _tasks);
            for (var task = _tasks * index / threads; task < _tasks * (index + 1) / threads; task++) _work!(task);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
        }
    }
}
