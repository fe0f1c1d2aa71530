using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning;

/// <summary>
/// What the actor-critic learners have in common: an actor and a critic with an Adam each, export of policies,
/// checkpoints, and the check that nothing became non-finite.
/// </summary>
/// <typeparam name="TCritic">What values it learns.</typeparam>
public abstract class ActorCriticLearner<TCritic> : Learner
    where TCritic : CriticNetwork
{
    /// <summary>A learner over the given networks, which it owns from now on.</summary>
    protected ActorCriticLearner(Actor actor, TCritic critic, double adamEpsilon, int threads)
    {
        Actor = actor;
        Critic = critic;
        ActorOptimiser = new Adam(actor.Network.Flat, adamEpsilon);
        CriticOptimiser = new Adam(critic.Network.Flat, adamEpsilon);
        Workers = new LearnerThreads(threads);
    }

    /// <inheritdoc/>
    public sealed override PolicyDescription Policy => Actor.Description;

    /// <inheritdoc/>
    public sealed override int Threads => Workers.Count;

    /// <inheritdoc/>
    public sealed override long Updates => ActorOptimiser.Steps;

    /// <summary>The policies.</summary>
    protected internal Actor Actor { get; }

    /// <summary>The critic.</summary>
    protected internal TCritic Critic { get; }

    /// <summary>Optimiser of the policies.</summary>
    protected Adam ActorOptimiser { get; }

    /// <summary>Optimiser of the critic.</summary>
    protected Adam CriticOptimiser { get; }

    /// <summary>The threads that chunks of a minibatch are spread over.</summary>
    protected LearnerThreads Workers { get; }

    /// <summary>Parts of the state beyond networks and optimisers.</summary>
    protected virtual IEnumerable<(string Name, Tensor Tensor)> FurtherState => [];

    /// <summary>Running statistics that belong to the state.</summary>
    protected abstract IEnumerable<(string Name, RunningStatistics Statistics)> Statistics { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Block> ExportPolicies() => Actor.ExportPolicies();

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, double> Learn(IReadOnlyList<Rollout> rollouts, long number, double progress)
    {
        using var scope = NewDisposeScope();
        var batch = TrainingBatch.From(rollouts);
        var measured = Update(batch, number, progress);
        using var frozen = no_grad();
        var values = stack([.. measured.Select(item => item.Value)]).to(ScalarType.Float64).data<double>().ToArray();
        var report = measured.Keys.Zip(values).ToDictionary();
        foreach (var (name, value) in report)
        {
            if (!double.IsFinite(value)) throw new NonFiniteException(name, number);
        }

        return report;
    }

    /// <summary>One update from a batch; the caller's dispose scope takes what it leaves.</summary>
    /// <returns>Scalars by name; every one of them is checked to be finite.</returns>
    protected internal abstract IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<(string Name, Block Tensor)> Save()
    {
        using var scope = NewDisposeScope();
        return
        [
            .. StateTensors().Select(item => (item.Name, Tensors.ToBlock(item.Tensor))),
            .. Statistics.SelectMany(item => item.Statistics.Save(item.Name)),
            ("actor.steps", Block.From([(double)ActorOptimiser.Steps])),
            ("critic.steps", Block.From([(double)CriticOptimiser.Steps])),
        ];
    }

    /// <inheritdoc/>
    public sealed override void Load(IReadOnlyDictionary<string, Block> tensors)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, target) in StateTensors())
        {
            var block = Require(tensors, name);
            if (!block.Shape.Select(size => (long)size).SequenceEqual(target.shape))
                throw new InvalidDataException($"'{name}' has shape [{string.Join(", ", block.Shape)}] instead of [{string.Join(", ", target.shape)}].");
            target.copy_(Tensors.FromBlock(block));
        }

        foreach (var (name, statistics) in Statistics) statistics.Load(name, tensors);
        ActorOptimiser.Steps = (long)Require(tensors, "actor.steps").AsDoubles()[0];
        CriticOptimiser.Steps = (long)Require(tensors, "critic.steps").AsDoubles()[0];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Workers.Dispose();
        ActorOptimiser.Dispose();
        CriticOptimiser.Dispose();
        Actor.Dispose();
        Critic.Dispose();
        foreach (var (_, statistics) in Statistics) statistics.Dispose();
        foreach (var (_, tensor) in FurtherState) tensor.Dispose();
    }

    private IEnumerable<(string Name, Tensor Tensor)> StateTensors() =>
    [
        ("actor.weights", Actor.Network.Flat),
        ("actor.adam.first", ActorOptimiser.FirstMoment),
        ("actor.adam.second", ActorOptimiser.SecondMoment),
        ("critic.weights", Critic.Network.Flat),
        ("critic.adam.first", CriticOptimiser.FirstMoment),
        ("critic.adam.second", CriticOptimiser.SecondMoment),
        .. FurtherState,
    ];
}
