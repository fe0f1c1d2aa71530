using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>Replay roles without grains.</summary>
internal sealed class ReplayShardsInMemory(IReadOnlyList<ReplayRole> shards) : IReplayShards
{
    public Task<Rollout> GatherAsync(Ticket ticket, int shard, ReplayPick[] picks) => Task.FromResult(shards[shard].Gather(picks));
}

/// <summary>For learners that learn from rollouts.</summary>
internal sealed class NoReplay : IReplayShards
{
    public static readonly NoReplay Instance = new();

    public Task<Rollout> GatherAsync(Ticket ticket, int shard, ReplayPick[] picks) => throw new NotSupportedException("There is no replay.");
}
