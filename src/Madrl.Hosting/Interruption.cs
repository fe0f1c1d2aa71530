using System.Runtime.InteropServices;

namespace Madrl.Hosting;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks for an orderly end, the second ends the process at once. Alive from before the first
/// file is made until the process ends, so that a signal is never without an answer.
/// </summary>
public sealed class Interruption : IDisposable
{
    /// <summary>How a process ends that a signal ended, as shells report it.</summary>
    public const int ExitCode = 130;

    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    /// <summary>Begins to listen.</summary>
    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    /// <summary>Completes with the first signal.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Says the given line wherever the user looks.</summary>
    public Action<string> Notify { get; set; } = Console.Error.WriteLine;

    /// <summary>What the first signal does; null where that is done before it could be read.</summary>
    public string? Answer { get; set; } = "saving; press Ctrl-C again to stop at once";

    /// <summary>What is safe on disk, for the line of a second signal.</summary>
    public string Committed { get; set; } = "no checkpoint was taken";

    /// <summary>Done before the process ends at once.</summary>
    public Action Ending { get; set; } = () => { };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            if (Answer is not null) Notify(Answer);
            _requested.TrySetResult();
            return;
        }

        Ending();
        Console.Error.WriteLine($"stopped at once: {Committed}");

        // Not by Environment.Exit where it can be helped: libtorch's destructors would run under its computing threads.
        if (OperatingSystem.IsWindows()) Environment.Exit(ExitCode);
        else EndProcess(ExitCode);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void EndProcess(int exitCode);
}
