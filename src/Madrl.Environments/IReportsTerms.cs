namespace Madrl.Environments;

/// <summary>A game whose rewards are made of several parts, which it reports beside them, each by its name.</summary>
public interface IReportsTerms
{
    /// <summary>Names of the terms, in kebab case; empty where a game has none.</summary>
    IReadOnlyList<string> Terms { get; }

    /// <summary>
    /// Writes what has come together since each copy was reset: of every term the sum over the agents and the steps, in its own unit,
    /// before any weight. Allocates nothing.
    /// </summary>
    /// <param name="terms">Receives [terms, K], term after term.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void WriteTerms(Span<double> terms);
}
