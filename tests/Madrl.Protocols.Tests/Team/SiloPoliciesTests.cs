using Madrl.Protocols.Roles;
using Madrl.Protocols.Team;
using Madrl.Protocols.Tests.Roles;

namespace Madrl.Protocols.Tests.Team;

/// <summary>Policies come to a silo once, whoever acts with them there.</summary>
public sealed class SiloPoliciesTests
{
    private static readonly Ticket First = new(1, 0);

    private readonly TestLearner _learner = new() { Policies = ticket => Task.FromResult(Set(ticket)) };

    [Fact]
    public async Task All_who_ask_for_a_version_get_the_same_answer_to_one_question()
    {
        var answer = new TaskCompletionSource<PolicySet>();
        _learner.Policies = _ => answer.Task;
        var silo = Silo();
        var asked = Enumerable.Range(0, 20).Select(_ => silo.GetAsync("run", First).AsTask()).ToArray();
        answer.SetResult(Set(First));
        var policies = await Task.WhenAll(asked);
        Assert.All(policies, policy => Assert.Same(policies[0], policy));
        Assert.Same(policies[0], await silo.GetAsync("run", First));
        Assert.Equal([First], _learner.Asked);
    }

    [Fact]
    public async Task Every_version_and_every_epoch_is_asked_for_anew()
    {
        var silo = Silo();
        Ticket[] tickets = [First, First.Next(), new(2, 0), new(2, 1)];
        foreach (var ticket in tickets) await silo.GetAsync("run", ticket);
        Assert.Equal(tickets, _learner.Asked);
        await silo.GetAsync("other", new Ticket(2, 1));
        Assert.Equal(tickets.Length + 1, _learner.Asked.Count);
    }

    [Fact]
    public async Task An_old_version_is_forgotten_and_the_newest_two_are_kept()
    {
        var silo = Silo();
        for (var ticket = First; ticket.Iteration < 3; ticket = ticket.Next()) await silo.GetAsync("run", ticket);
        await silo.GetAsync("run", new Ticket(1, 1));
        await silo.GetAsync("run", new Ticket(1, 2));
        Assert.Equal(3, _learner.Asked.Count);
        await silo.GetAsync("run", First);
        Assert.Equal(4, _learner.Asked.Count);
    }

    [Fact]
    public async Task What_failed_is_asked_for_again()
    {
        var silo = Silo();
        _learner.Policies = _ => Task.FromException<PolicySet>(new MemberUnavailableException("gone"));
        await Assert.ThrowsAsync<MemberUnavailableException>(async () => await silo.GetAsync("run", First));
        _learner.Policies = ticket => Task.FromResult(Set(ticket));
        await silo.GetAsync("run", First);
        Assert.Equal(2, _learner.Asked.Count);
    }

    private SiloPolicies Silo() => new(_ => _learner);

    private static PolicySet Set(Ticket ticket)
    {
        var policy = TestPolicies.Version(ticket.Epoch, ticket.Iteration);
        return new PolicySet(policy.Description, [policy.Weights]);
    }
}
