using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Tests.Team;

/// <summary>A team whose learner takes what it is given; nobody else is there.</summary>
internal sealed class LearnerAlone(ILearnerMember learner) : ITeam
{
    public ILearnerMember Learner => learner;

    public IEnvironmentMember Environment(int shard) => throw new NotSupportedException();

    public IReplayMember Replay(int shard) => throw new NotSupportedException();

    public IAgentMember Agent(int agent) => throw new NotSupportedException();
}

/// <summary>A learner that keeps what is submitted, and counts who asks for policies.</summary>
internal sealed class TestLearner : ILearnerMember
{
    public List<(int First, Rollout Part)> Parts { get; } = [];

    public List<Ticket> Asked { get; } = [];

    /// <summary>What it answers to the next question.</summary>
    public Func<Ticket, Task<PolicySet>> Policies { get; set; } = _ => throw new NotSupportedException();

    public Task<LearnerOpened> OpenAsync(Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part)
    {
        Parts.Add((first, part));
        return Task.CompletedTask;
    }

    public Task StoredAsync(Ticket ticket, int shard, int[] lengths) => throw new NotSupportedException();

    public Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PolicySet> PoliciesAsync(Ticket ticket)
    {
        Asked.Add(ticket);
        return Policies(ticket);
    }

    public Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CloseAsync(Ticket ticket) => throw new NotSupportedException();
}
