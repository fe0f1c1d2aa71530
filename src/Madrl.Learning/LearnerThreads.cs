namespace Madrl.Learning;

/// <summary>
/// The threads a learner computes on: the calling one and N-1 of its own. Work comes as numbered chunks whose split does
/// not depend on N, and whoever combines their results does so in the order of their numbers, so N never changes a bit.
/// </summary>
public sealed class LearnerThreads : IDisposable
{
    /// <summary>Most threads that a learner uses: the chunks that its minibatches are cut into.</summary>
    public const int Most = 4;

    private readonly Thread[] _helpers;
    private readonly SemaphoreSlim[] _wake;
    private readonly CountdownEvent _pending = new(1);
    private Action<int>? _work;
    private int _chunks;
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

    /// <summary>Runs <paramref name="work"/> for every chunk in [0, <paramref name="chunks"/>) and returns when all are done. Not re-entrant.</summary>
    /// <exception cref="AggregateException">A chunk failed; holds the first failure.</exception>
    public void Run(int chunks, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        (_work, _chunks, _failure) = (work, chunks, null);
        var helpers = Math.Min(_helpers.Length, chunks - 1);
        _pending.Reset(helpers + 1);
        for (var helper = 0; helper < helpers; helper++) _wake[helper].Release();
        Share(0);
        _pending.Signal();
        _pending.Wait();
        if (_failure is not null) throw new AggregateException(_failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        foreach (var wake in _wake) wake.Release();
        foreach (var helper in _helpers) helper.Join();
        foreach (var wake in _wake) wake.Dispose();
        _pending.Dispose();
    }

    private void Help(SemaphoreSlim wake, int index)
    {
        while (true)
        {
            wake.Wait();
            if (_disposed) return;
            Share(index);
            _pending.Signal();
        }
    }

    private void Share(int index)
    {
        try
        {
            for (var chunk = index; chunk < _chunks; chunk += Count) _work!(chunk);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
        }
    }
}
