using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Terminal.Evaluation;

/// <summary>Reads the policies of a committed checkpoint.</summary>
internal static class CheckpointPolicies
{
    /// <summary>One policy per agent.</summary>
    /// <exception cref="CheckpointDamagedException">The file is not what was committed.</exception>
    public static async Task<IReadOnlyList<Policy>> ReadAsync(
        ICheckpointStore store, string run, Checkpoint checkpoint, int agents)
    {
        var file = checkpoint.Files.First(file => file.Name == LearnerRole.PolicyFile);
        var content = Safetensors.Read(await store.ReadAsync(run, checkpoint.Iteration, file, CancellationToken.None));
        var description = PolicyJson.FromJson(content.Metadata["policy"]);
        var shared = content.Tensors.Keys.All(name => name.StartsWith(PolicySet.SharedPrefix, StringComparison.Ordinal));
        return [.. Enumerable.Range(0, agents).Select(agent =>
        {
            var prefix = shared ? PolicySet.SharedPrefix : PolicySet.Prefix(agent);
            return new Policy(description, PolicyWeights.FromNamed(description, content.Tensors, prefix), agent);
        })];
    }
}
