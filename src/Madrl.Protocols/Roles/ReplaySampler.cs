using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Roles;

/// <summary>Draws the batches of an off-policy learner and gathers them from the shards, in the order of the draws.</summary>
internal sealed class ReplaySampler
{
    private const string LengthsName = "replay.lengths";

    private readonly RunSpecification _run;
    private readonly GameSpec _game;
    private readonly ReplayDescription _replay;
    private readonly Func<int, IReplayMember> _shards;
    private readonly ReplaySchedule _schedule;
    private readonly ReplayIndex _index;
    private readonly int _mostPicks;

    public ReplaySampler(RunSpecification run, GameSpec game, ReplayDescription replay, Func<int, IReplayMember> shards)
    {
        (_run, _game, _replay, _shards) = (run, game, replay, shards);
        _schedule = new ReplaySchedule(replay, run.Copies, game.EpisodeLimit);
        _index = new ReplayIndex(replay, run.Seed, run.Copies, game.EpisodeLimit);
        _mostPicks = replay.WholeEpisodes ? MessageLimit.Episodes(game) : MessageLimit.Transitions(game);
    }

    /// <summary>The updates that are due after an iteration.</summary>
    public (long First, int Count) Updates(long iteration) => _schedule.Updates(iteration);

    /// <summary>Adds the episodes that a shard stored.</summary>
    public void Add(long iteration, int shard, ReadOnlySpan<int> lengths) =>
        _index.Add(iteration, Sharding.Range(_run.Copies, _run.Shards, shard).First, lengths);

    /// <summary>The batch of one update.</summary>
    public async Task<Rollout> GatherAsync(Ticket ticket, long update)
    {
        var picks = new ReplayPick[_replay.Batch];
        _index.Draw(update, ticket.Iteration, picks);
        var questions = Enumerable.Range(0, picks.Length).GroupBy(row => ShardOf(picks[row].Copy))
            .SelectMany(group => group.Chunk(_mostPicks), (group, rows) => (Shard: group.Key, Rows: rows)).ToArray();
        var parts = await Task.WhenAll(questions.Select(question =>
            _shards(question.Shard).GatherAsync(ticket, [.. question.Rows.Select(row => picks[row])])));
        if (parts.Length == 1) return parts[0];

        var batch = new Rollout(_game, picks.Length, parts[0].Steps, _replay.KeepsStates);
        foreach (var (question, part) in questions.Zip(parts))
        {
            for (var position = 0; position < question.Rows.Length; position++) part.CopyTo(position, batch, question.Rows[position], 1);
        }

        return batch;
    }

    /// <summary>What a checkpoint must hold of it.</summary>
    public IEnumerable<(string Name, Block Tensor)> Save(long latestIteration)
    {
        var lengths = latestIteration < 0 ? [] : _index.SaveLengths(latestIteration);
        yield return (LengthsName, new Block(ElementType.Int32, [lengths.Length], MemoryMarshal.AsBytes(lengths.AsSpan()).ToArray()));
    }

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is missing.</exception>
    /// <exception cref="ArgumentException">It does not fit the iteration.</exception>
    public void Load(long latestIteration, IReadOnlyDictionary<string, Block> tensors)
    {
        if (!tensors.TryGetValue(LengthsName, out var block) || block.Type != ElementType.Int32)
            throw new InvalidDataException($"The learner's checkpoint has no tensor '{LengthsName}' of int32.");
        _index.LoadLengths(latestIteration, MemoryMarshal.Cast<byte, int>(block.Data));
    }

    private int ShardOf(int copy)
    {
        // The inverse of Sharding.Range, whose ranges begin at copies * shard / shards.
        var shard = (int)((long)copy * _run.Shards / _run.Copies);
        while (Sharding.Range(_run.Copies, _run.Shards, shard) is var (first, count) && copy >= first + count) shard++;
        return shard;
    }
}
