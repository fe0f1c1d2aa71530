using Madrl.Environments;
using Madrl.Policies;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>Nobody acts with other weights than the iteration demands.</summary>
public class VersionTests
{
    private readonly AgentRole agent;
    private readonly ReplicaRole replica;
    private readonly Versions versions = new();

    public VersionTests() => (agent, replica) = (new AgentRole("run", 0, versions), new ReplicaRole("run", 0, versions));

    [Fact]
    public async Task Installing_again_changes_nothing_however_late()
    {
        await agent.InstallAsync(new Ticket(1, 2));
        await agent.InstallAsync(new Ticket(1, 3));
        var acting = agent.Policy();
        await agent.InstallAsync(new Ticket(1, 3));
        await agent.InstallAsync(new Ticket(1, 2));
        Assert.Equal(new Ticket(1, 3), agent.Current!.Ticket);
        Assert.Same(acting, agent.Policy());
    }

    [Fact]
    public async Task A_later_epoch_may_go_back_and_an_older_one_is_refused()
    {
        await agent.InstallAsync(new Ticket(1, 3));
        await agent.InstallAsync(new Ticket(2, 1));
        Assert.Equal(new Ticket(2, 1), agent.Current!.Ticket);
        await Assert.ThrowsAsync<StaleEpochException>(() => agent.InstallAsync(new Ticket(1, 4)));
        Assert.Equal(new Ticket(2, 1), agent.Current!.Ticket);
    }

    [Fact]
    public void An_agent_without_weights_says_so()
    {
        var error = Assert.Throws<InvalidOperationException>(() => agent.Policy());
        Assert.Contains("no weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_acts_with_the_demanded_weights_and_no_others()
    {
        Assert.False(replica.Holds(new Ticket(1, 0)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(1, 0)));
        await replica.TakeAsync(new Ticket(1, 1));
        Assert.True(replica.Holds(new Ticket(1, 1)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(1, 0)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(1, 2)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(2, 1)));
        Assert.Equal(16, Act(new Ticket(1, 1)).Length);
    }

    [Fact]
    public async Task New_weights_act_differently()
    {
        await replica.TakeAsync(new Ticket(1, 1));
        var before = Act(new Ticket(1, 1));
        await replica.TakeAsync(new Ticket(1, 2));
        Assert.NotEqual(before, Act(new Ticket(1, 2)));
    }

    private float[] Act(Ticket ticket)
    {
        var actions = new float[16];
        var observations = Enumerable.Range(0, 64).Select(i => i % 7 - 3f).ToArray();
        replica.Act(ticket, new ActingStep(ActingMode.Explore, 0, 16, 0), 7, observations, actions);
        return actions;
    }

    /// <summary>Other weights for every iteration.</summary>
    private sealed class Versions : IPolicies
    {
        public ValueTask<PolicySet> GetAsync(string run, Ticket ticket)
        {
            var version = TestPolicies.Version(ticket.Epoch, ticket.Iteration, seed: (ulong)ticket.Iteration);
            return ValueTask.FromResult(new PolicySet(version.Description, [version.Weights]));
        }
    }
}
