namespace Madrl.Protocols;

/// <summary>
/// What every call that changes something carries: the epoch says which activation of the run is speaking, the iteration
/// which barrier-to-barrier step it is about. Weights are known by the ticket of the iteration that acts with them.
/// </summary>
/// <param name="Epoch">Raised by a conditional write each time the run is opened.</param>
/// <param name="Iteration">Iterations completed before this one.</param>
public readonly record struct Ticket(long Epoch, long Iteration) : IComparable<Ticket>
{
    /// <summary>The ticket of the next iteration of the same epoch.</summary>
    public Ticket Next() => this with { Iteration = Iteration + 1 };

    /// <summary>For messages.</summary>
    public override string ToString() => $"iteration {Iteration} (epoch {Epoch})";

    /// <summary>By epoch, then by iteration.</summary>
    public int CompareTo(Ticket other) => Epoch == other.Epoch ? Iteration.CompareTo(other.Iteration) : Epoch.CompareTo(other.Epoch);
}
