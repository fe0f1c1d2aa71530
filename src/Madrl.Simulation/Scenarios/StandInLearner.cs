using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Simulation.Scenarios;

/// <summary>
/// Stands in for a learner: its state is a hash over everything that it learned from, in order, and the weights are drawn from
/// that. Lost, doubled, reordered or stale experience changes every later weight, and with the weights the experience.
/// </summary>
internal sealed class StandInLearner : ILearnerCompute
{
    private const string StateName = "state", UpdatesName = "updates";
    private const int Hidden = 4;

    private readonly PolicyDescription _description;
    private readonly int _agents;
    private byte[] _state;
    private long _updates;

    /// <summary>A learner with fresh weights.</summary>
    public StandInLearner(RunSpecification run, GameSpec game, ReplayDescription? replay)
    {
        var (observations, actions) = (game.Agents[0].ObservationSize, ((ActionSpace.Discrete)game.Agents[0].Actions).Count);
        _description = new PolicyDescription(
            NetworkDescription.Mlp(observations, Hidden, actions, Activation.Relu), ActionHead.Categorical, observations, AgentIds: 0);
        _agents = game.Agents.Count;
        _state = SHA256.HashData(BitConverter.GetBytes(run.Seed));
        Replay = replay;
    }

    /// <inheritdoc/>
    public string Device => "stand-in";

    /// <inheritdoc/>
    public ReplayDescription? Replay { get; }

    /// <inheritdoc/>
    public Task<PolicySet> PoliciesAsync() => Task.FromResult(new PolicySet(_description, [.. Enumerable.Range(0, _agents).Select(Weights)]));

    /// <inheritdoc/>
    public async Task<LearnedPolicies> LearnAsync(IReadOnlyList<Rollout> rollouts, long number, double progress)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_state);
        hash.AppendData(BitConverter.GetBytes(number));
        hash.AppendData(BitConverter.GetBytes(progress));
        foreach (var rollout in rollouts) Append(hash, rollout);
        _state = hash.GetHashAndReset();
        _updates++;
        return new LearnedPolicies(await PoliciesAsync(), new Dictionary<string, double>(), _updates, null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(string Name, Block Tensor)>> SaveAsync() => Task.FromResult<IReadOnlyList<(string, Block)>>(
    [
        (StateName, new Block(ElementType.UInt8, [_state.Length], [.. _state])),
        (UpdatesName, new Block(ElementType.Int64, [1], BitConverter.GetBytes(_updates))),
    ]);

    /// <inheritdoc/>
    public Task LoadAsync(IReadOnlyDictionary<string, Block> tensors)
    {
        _state = [.. tensors[StateName].Data];
        _updates = BitConverter.ToInt64(tensors[UpdatesName].Data);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Block Weights(int agent)
    {
        var random = new KeyedRandom(BinaryPrimitives.ReadUInt64LittleEndian(_state), RandomPurpose.WeightInitialisation, 0, agent, 0);
        var weights = new float[_description.ParameterCount];
        for (var index = 0; index < weights.Length; index++) weights[index] = 4 * random.NextSingle() - 2;
        return Block.From(weights, weights.Length);
    }

    private static void Append(IncrementalHash hash, Rollout rollout)
    {
        foreach (var values in rollout.Observations.Concat(rollout.Actions).Concat(rollout.Rewards).Append(rollout.States))
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(rollout.Lengths.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(rollout.Terminated.AsSpan()));
    }
}
