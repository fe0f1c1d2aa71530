using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// Deep deterministic policy gradients for a team (Lowe et al., "Multi-Agent Actor-Critic for Mixed Cooperative-Competitive
/// Environments", NeurIPS 2017): off-policy, from single transitions, with a critic of actions per agent, which also is what
/// each actor climbs. Discrete actions pass gradients by the straight-through Gumbel-softmax. MADDPG and IDDPG differ in what
/// the critic sees.
/// </summary>
public sealed class DdpgLearner : ActorCriticLearner<ActionCritic>
{
    /// <summary>
    /// Chunks that a gradient is computed in. Fixed, so that the number of threads never changes the sums; few, because each
    /// pays for its own small operations.
    /// </summary>
    private const int Chunks = 2;

    private const double AdamEpsilon = 1e-8;

    private readonly DdpgOptions _options;
    private readonly ulong _seed;
    private readonly Actor _targetActor;
    private readonly ActionCritic _targetCritic;

    /// <summary>A learner with fresh weights.</summary>
    /// <param name="game">The game.</param>
    /// <param name="view">What the critic sees.</param>
    /// <param name="options">The settings.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Learner threads.</param>
    public DdpgLearner(GameSpec game, ActionCriticView view, DdpgOptions options, ulong seed, int threads)
        : base(CreateActor(game, options), CreateCritic(game, view, options), AdamEpsilon, threads)
    {
        _options = options;
        _seed = seed;
        _targetActor = CreateActor(game, options);
        _targetCritic = CreateCritic(game, view, options);
        Actor.Network.Initialise(seed, network: 0, outputGain: null);
        Critic.Network.Initialise(seed, network: 1, outputGain: null);
        _targetActor.Network.Follow(Actor.Network, 1);
        _targetCritic.Network.Follow(Critic.Network, 1);
        Replay = new ReplayDescription(
            options.Capacity, options.Batch, WholeEpisodes: false, options.UpdateEvery, options.WarmUp, KeepsStates: false);
    }

    /// <inheritdoc/>
    public override ReplayDescription Replay { get; }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState =>
        [("target.actor.weights", _targetActor.Network.Flat), ("target.critic.weights", _targetCritic.Network.Flat)];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [];

    private bool Discrete => Actor.Description.Bounds is null;

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress)
    {
        var samples = Prepare(batch, number);
        var learningRate = _options.LearningRate * (_options.Anneal ? 1 - progress : 1);
        var (criticGradient, criticLoss) = Differentiate(samples, CriticLoss, Critic.Network);
        var criticNorm = Adam.ClipNorm(criticGradient, _options.MaxGradientNorm);
        CriticOptimiser.Step(criticGradient, learningRate);

        // The actors climb the critics as they are after this step, as in Lowe et al.'s program.
        var (actorGradient, actorLoss) = Differentiate(samples, ActorLoss, Actor.Network);
        var actorNorm = Adam.ClipNorm(actorGradient, _options.MaxGradientNorm);
        ActorOptimiser.Step(actorGradient, learningRate);
        _targetCritic.Network.Follow(Critic.Network, _options.Tau);
        _targetActor.Network.Follow(Actor.Network, _options.Tau);
        return new Dictionary<string, Tensor>
        {
            ["critic_loss"] = criticLoss,
            ["policy_loss"] = actorLoss,
            ["critic_gradient_norm"] = criticNorm,
            ["policy_gradient_norm"] = actorNorm,
        };
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _targetActor.Dispose();
        _targetCritic.Dispose();
    }

    private Samples Prepare(TrainingBatch batch, long number)
    {
        using var frozen = no_grad();
        var steps = batch.Steps;
        var noise = Discrete
            ? GumbelSoftmax.Noise(_seed, number, batch.Agents, batch.Copies, steps + 1, Actor.Description.Network.Outputs)
            : null;
        return new Samples(
            Actor.WithIds(batch.Observations, Actor.Description.AgentIds), Critic.Context(batch),
            Discrete ? Actor.OneHot(batch.Actions) : batch.Actions, batch.Rewards,
            batch.Terminated.Complement().Times(_options.Discount), noise);
    }

    /// <summary>
    /// Squared temporal differences. The targets' discrete actions are drawn from the target policies, as in Lowe et al.'s
    /// program, not their most probable ones.
    /// </summary>
    private Tensor CriticLoss(Samples samples)
    {
        var steps = samples.Rewards.shape[2];
        Tensor targets;
        using (no_grad())
        {
            var outputs = _targetActor.Outputs(samples.Observations.narrow(2, 1, steps));
            var next = samples.Noise is { } noise ? GumbelSoftmax.OneHot(outputs.Plus(noise.narrow(2, 1, steps))) : _targetActor.Bounded(outputs);
            var values = _targetCritic.Values(samples.Context.narrow(2, 1, steps), _targetCritic.Joint(next));
            targets = samples.Rewards.Plus(values * samples.Continues);
        }

        return (Critic.Values(samples.Context.narrow(2, 0, steps), Critic.Joint(samples.Actions)) - targets).Squared().sum();
    }

    /// <summary>Less the value of each agent's present action, the others' being those of the replay; and a penalty on large outputs.</summary>
    private Tensor ActorLoss(Samples samples)
    {
        var steps = samples.Rewards.shape[2];
        var outputs = Actor.Outputs(samples.Observations.narrow(2, 0, steps));
        var actions = samples.Noise is { } noise ? GumbelSoftmax.StraightThrough(outputs, noise.narrow(2, 0, steps)) : Actor.Bounded(outputs);
        var values = Critic.Values(samples.Context.narrow(2, 0, steps), Critic.Joint(actions, samples.Actions));
        return outputs.Squared().mean([-1]).sum().Times(_options.Regularisation) - values.sum();
    }

    /// <summary>
    /// The gradient of a loss that is a sum over rows and agents, as a mean over rows: each agent's network follows its own
    /// mean. The chunks' results are added in order, whatever the number of threads.
    /// </summary>
    /// <returns>The gradient, and the mean loss over rows and agents.</returns>
    private (Tensor Gradient, Tensor Loss) Differentiate(Samples samples, Func<Samples, Tensor> lossOf, TorchNetwork network)
    {
        var rows = samples.Rows;
        var chunks = Math.Min(Chunks, rows);
        var (gradients, losses) = (new Tensor[chunks], new Tensor[chunks]);
        Workers.Run(chunks, chunk =>
        {
            using var scope = NewDisposeScope();
            var first = rows * chunk / chunks;
            var loss = lossOf(samples.Select(first, rows * (chunk + 1) / chunks - first)).Over(rows);
            gradients[chunk] = network.Gradient(loss).DetachFromDisposeScope();
            losses[chunk] = loss.detach().DetachFromDisposeScope();
        });
        return (Sum(gradients), Sum(losses).Over(Actor.Agents));
    }

    private static Actor CreateActor(GameSpec game, DdpgOptions options) => new(
        game, options.Hidden, options.Activation, options.ShareParameters, ((float)options.NoiseTheta, (float)options.NoiseSigma));

    private static ActionCritic CreateCritic(GameSpec game, ActionCriticView view, DdpgOptions options) =>
        new(game, view, options.Hidden, options.Activation, options.ShareParameters);

    /// <summary>The transitions of an update, by rows; observations, context and noise have an entry before and one after.</summary>
    private sealed record Samples(
        Tensor Observations, Tensor Context, Tensor Actions, Tensor Rewards, Tensor Continues, Tensor? Noise)
    {
        public int Rows => (int)Rewards.shape[1];

        public Samples Select(int first, int count) => new(
            Observations.narrow(1, first, count), Context.narrow(1, first, count), Actions.narrow(1, first, count),
            Rewards.narrow(1, first, count), Continues.narrow(0, first, count), Noise?.narrow(1, first, count));
    }
}
