using Madrl.Simulation.Cluster;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation.Faults;

/// <summary>Brings about the faults that can strike between any two steps: crashes, splits, outages, strangers.</summary>
internal sealed class Disturber
{
    private readonly SimulatedCluster _cluster;
    private readonly StorageContents _storage;
    private readonly FaultSource _faults;
    private readonly Operator _operator;
    private readonly (FaultKind Kind, Action Strike)[] _kinds;
    private readonly long[] _due;
    private long _steps;

    public Disturber(SimulatedCluster cluster, StorageContents storage, FaultSource faults, Operator theOperator)
    {
        (_cluster, _storage, _faults, _operator) = (cluster, storage, faults, theOperator);
        _kinds =
        [
            (FaultKind.RoleCrashed, CrashRole), (FaultKind.SiloCrashed, CrashSilo), (FaultKind.EverythingCrashed, CrashEverything),
            (FaultKind.RoleSplit, SplitRole), (FaultKind.SiloSplit, SplitSilo), (FaultKind.StorageUnreachable, CutStorage),
            (FaultKind.ETagConflict, TouchState), (FaultKind.RunStopped, StopRun),
        ];
        _due = [.. _kinds.Select(kind => faults.StepsUntil(kind.Kind))];
    }

    /// <summary>Called between two steps.</summary>
    public void Step()
    {
        if (!_faults.IsOn) return;
        _steps++;
        for (var kind = 0; kind < _kinds.Length; kind++)
        {
            if (_steps < _due[kind]) continue;
            _kinds[kind].Strike();
            _due[kind] = _steps + _faults.StepsUntil(_kinds[kind].Kind);
        }
    }

    /// <summary>Ends whatever lasts.</summary>
    public void Heal()
    {
        _storage.Disk.IsUnreachable = false;
        foreach (var silo in _cluster.Up.Where(silo => silo.IsKnownDead)) Crash(silo, noticed: TimeSpan.Zero);
        foreach (var activation in _cluster.Directory.All.ToArray()) _cluster.Directory.EndSplit(activation.Key);
    }

    private void CrashRole()
    {
        if (Any([.. _cluster.Directory.All.Where(activation => activation.Silo.IsUp)]) is not { } activation) return;
        _faults.Count(FaultKind.RoleCrashed, activation.Name);
        if (activation.Key.Kind == RoleKind.Metrics) _storage.Reports.Crash(_faults.Chance);
        _cluster.Crash(activation);
    }

    private void CrashSilo()
    {
        if (Any(_cluster.Up) is not { } silo) return;
        _faults.Count(FaultKind.SiloCrashed, silo.Name);
        Crash(silo, noticed: _faults.Chance.Seconds(0.5, 15));
    }

    private void CrashEverything()
    {
        if (_cluster.Up is not { Length: > 0 } silos) return;
        _faults.Count(FaultKind.EverythingCrashed, "everything");
        foreach (var silo in silos) Crash(silo, noticed: TimeSpan.Zero);
        if (_storage.Checkpoints.Names is not { Count: > 0 } names || !_faults.Fires(FaultKind.FileDamaged, "file")) return;
        _storage.Checkpoints.Damage(names.ElementAt(_faults.Chance.Below(names.Count)));
    }

    private void Crash(Silo silo, TimeSpan noticed)
    {
        if (silo.Activations.Any(activation => activation.Key.Kind == RoleKind.Metrics)) _storage.Reports.Crash(_faults.Chance);
        _cluster.Crash(silo, noticed, replaced: _faults.Chance.Seconds(1, 30));
    }

    private void SplitRole()
    {
        // The run's own split is the one that matters most.
        Activation[] up = [.. _cluster.Directory.All.Where(activation => activation.Silo.IsUp)];
        Activation[] runs = [.. up.Where(activation => activation.Key.Kind == RoleKind.Run)];
        if (Any(_faults.Chance.Happens(0.4) ? runs : up) is not { } activation) return;
        _faults.Count(FaultKind.RoleSplit, activation.Name);
        _cluster.Directory.Split(activation, [activation.Silo, .. _cluster.Up.Where(_ => _faults.Chance.Happens(0.3))]);
        _cluster.Scheduler.After(_faults.Chance.Seconds(0.01, 60), activation.Name, () => _cluster.Directory.EndSplit(activation.Key));
    }

    private void SplitSilo()
    {
        if (Any([.. _cluster.Up.Where(silo => !silo.IsKnownDead)]) is not { } silo) return;
        _faults.Count(FaultKind.SiloSplit, silo.Name);
        _cluster.Isolate(silo);

        // Once it learns that it counts as dead, it ends.
        _cluster.Scheduler.After(_faults.Chance.Seconds(0.01, 60), silo.Name, () =>
        {
            if (silo.IsUp) Crash(silo, noticed: TimeSpan.Zero);
        });
    }

    private void CutStorage()
    {
        _faults.Count(FaultKind.StorageUnreachable, "storage");
        _storage.Disk.IsUnreachable = true;
        _cluster.Scheduler.After(_faults.Chance.Seconds(0.1, 60), "storage", () => _storage.Disk.IsUnreachable = false);
    }

    private void TouchState()
    {
        _faults.Count(FaultKind.ETagConflict, "state");
        _storage.States.Touch();
    }

    private void StopRun()
    {
        _faults.Count(FaultKind.RunStopped, "run");
        _operator.Stop(_faults.Chance.Seconds(0.01, 60));
    }

    private T? Any<T>(T[] choices)
        where T : class => choices.Length == 0 ? null : choices[_faults.Chance.Below(choices.Length)];
}
