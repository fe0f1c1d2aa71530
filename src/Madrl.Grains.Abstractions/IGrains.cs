using Madrl.Policies;
using Madrl.Protocols.Runs;

namespace Madrl.Grains.Abstractions;

/// <summary>A run: drives its team of grains. Key: <c>run</c>.</summary>
[Alias("madrl.IRunGrain")]
public interface IRunGrain : IGrainWithStringKey
{
    /// <summary>Starts the run, or resumes it where it was started before, and returns at once; the loop is a timer of the grain.</summary>
    /// <param name="specification">The run's specification as canonical JSON; must be the one it was started with.</param>
    /// <param name="onAccelerator">Null to learn on what the run began with; else whether it learns on an accelerator from now on.</param>
    /// <exception cref="ArgumentException">
    /// The specification cannot be read, or is another than the run was started with; or the device is to change under a run in training.
    /// </exception>
    [Alias("Start")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task Start(string specification, bool? onAccelerator = null);

    /// <summary>Asks the run to save and stop at its next barrier; returns at once.</summary>
    [Alias("Stop")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task Stop();

    /// <summary>Asks the run to save and stop at its next barrier because its silo stops; it goes on when a silo starts again.</summary>
    [Alias("Suspend")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task Suspend();

    /// <summary>Deletes everything about the run.</summary>
    /// <exception cref="RunUnavailableException">It trains.</exception>
    /// <exception cref="IOException">The disk is read-only.</exception>
    [Alias("Delete")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task Delete();

    /// <summary>A snapshot.</summary>
    [Alias("GetStatus")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task<StatusReply> GetStatus();
}

/// <summary>A batch of environment copies. Key: <c>run/shard</c>.</summary>
[Alias("madrl.IEnvironmentGrain")]
public interface IEnvironmentGrain : IGrainWithStringKey
{
    /// <summary>Opens the shard for an epoch.</summary>
    [Alias("Open")]
    Task Open(OpenRequest request);

    /// <summary>Plays one episode in every copy, through the shard's agent replicas, and hands the rollout to the learner or the shard's replay.</summary>
    [Alias("Collect")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<CollectReceipt> Collect(long epoch, long iteration, CancellationToken cancellationToken);

    /// <summary>Plays this shard's part of an episode set.</summary>
    [Alias("Evaluate")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<EvaluationReply> Evaluate(EvaluateRequest request, CancellationToken cancellationToken);
}

/// <summary>An agent: its identity and its weights. Key: <c>run/agent</c>.</summary>
[Alias("madrl.IAgentGrain")]
public interface IAgentGrain : IGrainWithStringKey
{
    /// <summary>Puts the policy for an iteration in force.</summary>
    [Alias("Install")]
    Task Install(long epoch, long iteration);

    /// <summary>
    /// Decentralised execution: greedy actions for observations [rows, observation size], with the weights in force. An agent
    /// that holds none takes those of its run's last checkpoint.
    /// </summary>
    /// <exception cref="ArgumentException">The observations have another size, or are not finite.</exception>
    /// <exception cref="RunUnavailableException">The run has no checkpoint yet.</exception>
    [Alias("Act")]
    Task<AgentActions> Act([Immutable] Block observations);

    /// <summary>What the agent is and which weights it would act with.</summary>
    /// <exception cref="RunUnavailableException">The run has no checkpoint yet.</exception>
    [Alias("Describe")]
    Task<AgentDescription> Describe();

    /// <summary>Lets go of everything: the run is being deleted.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <summary>An agent as it acts in one shard. Key: <c>run/shard/agent</c>.</summary>
[Alias("madrl.IAgentReplicaGrain")]
public interface IAgentReplicaGrain : IGrainWithStringKey
{
    /// <summary>Actions for one step of all copies of the shard, with the weights of exactly the given iteration.</summary>
    [Alias("Act")]
    Task<ActionBatch> Act(ObservationBatch observations);
}

/// <summary>The off-policy experience of one shard. Key: <c>run/shard</c>.</summary>
[Alias("madrl.IReplayGrain")]
public interface IReplayGrain : IGrainWithStringKey
{
    /// <summary>Opens the replay for an epoch, from a checkpoint or empty.</summary>
    /// <returns>Null, or why the checkpoint cannot be used.</returns>
    [Alias("Open")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<string?> Open(OpenReplayRequest request, CancellationToken cancellationToken);

    /// <summary>Stores copies of the rollout of an iteration.</summary>
    [Alias("Append")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task Append(RolloutMessage rollout);

    /// <summary>What the learner drew, in the order of the picks: transitions as episodes of one step, or whole episodes.</summary>
    [Alias("Gather")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<RolloutMessage> Gather(GatherRequest request);

    /// <summary>Writes what came since the last checkpoint.</summary>
    [Alias("Save")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<SaveReply> Save(long epoch, long iteration, CancellationToken cancellationToken);

    /// <summary>Frees what the replay holds; the run has ended or stopped.</summary>
    [Alias("Close")]
    Task Close(long epoch, long iteration);
}

/// <summary>The learner of a run. Key: <c>run</c>.</summary>
[Alias("madrl.ILearnerGrain")]
public interface ILearnerGrain : IGrainWithStringKey
{
    /// <summary>Opens the learner for an epoch, from a checkpoint or fresh.</summary>
    [Alias("Open")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<LearnerOpenedReply> Open(OpenLearnerRequest request, CancellationToken cancellationToken);

    /// <summary>Takes copies of one shard's rollout.</summary>
    [Alias("Submit")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task Submit(RolloutMessage rollout);

    /// <summary>Takes the lengths of the episodes that one shard put into its replay.</summary>
    [Alias("Stored")]
    Task Stored(StoredMessage stored);

    /// <summary>Learns from what all shards submitted or stored.</summary>
    [Alias("Learn")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<LearnReply> Learn(LearnRequest request, CancellationToken cancellationToken);

    /// <summary>The policies for one iteration, and no others: the part of them from an offset in bytes on.</summary>
    [Alias("GetPolicies")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task<PoliciesReply> GetPolicies(long epoch, long iteration, long offset);

    /// <summary>Writes the learner's files of a checkpoint.</summary>
    [Alias("Save")]
    [ResponseTimeout(Timeouts.Iteration)]
    Task<SaveReply> Save(long epoch, long iteration, CancellationToken cancellationToken);

    /// <summary>Frees what the learner holds; the run has ended or stopped.</summary>
    [Alias("Close")]
    Task Close(long epoch, long iteration);
}

/// <summary>Takes in the events of a run and hands them out: to its file, and to whoever asks for what came after an event. Key: <c>run</c>.</summary>
[Alias("madrl.IMetricsGrain")]
public interface IMetricsGrain : IGrainWithStringKey
{
    /// <summary>Opens the metrics at a barrier: rows of the file beyond it are dropped.</summary>
    [Alias("Open")]
    Task Open(long epoch, long iteration);

    /// <summary>Adds an event.</summary>
    /// <param name="epoch">Epoch of the run.</param>
    /// <param name="iteration">Iterations completed.</param>
    /// <param name="sequence">Number of the event.</param>
    /// <param name="type">Type of the event.</param>
    /// <param name="json">The event as one JSON object.</param>
    [Alias("Append")]
    Task Append(long epoch, long iteration, long sequence, string type, string json);

    /// <summary>Makes the file durable up to here.</summary>
    [Alias("Flush")]
    Task Flush(long epoch, long iteration);

    /// <summary>The events after a number, oldest first; 0 for all that are kept.</summary>
    [Alias("Read")]
    Task<EventMessage[]> Read(long after);

    /// <summary>Closes the file: the run is being deleted.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <summary>Response time-outs of calls that take longer than the default of 30 seconds.</summary>
public static class Timeouts
{
    /// <summary>Collecting, learning and saving of one iteration: 10 minutes. More copies than that needs are too many for one shard.</summary>
    public const string Iteration = "00:10:00";
}
