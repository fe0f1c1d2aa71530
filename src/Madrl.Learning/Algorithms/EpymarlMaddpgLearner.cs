using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// EPyMARL's <c>maddpg_learner</c>, reproduced number by number (commit cbc38c0): whole episodes from replay, a critic over
/// the global state and all actions, losses that are plain means over padding too. Golden data: reference <c>updates/</c>.
/// </summary>
public sealed class EpymarlMaddpgLearner : ActorCriticLearner<ActionCritic>
{
    private const double AdamEpsilon = 1e-8;

    private readonly EpymarlMaddpgOptions _options;
    private readonly ulong _seed;
    private readonly RunningStatistics _rewards;
    private readonly EpymarlTargetSchedule _schedule;

    /// <summary>A learner with fresh weights.</summary>
    /// <param name="game">The game; its actions are discrete.</param>
    /// <param name="options">The settings.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Learner threads.</param>
    public EpymarlMaddpgLearner(GameSpec game, EpymarlMaddpgOptions options, ulong seed, int threads)
        : base(CreateActor(game, options), CreateCritic(game, options), AdamEpsilon, threads)
    {
        _options = options;
        _seed = seed;
        TargetActor = CreateActor(game, options);
        TargetCritic = CreateCritic(game, options);
        _rewards = new RunningStatistics(options.CommonReward ? 1 : game.Agents.Count);
        _schedule = new EpymarlTargetSchedule(options.TargetUpdate);
        Spread(Actor.Network, Critic.Network, TargetActor.Network, TargetCritic.Network);
        Actor.Network.Initialise(seed, network: 0, outputGain: null);
        Critic.Network.Initialise(seed, network: 1, outputGain: null);
        TargetActor.Network.Follow(Actor.Network, 1);
        TargetCritic.Network.Follow(Critic.Network, 1);

        // The first update comes with the episode that completes a first batch.
        Replay = new ReplayDescription(
            (long)options.Capacity * game.EpisodeLimit, options.Batch, WholeEpisodes: true, UpdateEvery: game.EpisodeLimit,
            WarmUp: (options.Batch - 1L) * game.EpisodeLimit, KeepsStates: true);
    }

    /// <inheritdoc/>
    public override ReplayDescription Replay { get; }

    /// <summary>The target policies.</summary>
    internal Actor TargetActor { get; }

    /// <summary>The target critic.</summary>
    internal ActionCritic TargetCritic { get; }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState =>
        [("target.actor.weights", TargetActor.Network.Flat), ("target.critic.weights", TargetCritic.Network.Flat), .. _schedule.State];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [("rew_ms", _rewards)];

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress) =>
        Update(batch, GumbelSoftmax.Noise(_seed, number, batch.Agents, batch.Copies, batch.Steps, Actor.Description.Network.Outputs, batch.Observations.device));

    /// <summary>One update with given Gumbel noise [n, B, T, A].</summary>
    internal IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, Tensor noise)
    {
        var measured = new Dictionary<string, Tensor>();
        Tensor observations, context, mask;
        using (no_grad())
        {
            observations = Actor.WithIds(Actor.Description.AgentIds, batch.Observations);
            context = Critic.Context(batch.Observations, batch.States);
            mask = batch.Terminated.Complement().expand(batch.Agents, -1, -1);
        }

        StepCritic(batch, observations, context, mask, measured);
        StepActor(batch, observations.narrow(2, 0, batch.Steps), context.narrow(2, 0, batch.Steps), mask, noise, measured);
        _schedule.Follow((TargetActor.Network.Flat, Actor.Network.Flat), (TargetCritic.Network.Flat, Critic.Network.Flat));
        return measured;
    }

    /// <inheritdoc/>
    private protected override void Watch(Func<string, FiniteCheck?> check)
    {
        base.Watch(check);
        (TargetActor.Network.Check, TargetCritic.Network.Check) = (check("target.actor"), check("target.critic"));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        TargetActor.Dispose();
        TargetCritic.Dispose();
    }

    private void StepCritic(TrainingBatch batch, Tensor observations, Tensor context, Tensor mask, Dictionary<string, Tensor> measured)
    {
        var steps = batch.Steps;
        Tensor targets, actions;
        using (no_grad())
        {
            var next = TargetActor.Outputs(observations.narrow(2, 1, steps), batch.Available?.narrow(2, 1, steps));
            var values = TargetCritic.Values(context.narrow(2, 1, steps), TargetCritic.Joint(GumbelSoftmax.OneHot(next)));
            var rewards = EpymarlRewards.Of(batch, batch.Agents, _options.CommonReward, _options.StandardiseRewards ? _rewards : null);
            targets = rewards.Plus(batch.Terminated.Complement().Times(_options.Discount) * values);
            actions = Actor.OneHot(batch.Actions) * (batch.Acted ?? batch.Mask).unsqueeze(-1);
        }

        var taken = Critic.Values(context.narrow(2, 0, steps), Critic.Joint(actions));
        var errors = (taken - targets) * mask;
        var loss = errors.Squared().mean();
        var gradient = Critic.Network.Gradient(loss);
        measured["critic_grad_norm"] = Adam.ClipNorm(gradient, _options.MaxGradientNorm);
        CriticOptimiser.Step(gradient, _options.LearningRate);
        var total = mask.sum();
        measured["critic_loss"] = loss.detach();
        measured["td_error_abs"] = errors.detach().abs().sum() / total;
        measured["q_taken_mean"] = taken.detach().sum() / total;
        measured["target_mean"] = targets.sum() / total;
    }

    private void StepActor(
        TrainingBatch batch, Tensor observations, Tensor context, Tensor mask, Tensor noise, Dictionary<string, Tensor> measured)
    {
        var available = batch.Available?.narrow(2, 0, batch.Steps);
        var logits = Actor.Outputs(observations, available);
        var actions = GumbelSoftmax.StraightThrough(logits, noise);
        var values = Critic.Values(context, Critic.Replaced(Critic.Joint(actions.detach()), actions));
        var free = available is null ? logits : logits.Filled(available.logical_not(), 0);
        var loss = free.Squared().mean().Times(_options.Regularisation) - (values * mask).mean();
        var gradient = Actor.Network.Gradient(loss);
        measured["agent_grad_norm"] = Adam.ClipNorm(gradient, _options.MaxGradientNorm);
        ActorOptimiser.Step(gradient, _options.LearningRate);
        measured["pg_loss"] = loss.detach();
    }

    private static Actor CreateActor(GameSpec game, EpymarlMaddpgOptions options) =>
        new(game, options.Hidden, Activation.Relu, options.ShareParameters);

    private static ActionCritic CreateCritic(GameSpec game, EpymarlMaddpgOptions options) =>
        new(game, ActionCriticView.State, options.Hidden, Activation.Relu, options.ShareParameters);
}
