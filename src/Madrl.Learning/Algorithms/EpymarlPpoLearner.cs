using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// EPyMARL's <c>ppo_learner</c>, reproduced number by number (commit cbc38c0): n-step returns from a target critic, whole
/// batches, one critic step and then one actor step per epoch. Golden data: reference <c>updates/</c>.
/// </summary>
public sealed class EpymarlPpoLearner : ActorCriticLearner<Critic>
{
    private const double AdamEpsilon = 1e-8;
    private const double ProbabilityFloor = 1e-10;

    private readonly EpymarlPpoOptions _options;
    private readonly Critic _target;
    private readonly RunningStatistics _rewards;
    private readonly RunningStatistics _returns;
    private readonly EpymarlTargetSchedule _schedule;

    /// <summary>A learner with fresh weights.</summary>
    /// <param name="game">The game.</param>
    /// <param name="view">What the critic sees: <see cref="CriticView.StateAndAgent"/> or <see cref="CriticView.Observation"/>.</param>
    /// <param name="options">The settings.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Learner threads.</param>
    public EpymarlPpoLearner(GameSpec game, CriticView view, EpymarlPpoOptions options, ulong seed, int threads)
        : base(
            new Actor(game, options.Hidden, Activation.Relu, options.ShareParameters),
            new Critic(game, view, options.Hidden, Activation.Relu, options.ShareParameters),
            AdamEpsilon, threads)
    {
        _options = options;
        _target = new Critic(game, view, options.Hidden, Activation.Relu, options.ShareParameters);
        _rewards = new RunningStatistics(options.CommonReward ? 1 : game.Agents.Count);
        _returns = new RunningStatistics(game.Agents.Count);
        _schedule = new EpymarlTargetSchedule(options.TargetUpdate);
        Spread(Actor.Network, Critic.Network, _target.Network);
        Actor.Network.Initialise(seed, network: 0, outputGain: null);
        Critic.Network.Initialise(seed, network: 1, outputGain: null);
        _target.Network.Flat.copy_(Critic.Network.Flat);
    }

    /// <summary>The target critic.</summary>
    internal Critic Target => _target;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState =>
        [("target.weights", _target.Network.Flat), .. _schedule.State];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics =>
        [("rew_ms", _rewards), ("ret_ms", _returns)];

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long iteration, double progress)
    {
        Tensor actorInputs, criticInputs, mask, rewards, targetValues, old;
        using (no_grad())
        {
            actorInputs = Actor.Inputs(batch);
            criticInputs = Critic.Inputs(batch);
            mask = batch.Mask;
            rewards = EpymarlRewards.Of(batch, Actor.Agents, _options.CommonReward, _options.StandardiseRewards ? _rewards : null);
            targetValues = _target.Values(criticInputs);
            old = LogProbability(Probabilities(actorInputs, batch), batch.Actions);
        }

        var measured = new Dictionary<string, Tensor>();
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            // The policy of an epoch is evaluated before its critic step, as there; the order changes no number.
            var probabilities = Probabilities(actorInputs, batch);
            var advantages = StepCritic(criticInputs.narrow(2, 0, batch.Steps), Targets(rewards, targetValues, mask), mask, measured);
            StepActor(probabilities, old, advantages, batch, measured);
        }

        _schedule.Follow((_target.Network.Flat, Critic.Network.Flat));
        return measured;
    }

    /// <inheritdoc/>
    private protected override void Watch(Func<string, FiniteCheck?> check)
    {
        base.Watch(check);
        _target.Network.Check = check("target.critic");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _target.Dispose();
    }

    /// <summary>Returns of this epoch: the statistics move with every epoch, the target critic does not.</summary>
    private Tensor Targets(Tensor rewards, Tensor targetValues, Tensor mask)
    {
        using var frozen = no_grad();
        var values = _options.StandardiseReturns ? _returns.Restore(targetValues) : targetValues;
        var returns = Returns.NStep(rewards, values, mask, _options.NStep, _options.Discount, _options.AddValueLastStep);
        if (!_options.StandardiseReturns) return returns;
        _returns.Update(returns.flatten(1));
        return _returns.Standardise(returns);
    }

    /// <summary>One step of the critic; the temporal differences before it are the advantages [n, B, T].</summary>
    private Tensor StepCritic(Tensor inputs, Tensor targets, Tensor mask, Dictionary<string, Tensor> measured)
    {
        var values = Critic.Values(inputs);
        var advantages = (targets - values).detach() * mask;
        var total = mask.sum().Times(Actor.Agents);
        var loss = PpoLosses.SquaredError(values, targets, mask) / total;
        var gradient = Critic.Network.Gradient(loss);
        measured["critic_grad_norm"] = Adam.ClipNorm(gradient, _options.MaxGradientNorm);
        CriticOptimiser.Step(gradient, _options.LearningRate);
        measured["critic_loss"] = loss.detach();
        measured["td_error_abs"] = advantages.abs().sum() / total;
        measured["q_taken_mean"] = (values.detach() * mask).sum() / total;
        measured["target_mean"] = (targets * mask).sum() / total;
        measured["advantage_mean"] = advantages.sum() / total;
        return advantages;
    }

    private void StepActor(Tensor probabilities, Tensor old, Tensor advantages, TrainingBatch batch, Dictionary<string, Tensor> measured)
    {
        var total = batch.Mask.sum().Times(Actor.Agents);
        var entropy = (probabilities * probabilities.Plus(ProbabilityFloor).log()).sum(-1).neg();
        var gain = PpoLosses.ClippedGain(LogProbability(probabilities, batch.Actions), old, advantages, batch.Mask, _options.Clip);
        var loss = gain.Plus((entropy * batch.Mask).sum().Times(_options.Entropy)).neg() / total;
        var gradient = Actor.Network.Gradient(loss);
        measured["agent_grad_norm"] = Adam.ClipNorm(gradient, _options.MaxGradientNorm);
        ActorOptimiser.Step(gradient, _options.LearningRate);
        measured["pg_loss"] = loss.detach();
        measured["pi_max"] = (probabilities.detach().amax([-1]) * batch.Mask).sum() / total;
    }

    /// <summary>Action probabilities [n, B, T, A]; 1 for every action where nothing was done.</summary>
    private Tensor Probabilities(Tensor inputs, TrainingBatch batch) =>
        nn.functional.softmax(Actor.Outputs(inputs, batch.Available?.narrow(2, 0, batch.Steps)), -1).Filled(batch.Mask.unsqueeze(-1).to(ScalarType.Bool).logical_not(), 1);

    private static Tensor LogProbability(Tensor probabilities, Tensor actions) =>
        (probabilities.gather(-1, actions.to(ScalarType.Int64)).squeeze(-1).Plus(ProbabilityFloor)).log();
}
