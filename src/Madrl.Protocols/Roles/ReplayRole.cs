using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Roles;

/// <summary>
/// One shard's replay. A checkpoint writes the iterations since the one before as segments, files that never change, and names
/// those of earlier checkpoints that still hold something; they are read only when the run goes back or resumes.
/// </summary>
public sealed class ReplayRole
{
    /// <summary>A segment is closed before it grows beyond this; an iteration is never divided.</summary>
    public const long MaxSegmentBytes = 64L * 1024 * 1024;

    private readonly RunSpecification _run;
    private readonly GameSpec _game;
    private readonly ReplayDescription _replay;
    private readonly ICheckpointStore _store;
    private readonly ReplayBuffer _buffer;
    private readonly string _prefix;
    private readonly int _copies;
    private List<Segment> _sealed = [];
    private RolloutParts? _arriving;

    /// <summary>An empty replay.</summary>
    /// <param name="run">The run.</param>
    /// <param name="game">Its game.</param>
    /// <param name="replay">What the learner wants.</param>
    /// <param name="shard">Number of the shard.</param>
    /// <param name="store">Where checkpoints lie.</param>
    public ReplayRole(RunSpecification run, GameSpec game, ReplayDescription replay, int shard, ICheckpointStore store)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(game);
        (_run, _game, _replay, _store) = (run, game, replay, store);
        (var first, _copies) = Sharding.Range(run.Copies, run.Shards, shard);
        _buffer = new ReplayBuffer(game, replay, new ReplaySchedule(replay, run.Copies, game.EpisodeLimit).Rounds, first, _copies);
        _prefix = $"replay-{shard}.";
    }

    /// <summary>The latest iteration that is stored whole; -1 where none is.</summary>
    public long Latest => _buffer.Latest;

    /// <summary>Stores consecutive copies of an iteration's episodes. Repeating a call, however late, changes nothing.</summary>
    /// <param name="iteration">The iteration, the next after <see cref="Latest"/>.</param>
    /// <param name="first">Index within the shard of the first copy.</param>
    /// <param name="part">The copies' episodes; the caller no longer uses it.</param>
    public void Append(long iteration, int first, Rollout part)
    {
        if (iteration <= _buffer.Latest) return;
        _arriving ??= new RolloutParts(_game, _copies, _replay.KeepsStates);
        _arriving.Add(first, part);
        if (!_arriving.IsWhole) return;
        _buffer.Append(iteration, _arriving.Whole);
        _arriving = null;
    }

    /// <summary>What was drawn, in the order of the picks.</summary>
    public Rollout Gather(ReadOnlySpan<ReplayPick> picks)
    {
        var batch = new Rollout(_game, picks.Length, _replay.WholeEpisodes ? _game.EpisodeLimit : 1, _replay.KeepsStates);
        _buffer.Gather(picks, batch);
        return batch;
    }

    /// <summary>Writes what came since the last checkpoint.</summary>
    /// <param name="ticket">The barrier: iterations before it are stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>All files that hold something of the replay, those of earlier checkpoints included.</returns>
    /// <exception cref="IOException">The store cannot take it.</exception>
    public async Task<IReadOnlyList<CheckpointFile>> SaveAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        if (_buffer.Latest != ticket.Iteration - 1)
            throw new InvalidOperationException($"The replay ends with iteration {_buffer.Latest}; a checkpoint of {ticket} needs all before it.");
        var live = _sealed.Where(segment => segment.Last >= _buffer.Oldest).ToList();
        var perSegment = (int)Math.Clamp(MaxSegmentBytes / (_copies * Rollout.BytesPerCopy(_game)), 1, int.MaxValue);
        var first = live is [.., var last] ? last.Last + 1 : _buffer.Oldest;
        for (var part = 0; first <= _buffer.Latest; part++)
        {
            var end = Math.Min(first + perSegment - 1, _buffer.Latest);
            var content = ReplaySegment.Encode(_game, _buffer, first, end, _copies, _replay.KeepsStates);
            var file = await _store.WriteAsync(_run.Run, ticket, $"{_prefix}{part}.safetensors", content, cancellationToken);
            live.Add(new Segment(file, end));
            first = end + 1;
        }

        _sealed = live;
        return [.. live.Select(segment => segment.File)];
    }

    /// <summary>Goes back to a checkpoint.</summary>
    /// <exception cref="CheckpointDamagedException">A segment of it cannot be used.</exception>
    public async Task RestoreAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _buffer.Clear();
        var restored = new List<Segment>();
        foreach (var file in checkpoint.Files.Where(file => file.Name.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            var content = await _store.ReadAsync(_run.Run, file, cancellationToken);
            try
            {
                ReplaySegment.Decode(content, _game, _buffer, _copies, _replay.KeepsStates);
            }
            catch (Exception error) when (error is InvalidDataException or ArgumentException)
            {
                throw new CheckpointDamagedException($"{file.Name} of iteration {file.Iteration}: {error.Message}", error);
            }

            restored.Add(new Segment(file, _buffer.Latest));
        }

        if (_buffer.Latest != checkpoint.Iteration - 1)
            throw new CheckpointDamagedException($"The replay of the checkpoint of iteration {checkpoint.Iteration} ends with iteration {_buffer.Latest}.");
        _sealed = restored;
    }

    private sealed record Segment(CheckpointFile File, long Last);
}
