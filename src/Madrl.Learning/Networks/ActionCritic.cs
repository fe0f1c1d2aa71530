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
    private readonly Tensor _own;

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
        var agents = game.Agents.Count;
        _own = eye(agents, device: Network.Flat.device).repeat_interleave(Width(game), 1).view(agents, 1, 1, -1).DetachFromDisposeScope();
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
        return Actor.WithIds(seen, _ids);
    }

    /// <summary>The actions that the critic of each agent sees [n, B / batches, T, A or n·A], from those of all agents [n, B, T, A].</summary>
    public Tensor Joint(Tensor actions, int batches = 1) => _view == ActionCriticView.Own ? Parts(actions, batches) : ForAll(actions, batches);

    /// <summary>Joint actions [n, B, T, A or n·A] in which each agent's own action is taken from <paramref name="own"/> [n, B, T, A].</summary>
    public Tensor Replaced(Tensor joint, Tensor own) =>
        _view == ActionCriticView.Own ? own : where(_own.to(ScalarType.Bool), own.repeat(1, 1, 1, own.shape[0]), joint);

    /// <summary>Q [n, B, T] for contexts [n, B, T, C] and joint actions.</summary>
    public Tensor Values(Tensor context, Tensor joint)
    {
        var shape = context.shape;
        return Network.Forward(cat([context, joint], -1).view(Network.Members, -1, context.shape[3] + joint.shape[3])).view(shape[0], shape[1], shape[2]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _own.Dispose();
    }

    /// <summary>[n, B, T, X] of each agent, one after another, for every agent or for that of each part of the rows [n, B / batches, T, n·X].</summary>
    private static Tensor ForAll(Tensor perAgent, int batches)
    {
        var shape = perAgent.shape;
        return perAgent.permute(1, 2, 0, 3).reshape(batches, shape[1] / batches, shape[2], -1).expand(shape[0], -1, -1, -1);
    }

    /// <summary>Agent i's numbers of its own part of the rows [n, B / batches, …], from those of all [n, B, …].</summary>
    internal static Tensor Parts(Tensor perAgent, int batches)
    {
        if (batches == 1) return perAgent;
        var agents = (int)perAgent.shape[0];
        return stack([.. Enumerable.Range(0, agents).Select(agent => perAgent[agent].unflatten(0, batches, -1)[agent])]);
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
