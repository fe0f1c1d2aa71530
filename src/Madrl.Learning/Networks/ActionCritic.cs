using Madrl.Environments;
using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Learning.Networks;

/// <summary>What a critic of actions sees.</summary>
public enum ActionCriticView
{
    /// <summary>An agent's own observation and action (IDDPG).</summary>
    Own,

    /// <summary>The observations and actions of all agents (Lowe et al. 2017).</summary>
    All,

    /// <summary>The global state and the actions of all agents (EPyMARL's MADDPG).</summary>
    State,
}

/// <summary>
/// A critic of actions: Q of every agent, by one network for all agents (which then sees a one-hot agent id) or one each.
/// </summary>
public sealed class ActionCritic : CriticNetwork
{
    private readonly ActionCriticView _view;
    private readonly int _ids;

    /// <summary>A critic for the agents of a game.</summary>
    /// <param name="game">The game; its agents must have equal observation sizes and action spaces.</param>
    /// <param name="view">What it sees.</param>
    /// <param name="hidden">Size of the two hidden layers.</param>
    /// <param name="activation">Activation of the hidden layers.</param>
    /// <param name="shared">Whether one network serves all agents.</param>
    public ActionCritic(GameSpec game, ActionCriticView view, int hidden, Activation activation, bool shared)
        : base(Create(game, view, hidden, activation, shared))
    {
        _view = view;
        _ids = Ids(game, shared);
    }

    /// <summary>What the critic sees besides actions, for all entries [n, B / batches, T', C].</summary>
    /// <param name="observations">Of all agents [n, B, T', O].</param>
    /// <param name="states">Global states [B, T', S], which only <see cref="ActionCriticView.State"/> looks at.</param>
    /// <param name="batches">1 where every agent's critic sees all rows; n where the i-th part of the rows is agent i's.</param>
    public Tensor Context(Tensor observations, Tensor states, int batches = 1)
    {
        var agents = observations.shape[0];
        var seen = _view switch
        {
            ActionCriticView.Own => Parts(observations, batches),
            ActionCriticView.All => ForAll(observations, batches),
            _ => states.unflatten(0, batches, -1).expand(agents, -1, -1, -1),
        };
        return Actor.WithIds(_ids, seen);
    }

    /// <summary>The actions that the critic of each agent sees [n, B / batches, T, A or n·A], from those of all agents [n, B, T, A].</summary>
    public Tensor Joint(Tensor actions, int batches = 1) => _view == ActionCriticView.Own ? Parts(actions, batches) : ForAll(actions, batches);

    /// <summary>Joint actions [n, B, T, A or n·A] in which each agent's own action is taken from <paramref name="own"/> [n, B, T, A].</summary>
    public Tensor Replaced(Tensor joint, Tensor own)
    {
        if (_view == ActionCriticView.Own) return own;
        var replaced = joint.clone();
        OwnActions(replaced).copy_(own);
        return replaced;
    }

    /// <summary>Q [n, B, T] for contexts [n, B, T, C] and joint actions.</summary>
    public Tensor Values(Tensor context, Tensor joint) => Network.Unroll(cat([context, joint], -1)).squeeze(-1);

    /// <summary>
    /// ∂Q/∂a of each agent's own action [n, B, T, A], what a deterministic policy climbs (Silver et al., ICML 2014, theorem 1).
    /// </summary>
    /// <param name="context">[n, B, T, C].</param>
    /// <param name="joint">Joint actions, each agent's own among them [n, B, T, A or n·A].</param>
    /// <param name="values">Q [n, B, T].</param>
    public Tensor ActionSlope(Tensor context, Tensor joint, out Tensor values)
    {
        var slope = Network.Slope(cat([context, joint], -1), (int)context.shape[3], out var outputs);
        values = outputs.squeeze(-1);
        return _view == ActionCriticView.Own ? slope : OwnActions(slope);
    }

    /// <summary>A pass that gives Q [n, B, T, 1], to learn the critic.</summary>
    public NetworkPass Begin(Tensor context, Tensor joint) => Network.Begin(cat([context, joint], -1));

    /// <summary>[n, B, T, X] of each agent, one after another, for every agent or for that of each part of the rows [n, B / batches, T, n·X].</summary>
    private static Tensor ForAll(Tensor perAgent, int batches)
    {
        var shape = perAgent.shape;
        return perAgent.permute(1, 2, 0, 3).reshape(batches, shape[1] / batches, shape[2], -1).expand(shape[0], -1, -1, -1);
    }

    /// <summary>A view of each agent's own numbers [n, B, T, A] among the joint ones [n, B, T, n·A].</summary>
    private static Tensor OwnActions(Tensor joint)
    {
        var agents = joint.shape[0];
        return joint.unflatten(3, agents, -1).diagonal(0, 0, 3).permute(3, 0, 1, 2);
    }

    /// <summary>Agent i's numbers of its own part of the rows [n, B / batches, …], from those of all [n, B, …].</summary>
    internal static Tensor Parts(Tensor perAgent, int batches)
    {
        if (batches == 1) return perAgent;
        var own = perAgent.unflatten(1, batches, -1).diagonal(0, 0, 1);
        return own.dim() == 4 ? own.permute(3, 0, 1, 2) : own.permute(2, 0, 1);
    }

    private static TorchNetwork Create(GameSpec game, ActionCriticView view, int hidden, Activation activation, bool shared)
    {
        ArgumentNullException.ThrowIfNull(game);
        var (agents, width) = (game.Agents.Count, Width(game));
        var inputs = Ids(game, shared) + view switch
        {
            ActionCriticView.Own => game.Agents[0].ObservationSize + width,
            ActionCriticView.All => agents * (game.Agents[0].ObservationSize + width),
            _ => game.StateSize + agents * width,
        };
        return new TorchNetwork(NetworkDescription.Mlp(inputs, hidden, 1, activation), shared ? 1 : agents);
    }

    /// <summary>Numbers per action, A: a discrete action is one-hot.</summary>
    private static int Width(GameSpec game) =>
        game.Agents[0].Actions is ActionSpace.Discrete discrete ? discrete.Count : game.Agents[0].Actions.Width;

    private static int Ids(GameSpec game, bool shared) => shared && game.Agents.Count > 1 ? game.Agents.Count : 0;
}
