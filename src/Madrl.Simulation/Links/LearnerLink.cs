using Madrl.Environments;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Madrl.Protocols.Team;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Links;

/// <summary>The learner, wherever it is active.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="from">Who calls.</param>
internal sealed class LearnerLink(SimulatedCluster cluster, Party from) : ILearnerMember
{
    private readonly Calls<ILearnerMember> _calls = new(cluster, from, new RoleKey(RoleKind.Learner));

    public Task<LearnerOpened> OpenAsync(
        Ticket ticket, RunSpecification run, Checkpoint? from, bool? onAccelerator, CancellationToken cancellationToken)
    {
        var (specification, checkpoint) = (run.ToJson(), Copies.ToJson(from));
        return _calls.AskAsync(
            "open", ticket,
            member => member.OpenAsync(
                ticket, RunSpecification.FromJson(specification), Copies.FromJson<Checkpoint>(checkpoint), onAccelerator, cancellationToken),
            isLong: true);
    }

    public Task SubmitAsync(Ticket ticket, int shard, int first, Rollout part)
    {
        var sent = Copies.Of(part);
        return _calls.TellAsync("submit", ticket, member => member.SubmitAsync(ticket, shard, first, Copies.Of(sent)), isLong: true);
    }

    public Task StoredAsync(Ticket ticket, int shard, int[] lengths)
    {
        int[] sent = [.. lengths];
        return _calls.TellAsync("stored", ticket, member => member.StoredAsync(ticket, shard, [.. sent]));
    }

    public Task<Learned> LearnAsync(Ticket ticket, double progress, CancellationToken cancellationToken) =>
        _calls.AskAsync("learn", ticket, member => member.LearnAsync(ticket, progress, cancellationToken), isLong: true);

    public Task<PolicySet> PoliciesAsync(Ticket ticket) =>
        _calls.AskAsync("policies", ticket, member => member.PoliciesAsync(ticket), interleaves: true);

    public Task<SaveOutcome<SavedLearner>> SaveAsync(Ticket ticket, CancellationToken cancellationToken) =>
        _calls.AskAsync("save", ticket, async member => Copies.ByJson(await member.SaveAsync(ticket, cancellationToken)), isLong: true);

    public Task CloseAsync(Ticket ticket) => _calls.TellAsync("close", ticket, member => member.CloseAsync(ticket));
}
