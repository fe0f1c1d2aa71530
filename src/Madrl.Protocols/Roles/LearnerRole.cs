using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Roles;

/// <summary>Files of a checkpoint and the hash of the policies in it.</summary>
/// <param name="Files">What was written.</param>
/// <param name="WeightsHash">SHA-256 over the policies, lower-case hexadecimal.</param>
public sealed record SavedLearner(IReadOnlyList<CheckpointFile> Files, string WeightsHash);

/// <summary>
/// The learner of a run: once per iteration, learns from the rollouts of all shards, or from batches that it draws from their
/// replay; saves and restores.
/// </summary>
public sealed class LearnerRole : IAsyncDisposable
{
    /// <summary>Name of the file with everything that learning goes on from.</summary>
    public const string StateFile = "learner.safetensors";

    /// <summary>Name of the file with the policies alone.</summary>
    public const string PolicyFile = "policy.safetensors";

    private readonly RunSpecification _run;
    private readonly GameSpec _game;
    private readonly ILearnerCompute _compute;
    private readonly ICheckpointStore _store;
    private readonly ReplaySampler? _sampler;
    private readonly SortedDictionary<int, RolloutParts> _submitted = [];
    private readonly SortedDictionary<int, int[]> _stored = [];
    private Ticket _collecting;

    /// <summary>A learner over its compute, which it owns from now on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="game">Its game.</param>
    /// <param name="compute">Where it computes.</param>
    /// <param name="replay">The replay of a shard, for a compute that learns from one.</param>
    /// <param name="store">Where checkpoints lie.</param>
    public LearnerRole(RunSpecification run, GameSpec game, ILearnerCompute compute, Func<int, IReplayMember> replay, ICheckpointStore store)
    {
        ArgumentNullException.ThrowIfNull(compute);
        (_run, _game, _compute, _store) = (run, game, compute, store);
        if (compute.Replay is { } description) _sampler = new ReplaySampler(run, game, description, replay);
    }

    /// <summary>What the learner computes on.</summary>
    public string Device => _compute.Device;

    /// <summary>What replay it learns from; null where it learns from each iteration's rollouts once.</summary>
    public ReplayDescription? Replay => _compute.Replay;

    /// <summary>The present policies.</summary>
    public Task<PolicySet> PoliciesAsync() => _compute.PoliciesAsync();

    /// <summary>Takes consecutive copies of one shard's rollout. Repeating a call, however late, changes nothing.</summary>
    /// <param name="ticket">The iteration.</param>
    /// <param name="shard">Number of the shard.</param>
    /// <param name="first">Index within the shard of the first copy.</param>
    /// <param name="part">The copies' episodes; the caller no longer uses it.</param>
    public void Submit(Ticket ticket, int shard, int first, Rollout part)
    {
        if (!IsDue(ticket)) return;
        if (!_submitted.TryGetValue(shard, out var parts))
            _submitted[shard] = parts = new RolloutParts(_game, Sharding.Range(_run.Copies, _run.Shards, shard).Count);
        parts.Add(first, part);
    }

    /// <summary>Takes the lengths of the episodes that a shard put into its replay. Repeating a call changes nothing.</summary>
    public void Stored(Ticket ticket, int shard, int[] lengths)
    {
        if (IsDue(ticket)) _stored[shard] = lengths;
    }

    /// <summary>Learns from what all shards submitted or stored.</summary>
    /// <param name="ticket">The iteration.</param>
    /// <param name="progress">Part of the run that is done, in [0, 1].</param>
    /// <exception cref="InvalidOperationException">A shard is missing: the iteration must start again from the barrier.</exception>
    public async Task<LearnedPolicies> LearnAsync(Ticket ticket, double progress)
    {
        var received = ticket == _collecting ? _submitted.Values.Count(parts => parts.IsWhole) + _stored.Count : 0;
        if (received != _run.Shards)
            throw new InvalidOperationException($"The learner has {received} of {_run.Shards} rollouts for {ticket}.");

        // Taken away first: a repetition after a failure in the middle must not learn from the same a second time.
        Rollout[] rollouts = [.. _submitted.Values.Select(parts => parts.Whole)];
        (int Shard, int[] Lengths)[] stored = [.. _stored.Select(item => (item.Key, item.Value))];
        _submitted.Clear();
        _stored.Clear();
        return _sampler is null
            ? await _compute.LearnAsync(rollouts, ticket.Iteration, progress)
            : await ReplayAsync(_sampler, stored, ticket, progress);
    }

    /// <summary>The updates that are due; the next batch is gathered while one is learned from.</summary>
    private async Task<LearnedPolicies> ReplayAsync(
        ReplaySampler sampler, (int Shard, int[] Lengths)[] stored, Ticket ticket, double progress)
    {
        foreach (var (shard, lengths) in stored) sampler.Add(ticket.Iteration, shard, lengths);
        var (first, count) = sampler.Updates(ticket.Iteration);
        var learned = new LearnedPolicies(await _compute.PoliciesAsync(), new Dictionary<string, double>(), first, null);
        var next = count > 0 ? sampler.GatherAsync(ticket, first) : null;
        for (var update = first; next is not null && learned.NonFinite is null; update++)
        {
            var batch = await next;
            next = update + 1 < first + count ? sampler.GatherAsync(ticket, update + 1) : null;
            learned = await _compute.LearnAsync([batch], update, progress);
        }

        return learned;
    }

    private bool IsDue(Ticket ticket)
    {
        if (ticket.Epoch == _collecting.Epoch && ticket.Iteration < _collecting.Iteration) return false;
        if (ticket == _collecting) return true;
        _submitted.Clear();
        _stored.Clear();
        _collecting = ticket;
        return true;
    }

    /// <summary>Writes the learner's part of the checkpoint of one barrier.</summary>
    /// <exception cref="IOException">The store cannot take it.</exception>
    public async Task<SavedLearner> SaveAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string> { ["run"] = _run.Run, ["iteration"] = $"{ticket.Iteration}" };
        var policies = await _compute.PoliciesAsync();
        var named = policies.Named();
        var state = Safetensors.Write([.. await _compute.SaveAsync(), .. _sampler?.Save(ticket.Iteration - 1) ?? []], metadata);
        metadata["policy"] = PolicyJson.ToJson(policies.Description);
        CheckpointFile[] files =
        [
            await _store.WriteAsync(_run.Run, ticket, StateFile, state, cancellationToken),
            await _store.WriteAsync(_run.Run, ticket, PolicyFile, Safetensors.Write(named, metadata), cancellationToken),
        ];
        return new SavedLearner(files, WeightsHash.Compute(named));
    }

    /// <summary>Goes back to a checkpoint.</summary>
    /// <exception cref="CheckpointDamagedException">A file of it cannot be used.</exception>
    public async Task RestoreAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Files.All(file => file.Name != StateFile))
            throw new CheckpointDamagedException($"The checkpoint of iteration {checkpoint.Iteration} names no {StateFile}.");
        foreach (var file in checkpoint.Files.Where(file => file.Name is StateFile or PolicyFile))
        {
            var content = await _store.ReadAsync(_run.Run, file, cancellationToken);
            if (file.Name != StateFile) continue;
            try
            {
                var tensors = Safetensors.Read(content).Tensors;
                _sampler?.Load(checkpoint.Iteration - 1, tensors);
                await _compute.LoadAsync(tensors);
            }
            catch (Exception error) when (error is InvalidDataException or ArgumentException)
            {
                throw new CheckpointDamagedException($"{file.Name} of iteration {checkpoint.Iteration}: {error.Message}", error);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _compute.DisposeAsync();
}
