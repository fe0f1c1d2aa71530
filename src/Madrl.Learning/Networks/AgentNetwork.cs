using Madrl.Environments;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>
/// EPyMARL's agent network: from what an agent saw to one number per discrete action, over whole episodes; recurrent or
/// feed-forward, one network for all agents (which then see a one-hot agent id) or one each.
/// </summary>
public sealed class AgentNetwork : IDisposable
{
    private readonly int _agents;
    private readonly int _actions;
    private readonly bool _lastAction;

    /// <summary>Networks for the agents of a game, with all parameters zero.</summary>
    /// <param name="game">The game; its agents must have equal observation sizes and equal, discrete action spaces.</param>
    /// <param name="hidden">Size of the two hidden layers.</param>
    /// <param name="recurrent">Whether the second one is a gated recurrent unit.</param>
    /// <param name="lastAction">Whether an agent sees its own previous action, one-hot.</param>
    /// <param name="shared">Whether the agents share one network.</param>
    /// <exception cref="ArgumentException">The actions are not discrete.</exception>
    public AgentNetwork(GameSpec game, int hidden, bool recurrent, bool lastAction, bool shared)
    {
        ArgumentNullException.ThrowIfNull(game);
        var agent = game.Agents[0];
        _agents = game.Agents.Count;
        _actions = agent.Actions is ActionSpace.Discrete discrete
            ? discrete.Count
            : throw new ArgumentException($"An agent network values discrete actions, which those of {game.Task} are not.", nameof(game));
        _lastAction = lastAction;
        var ids = shared && _agents > 1 ? _agents : 0;
        var inputs = agent.ObservationSize + (lastAction ? _actions : 0) + ids;
        var network = recurrent ? NetworkDescription.Recurrent(inputs, hidden, _actions) : FeedForward(inputs, hidden, _actions);
        Description = new PolicyDescription(network, ActionHead.Categorical, agent.ObservationSize, ids);
        Network = new TorchNetwork(network, shared ? 1 : _agents);
    }

    /// <summary>What acting policies are built from: greedy, they take the action with the largest output.</summary>
    public PolicyDescription Description { get; }

    /// <summary>The network, with one member or one per agent.</summary>
    public TorchNetwork Network { get; }

    /// <summary>Inputs for all T+1 entries [n, B, T+1, I]: the observation, the previous action, the agent id.</summary>
    public Tensor Inputs(TrainingBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Actor.WithIds(Description.AgentIds, _lastAction ? [batch.Observations, PreviousActions(batch)] : [batch.Observations]);
    }

    /// <summary>One number per action [n, B, T', A] for inputs [n, B, T', I], which begin with the episodes.</summary>
    public Tensor Values(Tensor inputs) => Network.Unroll(inputs);

    /// <summary>The flat weights of every agent's policy, in agent order; one and the same block where they share.</summary>
    public IReadOnlyList<Block> ExportPolicies() => Network.ExportFor(_agents);

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>The action before each entry, one-hot [n, B, T+1, A]: zeros at the start and where none was recorded.</summary>
    private Tensor PreviousActions(TrainingBatch batch)
    {
        using var chosen = Categorical.OneHot(batch.Actions, _actions);
        using var acted = (batch.Acted ?? batch.Mask).unsqueeze(-1);
        using var taken = chosen * acted;
        using var none = taken.new_zeros(batch.Agents, batch.Copies, 1, _actions);
        return cat([none, taken], 2);
    }

    /// <summary>The recurrent agent with a linear layer and ReLU in place of its recurrent unit, under the same names.</summary>
    private static NetworkDescription FeedForward(int inputs, int hidden, int outputs) => new(
    [
        new LayerDescription("fc1", inputs, hidden, Activation.Relu),
        new LayerDescription("rnn", hidden, hidden, Activation.Relu),
        new LayerDescription("fc2", hidden, outputs, Activation.None),
    ]);
}
