using Madrl.Policies;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Roles;

/// <summary>Reads the policies of a committed checkpoint.</summary>
public static class CheckpointPolicies
{
    /// <summary>The policies of all agents.</summary>
    /// <param name="store">Where the checkpoint lies.</param>
    /// <param name="run">Id of the run.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="agents">Agents of the run's game.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CheckpointDamagedException">The file is not what was committed.</exception>
    public static async Task<PolicySet> ReadAsync(
        ICheckpointStore store, string run, Checkpoint checkpoint, int agents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var file = checkpoint.Files.First(file => file.Name == LearnerRole.PolicyFile);
        var content = Safetensors.Read(await store.ReadAsync(run, file, cancellationToken));
        return PolicySet.FromNamed(PolicyJson.FromJson(content.Metadata["policy"]), content.Tensors, agents);
    }
}
