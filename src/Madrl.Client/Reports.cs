using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Client;

/// <summary>Where a run stands and what it has reached.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Task">Its task.</param>
/// <param name="Rules">Variant of the task's rules.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Steps">Environment steps that were asked for.</param>
/// <param name="Copies">Environment copies in all.</param>
/// <param name="Shards">Environment grains that the copies are spread over.</param>
/// <param name="Threads">Learner threads.</param>
/// <param name="Epoch">Times that it was opened: by its start, by every resumption, by every return to a checkpoint.</param>
/// <param name="Phase">Where it stands: <c>none</c>, <c>running</c>, <c>stopped</c>, <c>finished</c>, <c>failed</c> or <c>suspended</c>.</param>
/// <param name="Active">Whether it is in training on a silo.</param>
/// <param name="Activity">What it is doing.</param>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="Iterations">Iterations of the whole run.</param>
/// <param name="EnvSteps">Environment steps completed.</param>
/// <param name="TotalSteps">Environment steps of the whole run.</param>
/// <param name="Updates">Optimiser steps taken.</param>
/// <param name="Seconds">Time spent training.</param>
/// <param name="Checkpoint">The last committed checkpoint; null before the first.</param>
/// <param name="Best">The best committed checkpoint; null before the first.</param>
/// <param name="Random">Test return of the random policy; null before it was measured.</param>
/// <param name="Scripted">Test return of the scripted policy; null before it was measured.</param>
/// <param name="Final">Test return of the final policies; null before the end.</param>
/// <param name="ReturnScale">What a return means.</param>
/// <param name="Agents">Names of the agents, in their order.</param>
/// <param name="Settings">All options of the task and settings of the algorithm in force.</param>
/// <param name="Error">What went wrong.</param>
public sealed record RunReport(
    string Run, string Task, string Rules, string Algorithm, ulong Seed, long Steps, int Copies, int Shards, int Threads,
    long Epoch, string Phase, bool Active, string Activity,
    long Iteration, long Iterations, long EnvSteps, long TotalSteps, long Updates, double Seconds,
    CheckpointReport? Checkpoint, CheckpointReport? Best, ReturnEstimate? Random, ReturnEstimate? Scripted, ReturnEstimate? Final,
    string ReturnScale, IReadOnlyList<string> Agents, IReadOnlyDictionary<string, string> Settings, string? Error)
{
    internal static RunReport From(string run, StatusReply status)
    {
        var state = JsonSerializer.Deserialize<RunState>(status.Results)!;
        var specification = RunSpecification.FromJson(state.Specification);
        return new RunReport(
            run, specification.Task, specification.Rules, specification.Algorithm, specification.Seed, specification.Steps,
            specification.Copies, specification.Shards, specification.Threads, state.Epoch,
            status.Phase.ToString().ToLowerInvariant(), status.Active, status.Activity,
            status.Iteration, status.Iterations, status.EnvironmentSteps, status.StepsPerIteration * status.Iterations, status.Updates,
            status.Seconds, CheckpointReport.From(state.Checkpoints.LastOrDefault(), status),
            CheckpointReport.From(state.Best(), status), state.Random, state.Scripted, state.Final, status.ReturnScale, status.Agents,
            specification.Game.Concat(specification.Learning).ToDictionary(), status.Error);
    }
}

/// <summary>A committed checkpoint.</summary>
/// <param name="Iteration">Iterations completed.</param>
/// <param name="EnvSteps">Environment steps completed.</param>
/// <param name="Return">Return of the policies in it, in evaluation.</param>
/// <param name="WeightsHash">Hash of the policies in it.</param>
public sealed record CheckpointReport(long Iteration, long EnvSteps, ReturnEstimate Return, string WeightsHash)
{
    internal static CheckpointReport? From(Checkpoint? checkpoint, StatusReply status) => checkpoint is null ? null
        : new CheckpointReport(checkpoint.Iteration, checkpoint.Iteration * status.StepsPerIteration, checkpoint.Evaluation, checkpoint.WeightsHash);
}

/// <summary>What an agent is.</summary>
/// <param name="Agent">Its index.</param>
/// <param name="Name">Its name within the game.</param>
/// <param name="Iteration">Version of its weights: the iteration that acts with them.</param>
/// <param name="WeightsSha256">SHA-256 of its weights.</param>
/// <param name="ObservationSize">Numbers in an observation.</param>
/// <param name="ActionSize">Numbers in an action; a discrete action is one number, its index.</param>
/// <param name="Discrete">How many discrete actions there are; null where actions are continuous.</param>
public sealed record AgentReport(
    int Agent, string Name, long Iteration, string WeightsSha256, int ObservationSize, int ActionSize, int? Discrete)
{
    internal static AgentReport From(int agent, string name, AgentDescription description)
    {
        var policy = PolicyJson.FromJson(description.Policy);
        var discrete = policy.Head == ActionHead.Categorical;
        return new AgentReport(
            agent, name, description.Iteration, description.WeightsSha256, policy.ObservationSize,
            discrete ? 1 : policy.Network.Outputs, discrete ? policy.Network.Outputs : null);
    }
}

/// <summary>What an agent answered.</summary>
/// <param name="Iteration">Version of the weights that acted.</param>
/// <param name="Actions">One action per observation.</param>
public sealed record AgentAnswer(long Iteration, IReadOnlyList<float[]> Actions);
