namespace Madrl.Simulation.Faults;

/// <summary>What can go wrong in a simulation.</summary>
public enum FaultKind : byte
{
    /// <summary>A message takes seconds, perhaps longer than its caller waits.</summary>
    MessageDelayed,

    /// <summary>A message arrives after later ones.</summary>
    MessageReordered,

    /// <summary>A request never arrives.</summary>
    RequestDropped,

    /// <summary>A request is done, but its answer never arrives.</summary>
    ResponseDropped,

    /// <summary>A request arrives twice.</summary>
    RequestDuplicated,

    /// <summary>An activation is gone with everything that it had in memory.</summary>
    RoleCrashed,

    /// <summary>A silo is gone; the others learn of it later.</summary>
    SiloCrashed,

    /// <summary>All silos are gone at once.</summary>
    EverythingCrashed,

    /// <summary>A role has two activations, and some silos see the one, some the other.</summary>
    RoleSplit,

    /// <summary>All roles of a silo have a second activation elsewhere: it is taken for dead, but goes on.</summary>
    SiloSplit,

    /// <summary>A read or a write of storage fails; nothing was done.</summary>
    StorageFailedBefore,

    /// <summary>A write is reported as failed, but is done, perhaps only later.</summary>
    StorageFailedAfter,

    /// <summary>Storage takes seconds.</summary>
    StorageDelayed,

    /// <summary>Storage does not answer for a while.</summary>
    StorageUnreachable,

    /// <summary>A checkpoint file that was being written in a crash is there in part.</summary>
    FileTorn,

    /// <summary>A checkpoint file that had been written turns out damaged after everything crashed.</summary>
    FileDamaged,

    /// <summary>Somebody else writes the run's state.</summary>
    ETagConflict,

    /// <summary>Somebody stops the run, and resumes it later.</summary>
    RunStopped,
}
