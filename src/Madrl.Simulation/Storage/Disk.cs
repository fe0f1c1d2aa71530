using Madrl.Protocols;
using Madrl.Simulation.Cluster;
using Madrl.Simulation.Faults;
using Madrl.Simulation.Scheduling;

namespace Madrl.Simulation.Storage;

/// <summary>
/// The way to storage: operations take time, fail, are done though reported as failed, or find nobody there. What a caller has
/// not seen acknowledged when it crashes may be done or not.
/// </summary>
internal sealed class Disk(Scheduler scheduler, Chance latency, FaultSource faults)
{
    private const double Shortest = 1e-4, Longest = 2e-3, LongestDelay = 20;

    /// <summary>Its clock.</summary>
    public Scheduler Scheduler => scheduler;

    /// <summary>Whether nobody answers at present.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>Reads.</summary>
    public Task<T> ReadAsync<T>(Party who, string what, Func<T> read) => new Operation<T>(this, who, what, read).BeginAsync(isWrite: false);

    /// <summary>Writes.</summary>
    /// <param name="who">Who writes.</param>
    /// <param name="what">What, for the log.</param>
    /// <param name="write">Does it.</param>
    /// <param name="tear">Does it in part, where that is possible.</param>
    public Task<T> WriteAsync<T>(Party who, string what, Func<T> write, Action? tear = null) =>
        new Operation<T>(this, who, what, write, tear).BeginAsync(isWrite: true);

    private sealed class Operation<T>(Disk disk, Party who, string what, Func<T> apply, Action? tear = null)
    {
        private readonly TaskCompletionSource<T> _done = new();

        public Task<T> BeginAsync(bool isWrite)
        {
            var (scheduler, faults) = (disk.Scheduler, disk.Faults);
            var delay = disk.Latency.Seconds(Shortest, Longest);
            if (faults.Fires(FaultKind.StorageDelayed, what)) delay += faults.Chance.Seconds(0.1, LongestDelay);
            if (faults.Fires(FaultKind.StorageFailedBefore, what)) scheduler.After(delay, what, () => Fail("did not take the request"));
            else if (isWrite && faults.Fires(FaultKind.StorageFailedAfter, what)) FailAfter(delay);
            else scheduler.After(delay, what, () => Do(isWrite));
            return _done.Task;
        }

        private void FailAfter(TimeSpan delay)
        {
            disk.Scheduler.After(delay, what, () => Fail("did not say what became of the request"));
            var late = disk.Faults.Chance.Happens(0.5) ? disk.Faults.Chance.Seconds(0, 5) : TimeSpan.Zero;
            disk.Scheduler.After(delay + late, what, () => Try(() => apply()));
        }

        private void Do(bool isWrite)
        {
            if (disk.IsUnreachable)
            {
                Fail("is unreachable");
                return;
            }

            if (isWrite && !who.Turns.IsAlive)
            {
                Leave();
                return;
            }

            T result;
            try
            {
                result = apply();
            }
            catch (Exception error)
            {
                Answer(() => _done.TrySetException(error));
                return;
            }

            Answer(() => _done.TrySetResult(result));
        }

        /// <summary>The writer crashed in the middle.</summary>
        private void Leave()
        {
            if (tear is not null && disk.Faults.Fires(FaultKind.FileTorn, what)) tear();
            else if (disk.Faults.Chance.Happens(0.5)) Try(() => apply());
        }

        private void Fail(string how) => Answer(() => _done.TrySetException(new StorageUnavailableException($"Storage {how}: {what}.")));

        private void Answer(Action give) => disk.Scheduler.After(disk.Latency.Seconds(Shortest, Longest), what, () => who.Turns.Post(give));

        private static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception error) when (error is StaleEpochException or IOException)
            {
                // Nobody is there who could be told.
            }
        }
    }

    private Chance Latency => latency;

    private FaultSource Faults => faults;
}
