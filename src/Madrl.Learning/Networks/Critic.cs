using Madrl.Environments;
using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>What a critic sees, and what it answers.</summary>
public enum CriticView
{
    /// <summary>An agent's own observation; one value (IPPO, IA2C).</summary>
    Observation,

    /// <summary>The global state once; one value per agent from one network (the centralised critic of the default presets).</summary>
    State,

    /// <summary>The global state and the agent id, once per agent; one value (EPyMARL's centralised critic).</summary>
    StateAndAgent,
}

/// <summary>A network that estimates values.</summary>
/// <param name="network">The network, owned from now on.</param>
public abstract class CriticNetwork(TorchNetwork network) : IDisposable
{
    /// <summary>The network.</summary>
    public TorchNetwork Network { get; } = network;

    /// <inheritdoc/>
    public virtual void Dispose() => Network.Dispose();
}

/// <summary>A critic: values of every agent at every step of a batch.</summary>
public sealed class Critic : CriticNetwork
{
    private readonly CriticView _view;
    private readonly int _ids;

    /// <summary>A critic for the agents of a game.</summary>
    /// <param name="game">The game.</param>
    /// <param name="view">What it sees.</param>
    /// <param name="hidden">Size of the two hidden layers.</param>
    /// <param name="activation">Activation of the hidden layers.</param>
    /// <param name="shared">Whether one network serves all agents; always so with <see cref="CriticView.State"/>.</param>
    public Critic(GameSpec game, CriticView view, int hidden, Activation activation, bool shared)
        : base(Create(game, view, hidden, activation, shared))
    {
        _view = view;
        _ids = Ids(game, view, shared);
    }

    /// <summary>Inputs for all T+1 entries [g, B, T+1, I]: g is 1 where the critic sees the state once, else n.</summary>
    public Tensor Inputs(TrainingBatch batch) => _view switch
    {
        CriticView.Observation => Actor.WithIds(_ids, batch.Observations),
        CriticView.State => batch.States.unsqueeze(0),
        _ => Actor.WithIds(_ids, batch.States.unsqueeze(0).expand(batch.Agents, -1, -1, -1)),
    };

    /// <summary>Values [n, B, T'] for inputs [g, B, T', I].</summary>
    public Tensor Values(Tensor inputs) => ValuesOf(Network.Unroll(inputs));

    /// <summary>Values [n, B, T'] from the network's outputs.</summary>
    public Tensor ValuesOf(Tensor outputs) => _view == CriticView.State ? outputs.squeeze(0).permute(2, 0, 1) : outputs.squeeze(-1);

    private static TorchNetwork Create(GameSpec game, CriticView view, int hidden, Activation activation, bool shared)
    {
        ArgumentNullException.ThrowIfNull(game);
        var agents = game.Agents.Count;
        var inputs = (view == CriticView.Observation ? game.Agents[0].ObservationSize : game.StateSize) + Ids(game, view, shared);
        var outputs = view == CriticView.State ? agents : 1;
        return new TorchNetwork(NetworkDescription.Mlp(inputs, hidden, outputs, activation), shared || view == CriticView.State ? 1 : agents);
    }

    private static int Ids(GameSpec game, CriticView view, bool shared) =>
        shared && game.Agents.Count > 1 && view != CriticView.State ? game.Agents.Count : 0;
}
