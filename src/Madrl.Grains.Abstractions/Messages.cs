using Madrl.Environments;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;

namespace Madrl.Grains.Abstractions;

/// <summary>The policies of an iteration, or a part of them.</summary>
/// <param name="Description">Canonical JSON of how each policy is built.</param>
/// <param name="Owners">Per agent, which of the distinct weights are its own: those that agents share travel once.</param>
/// <param name="Total">Bytes of the distinct weights together, flat float32, one behind the other.</param>
/// <param name="Part">The bytes from the offset that was asked for on, uint8: as many as a message holds.</param>
[GenerateSerializer, Immutable, Alias("madrl.Policies")]
public sealed record PoliciesReply(
    [property: Id(0)] string Description, [property: Id(1)] int[] Owners, [property: Id(2)] long Total, [property: Id(3)] Block Part) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Part.Data.Length;
}

/// <summary>Asks a replica for the actions of one step.</summary>
/// <param name="Epoch">Epoch of the run.</param>
/// <param name="Iteration">Iteration whose weights must act.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Mode">How actions are chosen.</param>
/// <param name="FirstCopy">Global index of the first copy.</param>
/// <param name="Step">Step number since the run's start.</param>
/// <param name="Observations">[K, observation size].</param>
/// <param name="EpisodeStep">Step within the episode.</param>
[GenerateSerializer, Immutable, Alias("madrl.ObservationBatch")]
public sealed record ObservationBatch(
    [property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] ulong Seed, [property: Id(3)] ActingMode Mode,
    [property: Id(4)] long FirstCopy, [property: Id(5)] long Step, [property: Id(6)] Block Observations,
    [property: Id(7)] int EpisodeStep = 0) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Observations.Data.Length;
}

/// <summary>The actions of one step.</summary>
/// <param name="Actions">[K, width of the action space].</param>
[GenerateSerializer, Immutable, Alias("madrl.ActionBatch")]
public sealed record ActionBatch([property: Id(0)] Block Actions) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Actions.Data.Length;
}

/// <summary>Consecutive copies of one shard's rollout on their way to the learner or the replay, or a batch on its way from there.</summary>
/// <param name="Epoch">Epoch of the run.</param>
/// <param name="Iteration">The iteration.</param>
/// <param name="Shard">Number of the shard.</param>
/// <param name="First">Index within the shard of the first copy.</param>
/// <param name="Observations">Per agent [K, T+1, observation size].</param>
/// <param name="Actions">Per agent [K, T, width].</param>
/// <param name="Rewards">Per agent [K, T].</param>
/// <param name="States">[K, T+1, state size]; empty where the learner does not look at states.</param>
/// <param name="Lengths">Steps of each episode, int32 [K].</param>
/// <param name="Terminated">1 where the game itself ended, uint8 [K].</param>
[GenerateSerializer, Immutable, Alias("madrl.Rollout")]
public sealed record RolloutMessage(
    [property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] int Shard, [property: Id(3)] int First,
    [property: Id(4)] Block[] Observations, [property: Id(5)] Block[] Actions, [property: Id(6)] Block[] Rewards, [property: Id(7)] Block States,
    [property: Id(8)] Block Lengths, [property: Id(9)] Block Terminated) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes =>
        Observations.Concat(Actions).Concat(Rewards).Append(States).Append(Lengths).Append(Terminated).Sum(block => (long)block.Data.Length);
}

/// <summary>Opens a role for an epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Iteration">The barrier at which the run stands.</param>
/// <param name="Specification">The run's specification as canonical JSON.</param>
/// <param name="Replay">What replay the learner wants, as JSON; null where it learns from rollouts.</param>
[GenerateSerializer, Immutable, Alias("madrl.Open")]
public sealed record OpenRequest(
    [property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] string Specification, [property: Id(3)] string? Replay = null);

/// <summary>Opens a shard's replay for an epoch.</summary>
/// <param name="Open">Epoch, barrier, specification and what the learner wants.</param>
/// <param name="Checkpoint">The checkpoint to go on from as JSON; null to start empty.</param>
[GenerateSerializer, Immutable, Alias("madrl.OpenReplay")]
public sealed record OpenReplayRequest([property: Id(0)] OpenRequest Open, [property: Id(1)] string? Checkpoint);

/// <summary>Asks a shard's replay for a batch.</summary>
/// <param name="Epoch">Epoch of the run.</param>
/// <param name="Iteration">The iteration that is learned.</param>
/// <param name="Picks">int64 [picks, 3]: iteration, global copy, step.</param>
[GenerateSerializer, Immutable, Alias("madrl.Gather")]
public sealed record GatherRequest([property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] Block Picks) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Picks.Data.Length;
}

/// <summary>Tells the learner what a shard put into its replay.</summary>
/// <param name="Epoch">Epoch of the run.</param>
/// <param name="Iteration">The iteration.</param>
/// <param name="Shard">Number of the shard.</param>
/// <param name="Lengths">Steps of each episode, int32 [K].</param>
[GenerateSerializer, Immutable, Alias("madrl.Stored")]
public sealed record StoredMessage(
    [property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] int Shard, [property: Id(3)] Block Lengths) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Lengths.Data.Length;
}

/// <summary>Opens the learner for an epoch.</summary>
/// <param name="Open">Epoch, barrier and specification.</param>
/// <param name="Checkpoint">The checkpoint to go on from as JSON; null to start fresh.</param>
/// <param name="OnAccelerator">Whether it learns on an accelerator; null for whatever its silo has.</param>
[GenerateSerializer, Immutable, Alias("madrl.OpenLearner")]
public sealed record OpenLearnerRequest(
    [property: Id(0)] OpenRequest Open, [property: Id(1)] string? Checkpoint, [property: Id(2)] bool? OnAccelerator);

/// <summary>The learner's answer to being opened.</summary>
/// <param name="Damaged">Why the checkpoint cannot be used; null where all is well.</param>
/// <param name="Device">What the learner computes on.</param>
/// <param name="Accelerator">The accelerator that it learns on; null for a processor.</param>
/// <param name="Replay">What replay it wants, as JSON; null where it learns from rollouts.</param>
[GenerateSerializer, Immutable, Alias("madrl.LearnerOpened")]
public sealed record LearnerOpenedReply(
    [property: Id(0)] string? Damaged, [property: Id(1)] string Device, [property: Id(2)] string? Accelerator, [property: Id(3)] string? Replay);

/// <summary>What a shard's iteration gave.</summary>
/// <param name="Steps">Environment steps taken.</param>
[GenerateSerializer, Immutable, Alias("madrl.CollectReceipt")]
public sealed record CollectReceipt([property: Id(0)] long Steps);

/// <summary>Asks a shard for the returns of its part of an episode set.</summary>
/// <param name="Epoch">Epoch of the run.</param>
/// <param name="Iteration">Iteration whose weights act.</param>
/// <param name="Player">Who acts.</param>
/// <param name="Set">Which episodes.</param>
/// <param name="Episodes">Episodes in the whole set.</param>
[GenerateSerializer, Immutable, Alias("madrl.Evaluate")]
public sealed record EvaluateRequest(
    [property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] Player Player, [property: Id(3)] EpisodeSet Set,
    [property: Id(4)] int Episodes);

/// <summary>Returns of episodes.</summary>
/// <param name="Returns">float64 [episodes].</param>
[GenerateSerializer, Immutable, Alias("madrl.Evaluation")]
public sealed record EvaluationReply([property: Id(0)] Block Returns) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Returns.Data.Length;
}

/// <summary>Asks the learner to learn from the rollouts of one iteration.</summary>
/// <param name="Epoch">Epoch of the run.</param>
/// <param name="Iteration">The iteration.</param>
/// <param name="Progress">Part of the run that is done, in [0, 1].</param>
[GenerateSerializer, Immutable, Alias("madrl.Learn")]
public sealed record LearnRequest([property: Id(0)] long Epoch, [property: Id(1)] long Iteration, [property: Id(2)] double Progress);

/// <summary>What an iteration of learning gave; the policies stay with the learner, and every silo fetches them once.</summary>
/// <param name="Measured">Losses, norms, entropy by name.</param>
/// <param name="Updates">Optimiser steps so far.</param>
/// <param name="NonFinite">What became infinite or NaN; null where all is well.</param>
[GenerateSerializer, Immutable, Alias("madrl.Learned")]
public sealed record LearnReply(
    [property: Id(0)] Dictionary<string, double> Measured, [property: Id(1)] long Updates, [property: Id(2)] string? NonFinite);

/// <summary>What writing a checkpoint gave.</summary>
/// <param name="Saved">The files (and a learner's hash) as JSON; null if they could not be written.</param>
/// <param name="Failure">Why they could not be written.</param>
[GenerateSerializer, Immutable, Alias("madrl.Saved")]
public sealed record SaveReply([property: Id(0)] string? Saved, [property: Id(1)] string? Failure);

/// <summary>What an agent answered to observations outside training.</summary>
/// <param name="Iteration">Iteration whose weights acted.</param>
/// <param name="Actions">[rows, width of the action space].</param>
[GenerateSerializer, Immutable, Alias("madrl.AgentActions")]
public sealed record AgentActions([property: Id(0)] long Iteration, [property: Id(1)] Block Actions) : IPayload
{
    /// <inheritdoc/>
    public long PayloadBytes => Actions.Data.Length;
}

/// <summary>What an agent is.</summary>
/// <param name="Iteration">Iteration whose weights it acts with.</param>
/// <param name="Policy">Canonical JSON of its policy's description.</param>
/// <param name="WeightsSha256">SHA-256 of its flat weights, lower-case hexadecimal.</param>
[GenerateSerializer, Immutable, Alias("madrl.AgentDescription")]
public sealed record AgentDescription([property: Id(0)] long Iteration, [property: Id(1)] string Policy, [property: Id(2)] string WeightsSha256);

/// <summary>A run's status and results.</summary>
/// <param name="Phase">Where the run stands.</param>
/// <param name="Activity">What it is doing.</param>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Iterations">Iterations of the whole run.</param>
/// <param name="EnvironmentSteps">Environment steps completed.</param>
/// <param name="Updates">Optimiser steps taken.</param>
/// <param name="Seconds">Time spent training.</param>
/// <param name="Committed">Iteration of the last committed checkpoint.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Results">The run's control state as JSON: specification, checkpoints, hashes, test returns.</param>
/// <param name="Calls">Calls received per grain type in this process.</param>
/// <param name="MessageBytes">Tensor bytes in messages in this process.</param>
/// <param name="Active">Whether the run's loop is alive: once it is not, the phase and the events are final.</param>
/// <param name="Agents">Names of the game's agents, in their order.</param>
/// <param name="ReturnScale">What a return of the game means.</param>
/// <param name="StepsPerIteration">Environment steps of an iteration.</param>
[GenerateSerializer, Immutable, Alias("madrl.Status")]
public sealed record StatusReply(
    [property: Id(0)] RunPhase Phase, [property: Id(1)] string Activity, [property: Id(2)] long Iteration,
    [property: Id(3)] long Iterations, [property: Id(4)] long EnvironmentSteps, [property: Id(5)] long Updates,
    [property: Id(6)] double Seconds, [property: Id(7)] long? Committed, [property: Id(8)] string? Error,
    [property: Id(9)] string Results, [property: Id(10)] Dictionary<string, long> Calls, [property: Id(11)] long MessageBytes,
    [property: Id(12)] bool Active, [property: Id(13)] string[] Agents, [property: Id(14)] string ReturnScale, [property: Id(15)] long StepsPerIteration);

/// <summary>One event of a run, numbered.</summary>
/// <param name="Sequence">Rises with every event of the run.</param>
/// <param name="Type">Type of the event.</param>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Json">The event as one JSON object.</param>
[GenerateSerializer, Immutable, Alias("madrl.Event")]
public sealed record EventMessage(
    [property: Id(0)] long Sequence, [property: Id(1)] string Type, [property: Id(2)] long Iteration, [property: Id(3)] string Json);
