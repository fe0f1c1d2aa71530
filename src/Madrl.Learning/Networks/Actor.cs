using Madrl.Environments;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// The policies of all agents as they learn: a categorical or Gaussian distribution over actions, or one bounded action, from
/// a feed-forward network, one for all agents (which then see a one-hot agent id) or one each.
/// </summary>
public sealed class Actor : IDisposable
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>Networks for the agents of a game.</summary>
    /// <param name="game">The game; its agents must have equal observation sizes and action spaces.</param>
    /// <param name="hidden">Size of the two hidden layers.</param>
    /// <param name="activation">Activation of the hidden layers.</param>
    /// <param name="shared">Whether the agents share one network.</param>
    /// <param name="noise">Exploration of continuous actions that are deterministic; null where they are drawn from Gaussians.</param>
    public Actor(GameSpec game, int hidden, Activation activation, bool shared, (float Theta, float Sigma)? noise = null)
    {
        ArgumentNullException.ThrowIfNull(game);
        var agent = game.Agents[0];
        var (head, outputs, bounds) = (agent.Actions, noise) switch
        {
            (ActionSpace.Discrete discrete, _) => (ActionHead.Categorical, discrete.Count, null),
            (ActionSpace.Box box, var (theta, sigma)) => (ActionHead.Deterministic, box.Size, new BoundedActions(box.Low, box.High, theta, sigma)),
            _ => (ActionHead.Gaussian, agent.Actions.Width, (BoundedActions?)null),
        };
        Agents = game.Agents.Count;
        Ids = shared && Agents > 1 ? Agents : 0;
        var network = NetworkDescription.Mlp(agent.ObservationSize + Ids, hidden, outputs, activation);
        Description = new PolicyDescription(network, head, agent.ObservationSize, Ids, bounds);
        Network = new TorchNetwork(network, shared ? 1 : Agents, head == ActionHead.Gaussian ? outputs : 0);
    }

    /// <summary>What the acting policies are built from.</summary>
    public PolicyDescription Description { get; }

    /// <summary>The network, with one member or one per agent.</summary>
    public TorchNetwork Network { get; }

    /// <summary>Agents, n.</summary>
    public int Agents { get; }

    private int Ids { get; }

    /// <summary>Inputs of the network [n, B, T, O + ids] for all steps at which an action was taken.</summary>
    public Tensor Inputs(TrainingBatch batch) => WithIds(Ids, batch.Observations.narrow(2, 0, batch.Steps));

    /// <summary>Numbers [n, B, T, …] of every agent, one part after another, and the one-hot agent id where <paramref name="ids"/> is not 0.</summary>
    internal static Tensor WithIds(int ids, params Tensor[] seen)
    {
        if (ids == 0) return seen.Length == 1 ? seen[0] : cat(seen, -1);
        var shape = seen[0].shape;
        using var one = eye(ids, device: seen[0].device);
        using var id = one.view(ids, 1, 1, ids).expand(shape[0], shape[1], shape[2], ids);
        return cat([.. seen, id], -1);
    }

    /// <summary>The network's outputs [n, B, T, A] for <paramref name="inputs"/> [n, B, T, I]; unavailable actions get a logit of -1e10.</summary>
    public Tensor Outputs(Tensor inputs, Tensor? available = null)
    {
        var outputs = Network.Unroll(inputs);
        return available is null ? outputs : Categorical.Mask(outputs, available);
    }

    /// <summary>Log-probabilities [n, B, T] of <paramref name="actions"/> [n, B, T, width], and the entropies [n, B, T].</summary>
    public (Tensor LogProbability, Tensor Entropy) Evaluate(Tensor outputs, Tensor actions)
    {
        if (Description.Head == ActionHead.Categorical)
        {
            var log = Categorical.LogProbabilities(outputs);
            return (Categorical.Chosen(log, actions), Categorical.Entropy(log));
        }

        // One log standard deviation per member and dimension, broadcast over the agents that share it.
        var logDeviation = Network.Extra.view(Network.Members, 1, 1, -1);
        var scaled = (actions - outputs) / logDeviation.exp();
        var logProbability = (scaled.Squared().Times(-0.5) - logDeviation).Plus(-HalfLogTwoPi).sum(-1);
        var entropy = logDeviation.Plus(0.5 + HalfLogTwoPi).sum(-1).expand_as(logProbability);
        return (logProbability, entropy);
    }

    /// <summary>Discrete actions [n, B, T, 1] as one-hot rows [n, B, T, A].</summary>
    public Tensor OneHot(Tensor actions) => Categorical.OneHot(actions, Description.Network.Outputs);

    /// <summary>The actions of a deterministic head for the network's outputs [n, B, T, A].</summary>
    public Tensor Bounded(Tensor outputs)
    {
        var bounds = Description.Bounds ?? throw new InvalidOperationException("These actions are drawn, not computed.");
        return outputs.tanh().Times((bounds.High - bounds.Low) / 2).Plus((bounds.Low + bounds.High) / 2);
    }

    /// <summary>The flat weights of every agent's policy, in agent order; one and the same block where they share.</summary>
    public IReadOnlyList<Block> ExportPolicies() => Network.ExportFor(Agents);

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
