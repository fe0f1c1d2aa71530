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
        Spread(Actor.Network, Critic.Network, _targetActor.Network, _targetCritic.Network);
        Actor.Network.Initialise(seed, network: 0, outputGain: null);
        Critic.Network.Initialise(seed, network: 1, outputGain: null);
        _targetActor.Network.Follow(Actor.Network, 1);
        _targetCritic.Network.Follow(Critic.Network, 1);
        Replay = new ReplayDescription(
            options.Capacity, options.Batch * Batches, WholeEpisodes: false, options.UpdateEvery, options.WarmUp, KeepsStates: false);
    }

    /// <inheritdoc/>
    public override ReplayDescription Replay { get; }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState =>
        [("target.actor.weights", _targetActor.Network.Flat), ("target.critic.weights", _targetCritic.Network.Flat)];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [];

    private bool Discrete => Actor.Description.Bounds is null;

    /// <summary>Batches in an update, D.</summary>
    private int Batches => _options.BatchPerAgent ? Actor.Agents : 1;

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress)
    {
        var samples = Prepare(batch, number);
        var learningRate = _options.LearningRate * (_options.Anneal ? 1 - progress : 1);
        var (criticGradient, criticLoss) = DifferentiateCritic(samples);
        var criticNorm = Adam.ClipNorm(criticGradient, _options.MaxGradientNorm);
        CriticOptimiser.Step(criticGradient, learningRate);

        // The actors climb the critics as they are after this step, as in Lowe et al.'s program.
        var (actorGradient, actorLoss) = DifferentiateActor(samples);
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
    private protected override void Watch(Func<string, FiniteCheck?> check)
    {
        base.Watch(check);
        (_targetActor.Network.Check, _targetCritic.Network.Check) = (check("target.actor"), check("target.critic"));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _targetActor.Dispose();
        _targetCritic.Dispose();
    }

    private DdpgSamples Prepare(TrainingBatch batch, long number)
    {
        using var frozen = no_grad();
        var (steps, rows) = (batch.Steps, batch.Copies / Batches);
        var observations = Actor.WithIds(Actor.Description.AgentIds, batch.Observations);
        var next = observations.narrow(2, 1, steps);
        var context = Critic.Context(batch.Observations, batch.States, Batches);
        var actions = Discrete ? Actor.OneHot(batch.Actions) : batch.Actions;
        var outputs = Actor.Description.Network.Outputs;
        return new DdpgSamples(
            ActionCritic.Parts(observations.narrow(2, 0, steps), Batches), next, context.narrow(2, 0, steps), context.narrow(2, 1, steps),
            Critic.Joint(actions, Batches), ActionCritic.Parts(batch.Rewards, Batches),
            batch.Terminated.Times(-_options.Discount).PlusInPlace(_options.Discount).view(Batches, rows, steps),
            Discrete ? GumbelSoftmax.Noise(_seed, 2 * number, batch.Agents, rows, steps, outputs, context.device) : null,
            Discrete ? GumbelSoftmax.Noise(_seed, 2 * number + 1, batch.Agents, batch.Copies, steps, outputs, context.device) : null);
    }

    /// <summary>What the critics should say. Discrete next actions are drawn from the target policies, as in Lowe et al.'s program, not their most probable ones.</summary>
    private Tensor Targets(DdpgSamples samples)
    {
        using var frozen = no_grad();
        var outputs = _targetActor.Outputs(samples.Next);
        var next = samples.NextNoise is { } noise ? GumbelSoftmax.Sample(outputs, noise) : _targetActor.Bounded(outputs);
        var values = _targetCritic.Values(samples.NextContext, _targetCritic.Joint(next, Batches));
        return samples.Rewards.Plus(values * samples.Continues);
    }

    /// <summary>
    /// The gradient of the squared temporal differences, as a mean over rows: each agent's critic follows its own mean. The loss
    /// is the mean over the agents too.
    /// </summary>
    private (Tensor Gradient, Tensor Loss) DifferentiateCritic(DdpgSamples samples)
    {
        var targets = Targets(samples);
        var pass = Critic.Begin(samples.Context, samples.Joint);
        using var frozen = no_grad();
        var errors = pass.Outputs - targets.unsqueeze(-1);
        var loss = errors.Squared().sum().Over(samples.Rows * Actor.Agents);
        Critic.Network.Check?.Loss(loss);
        return (pass.Backward(errors.Times(2.0 / samples.Rows)), loss);
    }

    /// <summary>
    /// The same for the actors: less the value of each agent's present action, the others' being those of the replay, and a
    /// penalty on large outputs. Discrete actions are drawn, and the slope passes as if they were the softmax: the
    /// straight-through estimator.
    /// </summary>
    private (Tensor Gradient, Tensor Loss) DifferentiateActor(DdpgSamples samples)
    {
        var pass = Actor.Network.Begin(samples.Observations);
        var outputs = pass.Outputs;
        var relaxed = samples.Noise is { } noise ? GumbelSoftmax.Soft(outputs, noise) : Actor.Bounded(outputs);
        var actions = samples.Noise is { } drawn ? GumbelSoftmax.Sample(outputs, drawn) : relaxed.detach();
        var slope = Critic.ActionSlope(samples.Context, Critic.Replaced(samples.Joint, actions), out var values);
        var penalty = outputs.Squared().sum().Times(_options.Regularisation / Actor.Description.Network.Outputs);
        var gradient = pass.Gradient((penalty - (relaxed * slope).sum()).Over(samples.Rows));
        return (gradient, (penalty.detach() - values.sum()).Over(samples.Rows * Actor.Agents));
    }

    private static Actor CreateActor(GameSpec game, DdpgOptions options) => new(
        game, options.Hidden, options.Activation, options.ShareParameters, ((float)options.NoiseTheta, (float)options.NoiseSigma));

    private static ActionCritic CreateCritic(GameSpec game, ActionCriticView view, DdpgOptions options) =>
        new(game, view, options.Hidden, options.Activation, options.ShareParameters);
}
