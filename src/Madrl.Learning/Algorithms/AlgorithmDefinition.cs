using Madrl.Environments;
using Madrl.Learning.Native;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// An algorithm that can be chosen by name. Deriving from this class and marking it by <see cref="AlgorithmAttribute"/> is all that it
/// takes to add one: <see cref="AlgorithmCatalog"/> finds it.
/// </summary>
public abstract class AlgorithmDefinition
{
    /// <summary>Name, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>The algorithm in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Where it was published.</summary>
    public abstract string Source { get; }

    /// <summary>Whether it also performs EPyMARL's update, with <c>fidelity=epymarl</c>.</summary>
    public virtual bool HasEpymarlForm => true;

    /// <summary>Its settings complete with defaults, after the given ones were applied.</summary>
    /// <param name="settings">Values by setting name; names that the algorithm does not have are ignored.</param>
    /// <exception cref="ArgumentException">A value is out of range; the message names the setting and the valid values.</exception>
    public abstract LearnerOptions Options(IReadOnlyDictionary<string, string> settings);

    /// <summary>Checks that the algorithm can learn a game, without making anything.</summary>
    /// <param name="game">The game.</param>
    /// <param name="settings">Values by setting name.</param>
    /// <exception cref="ArgumentException">It cannot; the message says why and what would do.</exception>
    public abstract void Check(GameSpec game, IReadOnlyDictionary<string, string> settings);

    /// <summary>A learner with fresh weights.</summary>
    /// <param name="game">The game.</param>
    /// <param name="settings">Values by setting name.</param>
    /// <param name="copies">Copies in an iteration.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Learner threads.</param>
    /// <param name="device">What it computes on, by <see cref="TorchDevice"/>'s names.</param>
    /// <exception cref="ArgumentException">The game does not suit the algorithm, or a setting is out of range.</exception>
    /// <exception cref="DeviceException">The device has a wrong name, or is not there.</exception>
    public Learner CreateLearner(
        GameSpec game, IReadOnlyDictionary<string, string> settings, int copies, ulong seed, int threads, string device = TorchDevice.Cpu)
    {
        using var used = TorchDevice.Use(TorchDevice.Find(device));
        var learner = Create(game, settings, copies, seed, threads);
        learner.Checked = Options(settings).Checked;
        return learner;
    }

    /// <summary>A learner with fresh weights on the device in use; parameters as of <see cref="CreateLearner"/>.</summary>
    protected abstract Learner Create(GameSpec game, IReadOnlyDictionary<string, string> settings, int copies, ulong seed, int threads);

    /// <summary>Checks that all agents observe and act alike.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    private protected void DemandEqualAgents(GameSpec game)
    {
        ArgumentNullException.ThrowIfNull(game);
        var first = game.Agents[0];
        if (game.Agents.Any(agent => agent.ObservationSize != first.ObservationSize || agent.Actions != first.Actions))
            throw new ArgumentException($"{Name} needs agents with equal observations and actions, which those of {game.Task} have not.");
    }

    /// <summary>Checks that actions are discrete, the only ones that EPyMARL knows.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    private protected void DemandDiscreteActions(GameSpec game)
    {
        if (game.Agents[0].Actions is not ActionSpace.Discrete)
            throw new ArgumentException($"{Name} with fidelity=epymarl takes discrete actions only: use actions=discrete or fidelity=madrl.");
    }
}
