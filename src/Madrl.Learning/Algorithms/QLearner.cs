using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning.Networks;
using Madrl.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// IQL, VDN and QMIX as EPyMARL's <c>q_learner</c>, number by number (commit cbc38c0): double Q-learning on whole episodes from
/// replay, target networks, one Adam and one gradient norm over agents and mixer. Golden data: reference <c>updates/</c>.
/// </summary>
public sealed class QLearner : GradientLearner
{
    private const double AdamEpsilon = 1e-8;

    private readonly ValueMixing _mixing;
    private readonly QOptions _options;
    private readonly RunningStatistics _rewards;
    private readonly RunningStatistics _returns;
    private readonly EpymarlTargetSchedule _schedule;

    /// <summary>A learner with fresh weights.</summary>
    /// <param name="game">The game; its actions are discrete, and with <see cref="ValueMixing.Monotonic"/> it has a global state.</param>
    /// <param name="mixing">How the agents' values become what is learnt.</param>
    /// <param name="options">The settings.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Learner threads.</param>
    public QLearner(GameSpec game, ValueMixing mixing, QOptions options, ulong seed, int threads)
        : base(threads)
    {
        (_mixing, _options) = (mixing, options);
        (Agent, TargetAgent) = (CreateAgent(game, options), CreateAgent(game, options));
        Spread(Agent.Network, TargetAgent.Network);
        Agent.Network.Initialise(seed, network: 0, outputGain: null);
        TargetAgent.Network.Follow(Agent.Network, 1);
        Trained = [("agent", Agent.Network.Flat, new Adam(Agent.Network.Flat, AdamEpsilon))];
        if (mixing == ValueMixing.Monotonic)
        {
            (Mixer, TargetMixer) = (CreateMixer(game, options), CreateMixer(game, options));
            Mixer.Initialise(seed, network: 1);
            Spread([.. Mixer.Networks, .. TargetMixer.Networks]);
            TargetMixer.Flat.copy_(Mixer.Flat);
            Trained = [.. Trained, ("mixer", Mixer.Flat, new Adam(Mixer.Flat, AdamEpsilon))];
        }

        _rewards = new RunningStatistics(CommonReward ? 1 : game.Agents.Count);
        _returns = new RunningStatistics(mixing == ValueMixing.None ? game.Agents.Count : 1);
        _schedule = new EpymarlTargetSchedule(options.TargetUpdate);

        // The first update comes with the episode that completes a first batch.
        Replay = new ReplayDescription(
            (long)options.Capacity * game.EpisodeLimit, options.Batch, WholeEpisodes: true, UpdateEvery: game.EpisodeLimit,
            WarmUp: (options.Batch - 1L) * game.EpisodeLimit, KeepsStates: mixing == ValueMixing.Monotonic);
    }

    /// <summary>The agents as greedy policies: exploring ε-greedily is no part of the description, so only greedy acting is theirs.</summary>
    public override PolicyDescription Policy => Agent.Description;

    /// <inheritdoc/>
    public override ReplayDescription Replay { get; }

    /// <summary>The agents' networks.</summary>
    internal AgentNetwork Agent { get; }

    /// <summary>The agents' target networks.</summary>
    internal AgentNetwork TargetAgent { get; }

    /// <summary>The mixing network of QMIX.</summary>
    internal QmixMixer? Mixer { get; }

    /// <summary>The target mixing network of QMIX.</summary>
    internal QmixMixer? TargetMixer { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, Tensor Weights, Adam Optimiser)> Trained { get; }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState =>
    [
        ("target.agent.weights", TargetAgent.Network.Flat),
        .. TargetMixer is null ? Array.Empty<(string, Tensor)>() : [("target.mixer.weights", TargetMixer.Flat)],
        .. _schedule.State,
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [("rew_ms", _rewards), ("ret_ms", _returns)];

    /// <summary>A mixer learns one value for the team, so it is given the team's reward.</summary>
    private bool CommonReward => _options.CommonReward || _mixing != ValueMixing.None;

    /// <inheritdoc/>
    public override IReadOnlyList<Block> ExportPolicies() => Agent.ExportPolicies();

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress)
    {
        var samples = Prepare(batch);
        var pass = Agent.Network.Begin(samples.Inputs);
        var chosen = pass.Outputs.narrow(2, 0, samples.Steps).gather(-1, samples.Actions).squeeze(-1);
        var mixing = Mixer?.Begin(AgentsLast(chosen), samples.States.narrow(1, 0, samples.Steps));
        var taken = mixing is null ? Mix(chosen) : mixing.Output.unsqueeze(0);
        var differences = Compare(taken.detach(), Targets(samples, pass.Outputs.detach()), batch.Mask);
        var loss = differences.Loss(taken);
        var gradient = mixing is null ? pass.Gradient(loss).flatten() : Differentiate(pass, chosen, mixing, loss);
        using var frozen = no_grad();
        var norm = Adam.ClipNorm(gradient, _options.MaxGradientNorm);
        Step(gradient);
        return differences.Measure(loss, norm, batch.Agents);
    }

    /// <inheritdoc/>
    private protected override void Watch(Func<string, FiniteCheck?> check)
    {
        (Agent.Network.Check, TargetAgent.Network.Check) = (check("agent"), check("target.agent"));
        if (Mixer is not null) (Mixer.Check, TargetMixer!.Check) = (check("mixer"), check("target.mixer"));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Agent.Dispose();
        TargetAgent.Dispose();
        Mixer?.Dispose();
        TargetMixer?.Dispose();
    }

    private QSamples Prepare(TrainingBatch batch)
    {
        using var frozen = no_grad();
        var values = _mixing == ValueMixing.None ? batch.Agents : 1;
        return new QSamples(
            Agent.Inputs(batch), batch.Actions.to(ScalarType.Int64),
            EpymarlRewards.Of(batch, values, CommonReward, _options.StandardiseRewards ? _rewards : null),
            batch.Terminated.Complement().Times(_options.Discount), batch.States, batch.Available?.narrow(2, 1, batch.Steps).logical_not());
    }

    /// <summary>What the values [k, B, T] of the actions taken should be, from the online network's values of all [n, B, T+1, A].</summary>
    private Tensor Targets(QSamples samples, Tensor values)
    {
        using var frozen = no_grad();
        using var all = TargetAgent.Values(samples.Inputs);
        using var target = samples.AfterSteps(all);
        using var online = samples.AfterSteps(values);
        using var states = samples.States.narrow(1, 1, samples.Steps);
        using var best = Best(online, target);
        var next = TargetMixer is null ? Mix(best) : TargetMixer.Mix(AgentsLast(best), states).unsqueeze(0);
        if (_options.StandardiseReturns) next = _returns.Restore(next);
        return samples.Rewards.Plus(next * samples.Continues);
    }

    /// <summary>
    /// What the target network says of the best action [n, b, T], which with double Q the online network picks (van Hasselt,
    /// Guez, Silver, AAAI 2016, equation 4).
    /// </summary>
    private Tensor Best(Tensor online, Tensor target) =>
        _options.DoubleQ ? target.gather(-1, online.argmax(-1, true)).squeeze(-1) : target.amax([-1]);

    /// <summary>From the agents' values [n, b, T] to those that are learnt [k, b, T] without a mixing network: k is n, or 1 for their sum.</summary>
    private Tensor Mix(Tensor values) => _mixing == ValueMixing.Sum ? values.sum(0, keepdim: true) : values;

    private static Tensor AgentsLast(Tensor values) => values.permute(1, 2, 0);

    private TemporalDifferences Compare(Tensor taken, Tensor targets, Tensor mask)
    {
        using var frozen = no_grad();
        if (_options.StandardiseReturns)
        {
            _returns.Update(targets.flatten(1));
            targets = _returns.Standardise(targets);
        }

        return new TemporalDifferences(taken, targets, mask, mask.sum().Times(targets.size(0)));
    }

    /// <summary>The gradient, flat, of agents and mixer one after the other: back through the mixer, then through the agents' choices.</summary>
    private Tensor Differentiate(NetworkPass pass, Tensor chosen, QmixPass mixing, Tensor loss)
    {
        Agent.Network.Check?.Loss(loss);
        var mixer = mixing.Backward(autograd.grad([loss], [mixing.Output])[0], out var values);
        using var frozen = no_grad();
        using var byMoment = values.view(chosen.size(1), chosen.size(2), -1);
        using var byAgent = byMoment.permute(2, 0, 1);
        using var outputs = autograd.grad([chosen], [pass.Outputs], [byAgent])[0];
        using var agents = pass.Backward(outputs);
        return cat([agents.view(1, -1), .. mixer], 1).view(-1);
    }

    private void Step(Tensor gradient)
    {
        var offset = 0L;
        foreach (var (_, weights, optimiser) in Trained)
        {
            using var part = gradient.narrow(0, offset, weights.numel());
            using var shaped = part.view_as(weights);
            optimiser.Step(shaped, _options.LearningRate);
            offset += weights.numel();
        }

        (Tensor Target, Tensor Online) agent = (TargetAgent.Network.Flat, Agent.Network.Flat);
        _schedule.Follow(Mixer is null ? [agent] : [agent, (TargetMixer!.Flat, Mixer.Flat)]);
    }

    private static AgentNetwork CreateAgent(GameSpec game, QOptions options) =>
        new(game, options.Hidden, options.Recurrent, options.LastAction, options.ShareParameters);

    private static QmixMixer CreateMixer(GameSpec game, QOptions options) =>
        new(game.Agents.Count, game.StateSize, options.MixerHidden, options.HypernetLayers == 2 ? options.HypernetHidden : 0);
}
