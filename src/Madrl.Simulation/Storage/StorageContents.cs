namespace Madrl.Simulation.Storage;

/// <summary>Everything that outlives a crash, and the way to it.</summary>
/// <param name="Disk">The way.</param>
/// <param name="States">The run's control state.</param>
/// <param name="Checkpoints">Its checkpoint files.</param>
/// <param name="Reports">Its metrics and summary.</param>
internal sealed record StorageContents(Disk Disk, RunStates States, CheckpointFiles Checkpoints, ReportFiles Reports);
