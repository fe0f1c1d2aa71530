using System.Text.Json;
using Madrl.Protocols.Runs;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation.Checks;

/// <summary>What must hold of the stored control state and the checkpoints that it names, at every moment.</summary>
/// <param name="files">The checkpoint files.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class StateCheck(CheckpointFiles files, Findings findings)
{
    private readonly Dictionary<long, string> _writers = [];

    /// <summary>The state as it is stored now.</summary>
    public RunState Stored { get; private set; } = new();

    /// <summary>Whether the run has finished by it.</summary>
    public bool HasFinished => Stored.Phase == RunPhase.Finished;

    /// <summary>After a write was applied.</summary>
    public void Written(string? before, string after, string writer)
    {
        var old = before is null ? new RunState() : JsonSerializer.Deserialize<RunState>(before)!;
        Stored = JsonSerializer.Deserialize<RunState>(after)!;
        CheckEpoch(old.Epoch, writer);
        CheckCommitted(old);
        CheckFiles();
        if (Stored.Phase == RunPhase.Failed) findings.Fail($"The run gave up: {Stored.Error}");
    }

    /// <summary>Every file that the stored state names must be there as it was written, but for those that were damaged on purpose.</summary>
    public void CheckFiles()
    {
        foreach (var file in Stored.Checkpoints.SelectMany(checkpoint => checkpoint.Files))
        {
            if (!files.Holds(file) && !files.IsDamaged(file))
                findings.Fail($"The committed checkpoint file {file.Name} of epoch {file.Epoch}, iteration {file.Iteration} is lost.");
        }
    }

    private void CheckEpoch(long before, string writer)
    {
        if (Stored.Epoch < before) findings.Fail($"Epoch {Stored.Epoch} was written after epoch {before}.");
        if (!_writers.TryAdd(Stored.Epoch, writer) && _writers[Stored.Epoch] != writer)
            findings.Fail($"{_writers[Stored.Epoch]} and {writer} both write epoch {Stored.Epoch}.");
    }

    private void CheckCommitted(RunState old)
    {
        var (was, now) = (old.Checkpoints.LastOrDefault()?.Iteration ?? 0, Stored.Checkpoints.LastOrDefault()?.Iteration ?? 0);
        if (now < was && !files.AnyDamaged)
            findings.Fail($"The checkpoint of iteration {was} was committed, but the run went back to that of {now}.");
    }
}
