using Madrl.Environments;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>Nobody acts with other weights than the iteration demands.</summary>
public class VersionTests
{
    private readonly AgentRole agent = new(0);
    private readonly ReplicaRole replica = new(0);

    [Fact]
    public void An_agent_hands_out_the_demanded_weights_and_no_others()
    {
        Assert.Throws<WrongVersionException>(() => agent.Require(new Ticket(1, 0)));
        var policy = TestPolicies.Version(1, 3);
        agent.Install(policy);
        Assert.Same(policy, agent.Require(new Ticket(1, 3)));
        Assert.Throws<WrongVersionException>(() => agent.Require(new Ticket(1, 2)));
        Assert.Throws<WrongVersionException>(() => agent.Require(new Ticket(1, 4)));
        Assert.Throws<WrongVersionException>(() => agent.Require(new Ticket(2, 3)));
    }

    [Fact]
    public void Installing_again_changes_nothing_however_late()
    {
        agent.Install(TestPolicies.Version(1, 2));
        agent.Install(TestPolicies.Version(1, 3));
        var acting = agent.Policy();
        agent.Install(TestPolicies.Version(1, 3));
        agent.Install(TestPolicies.Version(1, 2));
        Assert.Equal(new Ticket(1, 3), agent.Current!.Ticket);
        Assert.Same(acting, agent.Policy());
    }

    [Fact]
    public void A_later_epoch_may_go_back_and_an_older_one_is_refused()
    {
        agent.Install(TestPolicies.Version(1, 3));
        agent.Install(TestPolicies.Version(2, 1));
        Assert.Equal(new Ticket(2, 1), agent.Current!.Ticket);
        Assert.Throws<StaleEpochException>(() => agent.Install(TestPolicies.Version(1, 4)));
        Assert.Equal(new Ticket(2, 1), agent.Current!.Ticket);
    }

    [Fact]
    public void An_agent_without_weights_says_so()
    {
        var error = Assert.Throws<InvalidOperationException>(() => agent.Policy());
        Assert.Contains("no weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_acts_with_the_demanded_weights_and_no_others()
    {
        Assert.True(replica.Needs(new Ticket(1, 0)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(1, 0)));
        replica.Use(TestPolicies.Version(1, 1, seed: 1));
        Assert.False(replica.Needs(new Ticket(1, 1)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(1, 0)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(1, 2)));
        Assert.Throws<WrongVersionException>(() => Act(new Ticket(2, 1)));
        Assert.Equal(16, Act(new Ticket(1, 1)).Length);
    }

    [Fact]
    public void New_weights_act_differently()
    {
        replica.Use(TestPolicies.Version(1, 1, seed: 1));
        var before = Act(new Ticket(1, 1));
        replica.Use(TestPolicies.Version(1, 2, seed: 2));
        Assert.NotEqual(before, Act(new Ticket(1, 2)));
    }

    private float[] Act(Ticket ticket)
    {
        var actions = new float[16];
        var observations = Enumerable.Range(0, 64).Select(i => i % 7 - 3f).ToArray();
        replica.Act(ticket, new ActingStep(ActingMode.Explore, 0, 16, 0), 7, observations, actions);
        return actions;
    }
}
