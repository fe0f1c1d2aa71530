using Madrl.Protocols;

namespace Madrl.Simulation.Cluster;

/// <summary>A call of a role on its way, being done, or answered.</summary>
/// <param name="id">Number of the call.</param>
/// <param name="name">What is asked of whom.</param>
/// <param name="to">Whom.</param>
/// <param name="from">Who asks.</param>
/// <param name="ticket">The ticket that it carries, if any.</param>
/// <param name="interleaves">Whether it does not wait for its turn in the mailbox.</param>
internal abstract class Call(long id, string name, RoleKey to, Party from, Ticket? ticket, bool interleaves)
{
    public long Id { get; } = id;

    public string Name { get; } = name;

    public RoleKey To { get; } = to;

    public Party From { get; } = from;

    public Ticket? Ticket { get; } = ticket;

    public bool Interleaves { get; } = interleaves;

    /// <summary>The silo that it was delivered to; null on the way.</summary>
    public Silo? At { get; set; }

    /// <summary>The activation that it was delivered to.</summary>
    public Activation? By { get; set; }

    /// <summary>Whether its caller has an answer, right or wrong.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Does what is asked, as turns of the activation; never fails.</summary>
    public abstract Task<Answer> DoAsync(object member);

    /// <summary>Gives the caller an error, as a turn of the caller.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>What a call came to.</summary>
/// <param name="IsDone">Whether it was done rather than refused.</param>
/// <param name="Give">Gives it to the caller, as a turn of the caller.</param>
internal sealed record Answer(bool IsDone, Action Give);

/// <inheritdoc/>
internal sealed class Call<TMember, T>(
    long id, string name, RoleKey to, Party from, Ticket? ticket, bool interleaves, Func<TMember, Task<T>> work)
    : Call(id, name, to, from, ticket, interleaves)
{
    private readonly TaskCompletionSource<T> _result = new();

    /// <summary>What the caller waits for.</summary>
    public Task<T> Result => _result.Task;

    /// <inheritdoc/>
    public override bool IsAnswered => _result.Task.IsCompleted;

    /// <inheritdoc/>
    public override async Task<Answer> DoAsync(object member)
    {
        try
        {
            var result = await work((TMember)member);
            return new Answer(true, () => _result.TrySetResult(result));
        }
        catch (Exception error)
        {
            return new Answer(false, () => _result.TrySetException(error));
        }
    }

    /// <inheritdoc/>
    public override void Fail(Exception error) => _result.TrySetException(error);
}
