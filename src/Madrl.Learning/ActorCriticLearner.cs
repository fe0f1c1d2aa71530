using Madrl.Learning.Networks;
using Madrl.Policies;
using static TorchSharp.torch;

namespace Madrl.Learning;

/// <summary>What the actor-critic learners have in common: an actor and a critic with an Adam each, and export of policies.</summary>
/// <typeparam name="TCritic">What values it learns.</typeparam>
public abstract class ActorCriticLearner<TCritic> : GradientLearner
    where TCritic : CriticNetwork
{
    /// <summary>A learner over the given networks, which it owns from now on.</summary>
    protected ActorCriticLearner(Actor actor, TCritic critic, double adamEpsilon, int threads)
        : base(threads)
    {
        Actor = actor;
        Critic = critic;
        ActorOptimiser = new Adam(actor.Network.Flat, adamEpsilon);
        CriticOptimiser = new Adam(critic.Network.Flat, adamEpsilon);
        Trained = [("actor", actor.Network.Flat, ActorOptimiser), ("critic", critic.Network.Flat, CriticOptimiser)];
    }

    /// <inheritdoc/>
    public sealed override PolicyDescription Policy => Actor.Description;

    /// <summary>The policies.</summary>
    protected internal Actor Actor { get; }

    /// <summary>The critic.</summary>
    protected internal TCritic Critic { get; }

    /// <summary>Optimiser of the policies.</summary>
    protected Adam ActorOptimiser { get; }

    /// <summary>Optimiser of the critic.</summary>
    protected Adam CriticOptimiser { get; }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<(string Name, Tensor Weights, Adam Optimiser)> Trained { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Block> ExportPolicies() => Actor.ExportPolicies();

    /// <inheritdoc/>
    private protected override void Watch(Func<string, FiniteCheck?> check) =>
        (Actor.Network.Check, Critic.Network.Check) = (check("actor"), check("critic"));

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Actor.Dispose();
        Critic.Dispose();
    }
}
