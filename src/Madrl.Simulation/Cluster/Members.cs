using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Madrl.Simulation.Links;
using Madrl.Simulation.Scheduling;
using Madrl.Simulation.Storage;

namespace Madrl.Simulation.Cluster;

/// <summary>Makes what each activation holds: the protocol classes themselves, with links and storage of that activation.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="run">The run.</param>
/// <param name="storage">What is stored.</param>
/// <param name="computes">Makes the learner's compute.</param>
/// <param name="parts">Parts that may be replaced.</param>
/// <param name="reminder">The run's reminder.</param>
/// <param name="retained">Looks at the storage after files were deleted.</param>
internal sealed class Members(
    SimulatedCluster cluster, RunSpecification run, StorageContents storage, ILearnerComputeFactory computes, SimulatedParts parts, ReminderRow reminder,
    Action retained)
{
    private readonly IRunStates _states = parts.States(storage.States);
    private readonly VirtualTime _time = new(cluster.Scheduler);

    /// <summary>What an activation holds.</summary>
    public async Task<object> CreateAsync(Activation activation)
    {
        var (key, party) = (activation.Key, activation.Party);
        return key.Kind switch
        {
            RoleKind.Run => await CreateRunAsync(activation),
            RoleKind.Metrics => await CreateMetricsAsync(party),
            RoleKind.Learner => parts.Learner(new LearnerMember(computes, _ => Team(party), Store(party), accelerator: null)),
            RoleKind.Environment => new EnvironmentMember(
                key.First, _ => Team(party), (opened, game) => new ReplicaLinks(cluster, party, opened, key.First, game.Agents.Count)),
            RoleKind.Replay => parts.Replay(new ReplayMember(key.First, Store(party))),
            RoleKind.Agent => new AgentRole(run.Run, key.First, Policies(activation.Silo)),
            RoleKind.Replica => new Replica(new ReplicaRole(run.Run, key.Second, Policies(activation.Silo))),
            _ => throw new InvalidOperationException($"Nobody knows what {key} is."),
        };
    }

    private async Task<RunHost> CreateRunAsync(Activation activation)
    {
        var party = activation.Party;
        var journal = new Journal(storage.Disk, _states, party);
        await journal.ReadAsync();
        var stopping = new CancellationTokenSource();
        var game = run.CreateGame(1).Spec;
        var reporter = new RunReporter(run.Run, new MetricsLink(cluster, party), () => new Dictionary<string, object?>());
        var loop = new RunLoop(
            run.Run, run, journal, new Reports(storage.Disk, storage.Reports, party), new Reminder(reminder, storage.Disk, party),
            (specification, written) => new RunMachine(
                specification, game, written, new RunTeam(Team(party), specification, game.Agents.Count, stopping.Token), reporter, Store(party), _time,
                opener: activation.Name));
        return new RunHost(activation, cluster, loop, stopping);
    }

    private async Task<RunMetrics> CreateMetricsAsync(Party party)
    {
        var metrics = new RunMetrics(run.Run, new Reports(storage.Disk, storage.Reports, party));
        await metrics.LoadAsync();
        return metrics;
    }

    private TeamLinks Team(Party party) => new(cluster, party);

    private CheckpointStore Store(Party party) => new(storage.Disk, storage.Checkpoints, party, retained);

    private IPolicies Policies(Silo silo) => parts.Policies(new SharedPolicies(silo));

    /// <summary>What a silo's agents share is asked for as turns of the silo: it must not end with the one that asked first.</summary>
    private sealed class SharedPolicies(Silo silo) : IPolicies
    {
        public ValueTask<PolicySet> GetAsync(string run, Ticket ticket)
        {
            var asking = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(silo.Party.Turns);
            try
            {
                return silo.Policies.GetAsync(run, ticket);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(asking);
            }
        }
    }
}
