using Madrl.Environments;
using Madrl.Policies;
using Madrl.Protocols.Runs;

namespace Madrl.Protocols.Roles;

/// <summary>Files of a checkpoint and the hash of the policies in it.</summary>
/// <param name="Files">What was written.</param>
/// <param name="WeightsHash">SHA-256 over the policies, lower-case hexadecimal.</param>
public sealed record SavedLearner(IReadOnlyList<CheckpointFile> Files, string WeightsHash);

/// <summary>
/// The learner of a run: gathers the rollouts of all shards, learns from them once per iteration, saves and restores.
/// </summary>
public sealed class LearnerRole : IAsyncDisposable
{
    /// <summary>Name of the file with everything that learning goes on from.</summary>
    public const string StateFile = "learner.safetensors";

    /// <summary>Name of the file with the policies alone.</summary>
    public const string PolicyFile = "policy.safetensors";

    private readonly RunSpecification _run;
    private readonly ILearnerCompute _compute;
    private readonly ICheckpointStore _store;
    private readonly SortedDictionary<int, Rollout> _submitted = [];
    private Ticket _collecting;

    /// <summary>A learner over its compute, which it owns from now on.</summary>
    public LearnerRole(RunSpecification run, ILearnerCompute compute, ICheckpointStore store)
    {
        _run = run;
        _compute = compute;
        _store = store;
    }

    /// <summary>What the learner computes on.</summary>
    public string Device => _compute.Device;

    /// <summary>The present policies.</summary>
    public Task<PolicySet> PoliciesAsync() => _compute.PoliciesAsync();

    /// <summary>Takes the rollout of one shard. Repeating a call, however late, changes nothing.</summary>
    public void Submit(Ticket ticket, int shard, Rollout rollout)
    {
        if (ticket.Epoch == _collecting.Epoch && ticket.Iteration < _collecting.Iteration) return;
        if (ticket != _collecting)
        {
            _submitted.Clear();
            _collecting = ticket;
        }

        _submitted[shard] = rollout;
    }

    /// <summary>Learns from the rollouts of all shards.</summary>
    /// <param name="ticket">The iteration.</param>
    /// <param name="progress">Part of the run that is done, in [0, 1].</param>
    /// <exception cref="InvalidOperationException">A shard's rollout is missing: the iteration must start again from the barrier.</exception>
    public async Task<LearnedPolicies> LearnAsync(Ticket ticket, double progress)
    {
        if (ticket != _collecting || _submitted.Count != _run.Shards)
            throw new InvalidOperationException($"The learner has {(ticket == _collecting ? _submitted.Count : 0)} of {_run.Shards} rollouts for {ticket}.");
        var learned = await _compute.LearnAsync([.. _submitted.Values], ticket.Iteration, progress);
        _submitted.Clear();
        return learned;
    }

    /// <summary>Writes the learner's part of the checkpoint of one iteration.</summary>
    /// <exception cref="IOException">The store cannot take it.</exception>
    public async Task<SavedLearner> SaveAsync(long iteration, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string> { ["run"] = _run.Run, ["iteration"] = $"{iteration}" };
        var policies = await _compute.PoliciesAsync();
        var named = policies.Named();
        var state = Safetensors.Write(await _compute.SaveAsync(), metadata);
        metadata["policy"] = PolicyJson.ToJson(policies.Description);
        CheckpointFile[] files =
        [
            await _store.WriteAsync(_run.Run, iteration, StateFile, state, cancellationToken),
            await _store.WriteAsync(_run.Run, iteration, PolicyFile, Safetensors.Write(named, metadata), cancellationToken),
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
        foreach (var file in checkpoint.Files)
        {
            var content = await _store.ReadAsync(_run.Run, checkpoint.Iteration, file, cancellationToken);
            if (file.Name != StateFile) continue;
            try
            {
                await _compute.LoadAsync(Safetensors.Read(content).Tensors);
            }
            catch (InvalidDataException error)
            {
                throw new CheckpointDamagedException($"{file.Name} of iteration {checkpoint.Iteration}: {error.Message}", error);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _compute.DisposeAsync();
}
