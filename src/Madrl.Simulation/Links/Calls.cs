using Madrl.Protocols;
using Madrl.Simulation.Cluster;

namespace Madrl.Simulation.Links;

/// <summary>Calls of one role by one party.</summary>
/// <typeparam name="TMember">What the role's activations hold.</typeparam>
/// <param name="cluster">The cluster.</param>
/// <param name="from">Who calls.</param>
/// <param name="to">The role.</param>
internal sealed class Calls<TMember>(SimulatedCluster cluster, Party from, RoleKey to)
{
    // The response time-outs of the grains: Orleans' default, and what collecting, learning and saving may take.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30), Iteration = TimeSpan.FromMinutes(10);

    /// <summary>Asks for something.</summary>
    /// <param name="what">Name of the call.</param>
    /// <param name="ticket">Its ticket, if it changes something.</param>
    /// <param name="work">What is done at the role; must give each of several deliveries its own copy of what is mutable.</param>
    /// <param name="isLong">Whether it may take as long as an iteration.</param>
    /// <param name="interleaves">Whether it does not wait for its turn.</param>
    public Task<T> AskAsync<T>(string what, Ticket? ticket, Func<TMember, Task<T>> work, bool isLong = false, bool interleaves = false) =>
        cluster.CallAsync(from, to, what, ticket, isLong ? Iteration : Usual, interleaves, work);

    /// <summary>Asks for something that has no answer but that it is done.</summary>
    public Task TellAsync(string what, Ticket? ticket, Func<TMember, Task> work, bool isLong = false, bool interleaves = false) =>
        AskAsync(what, ticket, async member =>
        {
            await work(member);
            return true;
        }, isLong, interleaves);
}
