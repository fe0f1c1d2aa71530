using Madrl.Environments.Drawing;
using Madrl.Numerics;

namespace Madrl.Environments;

/// <summary>
/// A batch of copies of one Markov game, laid out as structure of arrays and stepped together. A copy depends on its own
/// key and actions alone, never on its neighbours, so that any split of the copies over batches gives the same bits.
/// </summary>
public interface IMarkovGame
{
    /// <summary>What the game is.</summary>
    GameSpec Spec { get; }

    /// <summary>Copies in this batch, K.</summary>
    int Copies { get; }

    /// <summary>Starts a new episode in one copy.</summary>
    /// <param name="copy">Index within the batch, in [0, K).</param>
    /// <param name="random">The stream from which the initial state is drawn.</param>
    void Reset(int copy, KeyedRandom random);

    /// <summary>
    /// Every copy takes one step. Allocates nothing. A copy that terminated takes further steps until it is reset;
    /// nobody looks at what they do.
    /// </summary>
    /// <param name="actions">Per agent [K, width of its action space], copy after copy.</param>
    /// <param name="rewards">Receives the rewards [agents, K], agent after agent.</param>
    /// <param name="terminated">
    /// Receives per copy whether the game itself ended (reaching the episode limit does not count) [K].
    /// </param>
    /// <exception cref="ArgumentException">
    /// A span has another length than stated, or an action lies outside its space; the game has not moved then.
    /// </exception>
    void Step(ReadOnlySpan<float[]> actions, Span<double> rewards, Span<bool> terminated);

    /// <summary>Writes what an agent observes. Allocates nothing.</summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="observations">Receives [K, observation size], copy after copy.</param>
    void Observe(int agent, Span<float> observations);

    /// <summary>
    /// Writes what all agents observe. Allocates nothing. The same as <see cref="Observe"/> for each of them, and faster where a batch
    /// is too large for the caches.
    /// </summary>
    /// <param name="observations">Receives per agent [K, observation size], copy after copy.</param>
    void ObserveAll(ReadOnlySpan<float[]> observations);

    /// <summary>Writes the global states. Allocates nothing.</summary>
    /// <param name="states">Receives [K, state size], copy after copy.</param>
    void WriteState(Span<float> states);

    /// <summary>
    /// Writes the actions of the game's scripted policy in the present state: a hand-written player that shows
    /// what return is within reach.
    /// </summary>
    /// <param name="agent">Index of the agent.</param>
    /// <param name="actions">Receives [K, width of its action space].</param>
    void ActScripted(int agent, Span<float> actions);

    /// <summary>Names, in kebab case, of the terms that the rewards are made of and that the game reports beside them; empty for none.</summary>
    IReadOnlyList<string> Terms { get; }

    /// <summary>
    /// Writes what has come together since each copy was reset: of every term the sum over the agents and the steps, in its own unit,
    /// before any weight. Allocates nothing.
    /// </summary>
    /// <param name="terms">Receives [terms, K], term after term.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void WriteTerms(Span<double> terms);

    /// <summary>What a person sees of a copy in its present state.</summary>
    /// <param name="copy">Index within the batch, in [0, K).</param>
    Picture Draw(int copy);
}
