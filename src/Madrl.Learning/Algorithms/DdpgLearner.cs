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
    private const double AdamEpsilon = 1e-8;

    private readonly DdpgOptions _options;
    private readonly ulong _seed;
    private readonly Actor _targetActor;
    private readonly ActionCritic _targetCritic;
    private readonly RunningStatistics _rewards;

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
        _rewards = new RunningStatistics(1);
        Replay = new ReplayDescription(
            options.Capacity, options.Batch, WholeEpisodes: false, options.UpdateEvery, options.WarmUp,
            KeepsStates: view == ActionCriticView.State);
    }

    /// <inheritdoc/>
    public override ReplayDescription Replay { get; }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState =>
        [("target.actor.weights", _targetActor.Network.Flat), ("target.critic.weights", _targetCritic.Network.Flat)];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [("r", _rewards)];

    private bool Discrete => Actor.Description.Bounds is null;

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress)
    {
        var samples = Prepare(batch, number);
        var learningRate = _options.LearningRate * (_options.Anneal ? 1 - progress : 1);
        var (criticGradient, criticMeasured) = Differentiate(samples, CriticLoss, Critic.Network);
        var criticNorm = Adam.ClipNorm(criticGradient, _options.MaxGradientNorm);
        CriticOptimiser.Step(criticGradient, learningRate);
        var (actorGradient, actorMeasured) = Differentiate(samples, ActorLoss, Actor.Network);
        var actorNorm = Adam.ClipNorm(actorGradient, _options.MaxGradientNorm);
        ActorOptimiser.Step(actorGradient, learningRate * _options.ActorFactor);
        _targetCritic.Network.Follow(Critic.Network, _options.Tau);
        _targetActor.Network.Follow(Actor.Network, _options.Tau);
        return new Dictionary<string, Tensor>
        {
            ["critic_loss"] = criticMeasured[0],
            ["q_mean"] = criticMeasured[1],
            ["policy_loss"] = actorMeasured[0],
            ["squared_outputs"] = actorMeasured[1],
            ["critic_gradient_norm"] = criticNorm,
            ["policy_gradient_norm"] = actorNorm,
        };
    }

    private Samples Prepare(TrainingBatch batch, long number)
    {
        using var frozen = no_grad();
        var observations = Actor.WithIds(batch.Observations, Actor.Description.AgentIds);
        var context = Critic.Context(batch);
        var actions = Discrete ? Actor.OneHot(batch.Actions) : batch.Actions;
        var noise = Discrete ? Noise(number, 0, batch) : actions;
        var rewards = _options.TeamReward ? batch.Rewards.mean([0], keepdim: true).expand_as(batch.Rewards).contiguous() : batch.Rewards;
        rewards = rewards.Times(_options.RewardScale);
        if (_options.Standardise)
        {
            _rewards.Update(rewards.flatten().unsqueeze(0));
            rewards = _rewards.Standardise(rewards.unsqueeze(0)).squeeze(0);
        }

        return new Samples(
            observations.narrow(2, 0, batch.Steps), observations.narrow(2, 1, batch.Steps),
            context.narrow(2, 0, batch.Steps), context.narrow(2, 1, batch.Steps),
            actions, rewards, batch.Terminated.Complement().Times(_options.Discount), noise,
            Discrete && _options.SampleTarget ? Noise(number, 1, batch) : noise);
    }

    private Tensor Noise(long number, int which, TrainingBatch batch) => GumbelSoftmax.Noise(
        _seed + (ulong)which * 1000003, number, batch.Agents, batch.Copies, batch.Steps, Actor.Description.Network.Outputs);

    private (Tensor Loss, Tensor Measured) CriticLoss(Samples samples)
    {
        Tensor targets;
        using (no_grad())
        {
            var next = _targetActor.Outputs(samples.Next);
            next = Discrete ? GumbelSoftmax.OneHot(_options.SampleTarget ? next.Plus(samples.TargetNoise) : next) : _targetActor.Bounded(next);
            targets = samples.Rewards.Plus(_targetCritic.Values(samples.NextContext, _targetCritic.Joint(next)) * samples.Continues);
        }

        var values = Critic.Values(samples.Context, Critic.Joint(samples.Actions));
        return ((values - targets).Squared().sum(), values.detach().sum());
    }

    private (Tensor Loss, Tensor Measured) ActorLoss(Samples samples)
    {
        var outputs = Actor.Outputs(samples.Observations);
        var actions = Discrete ? GumbelSoftmax.StraightThrough(outputs, samples.Noise) : Actor.Bounded(outputs);
        var values = Critic.Values(samples.Context, Critic.Joint(actions, _options.CurrentOthers ? actions.detach() : samples.Actions));
        var penalty = outputs.Squared().mean([-1]).sum();
        return (values.sum().neg().Plus(penalty.Times(_options.Regularisation)), penalty.detach());
    }

    /// <summary>
    /// The gradient of a loss that is a sum over rows, each agent's divided by the number of rows; and the loss and a further
    /// sum as means. The rows are cut into fixed chunks whose results are added in order, whatever the number of threads.
    /// </summary>
    private (Tensor Gradient, Tensor Measured) Differentiate(
        Samples samples, Func<Samples, (Tensor Loss, Tensor Measured)> losses, TorchNetwork network)
    {
        var rows = samples.Rows;
        var chunks = Math.Min(_options.Chunks, rows);
        var results = new (Tensor Gradient, Tensor Measured)[chunks];
        Workers.Run(chunks, chunk =>
        {
            using var scope = NewDisposeScope();
            var first = rows * chunk / chunks;
            var (loss, measured) = losses(samples.Select(first, rows * (chunk + 1) / chunks - first));
            var gradient = network.Gradient(loss.Over(rows));
            using var frozen = no_grad();
            results[chunk] = (gradient.DetachFromDisposeScope(), stack([loss.detach(), measured]).DetachFromDisposeScope());
        });
        using var outerFrozen = no_grad();
        var gradient = results.Select(result => result.Gradient).Aggregate((sum, part) => sum.Plus(part));
        var measured = results.Select(result => result.Measured).Aggregate((sum, part) => sum.Plus(part)).Over(rows * Actor.Agents);
        if (chunks > 1)
        {
            foreach (var result in results)
            {
                result.Gradient.Dispose();
                result.Measured.Dispose();
            }
        }

        return (gradient, measured);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _targetActor.Dispose();
        _targetCritic.Dispose();
    }

    private static Actor CreateActor(GameSpec game, DdpgOptions options) => new(
        game, options.Hidden, options.Activation, options.ShareParameters, ((float)options.NoiseTheta, (float)options.NoiseSigma));

    private static ActionCritic CreateCritic(GameSpec game, ActionCriticView view, DdpgOptions options) =>
        new(game, view, options.Hidden, options.Activation, options.ShareParameters);

    /// <summary>The transitions of an update; the second axis of all tensors but the last three is the row.</summary>
    private sealed record Samples(
        Tensor Observations, Tensor Next, Tensor Context, Tensor NextContext, Tensor Actions, Tensor Rewards, Tensor Continues, Tensor Noise, Tensor TargetNoise)
    {
        public int Rows => (int)Rewards.shape[1];

        public Samples Select(int first, int count) => new(
            Observations.narrow(1, first, count), Next.narrow(1, first, count), Context.narrow(1, first, count),
            NextContext.narrow(1, first, count), Actions.narrow(1, first, count), Rewards.narrow(1, first, count),
            Continues.narrow(0, first, count), Noise.narrow(1, first, count), TargetNoise.narrow(1, first, count));
    }
}
