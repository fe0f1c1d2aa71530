using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Algorithms;

/// <summary>
/// Proximal policy optimisation for a team (Yu et al., "The Surprising Effectiveness of PPO in Cooperative Multi-Agent
/// Games", 2022): generalised advantages computed once per iteration, several epochs over shuffled minibatches of whole
/// episodes, clipped surrogate, values learnt in normalised units. MAPPO and IPPO differ in what the critic sees.
/// </summary>
public sealed class PpoLearner : ActorCriticLearner<Critic>
{
    internal const double AdamEpsilon = 1e-5;

    private static readonly string[] Names = ["policy_loss", "value_loss", "entropy", "policy_gradient_norm", "value_gradient_norm"];

    /// <summary>Iterations over which the value statistics forget: returns rise as the team learns.</summary>
    private const int StatisticsIterations = 10;

    private readonly PpoOptions _options;
    private readonly ulong _seed;
    private readonly RunningStatistics _returns;

    /// <summary>A learner with fresh weights.</summary>
    /// <param name="game">The game.</param>
    /// <param name="view">What the critic sees.</param>
    /// <param name="options">The settings.</param>
    /// <param name="copies">Copies in an iteration, B.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Learner threads.</param>
    public PpoLearner(GameSpec game, CriticView view, PpoOptions options, int copies, ulong seed, int threads)
        : base(
            new Actor(game, options.Hidden, options.Activation, options.ShareParameters),
            new Critic(game, view, options.Hidden, options.Activation, options.ShareParameters),
            AdamEpsilon, threads)
    {
        _options = options;
        _seed = seed;
        _returns = new RunningStatistics(1, (double)StatisticsIterations * copies * game.EpisodeLimit * game.Agents.Count);
        Spread(Actor.Network, Critic.Network);
        Actor.Network.Initialise(seed, network: 0, outputGain: 0.01);
        Critic.Network.Initialise(seed, network: 1, outputGain: 1);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [("returns", _returns)];

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long iteration, double progress)
    {
        var samples = Prepare(batch);
        var learningRate = _options.LearningRate * (_options.Anneal ? 1 - progress : 1);
        Tensor? last = null;
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            last?.Dispose();
            last = Pass(samples, iteration, epoch, learningRate);
        }

        return Names.Select((name, index) => (name, last![index])).ToDictionary();
    }

    /// <summary>Everything that stays the same over the epochs: inputs, old log-probabilities, advantages, targets.</summary>
    internal PpoSamples Prepare(TrainingBatch batch)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var actorInputs = Actor.Inputs(batch);
        var criticInputs = Critic.Inputs(batch);
        var old = Actor.Evaluate(Actor.Outputs(actorInputs), batch.Actions).LogProbability;
        var values = _returns.Restore(Critic.Values(criticInputs).unsqueeze(0)).squeeze(0);
        var advantages = Returns.GeneralisedAdvantages(
            batch.Rewards, values, batch.Mask, batch.Terminated, _options.Discount, _options.Lambda);
        var returns = advantages.Plus(values.narrow(2, 0, batch.Steps));
        _returns.Update(returns.masked_select(batch.Mask.expand_as(returns).to(ScalarType.Bool)).unsqueeze(0));
        var samples = new PpoSamples(
            actorInputs, criticInputs.narrow(2, 0, batch.Steps).contiguous(), batch.Actions, old,
            Standardise(advantages, batch.Mask), _returns.Standardise(returns.unsqueeze(0)).squeeze(0), batch.Mask);
        return samples.MoveToOuterScope();
    }

    /// <summary>An epoch: a step for every minibatch of shuffled episodes.</summary>
    /// <returns>What the last step measured, in the order of the report's names.</returns>
    internal Tensor Pass(PpoSamples samples, long iteration, int epoch, double learningRate)
    {
        // All together, in whatever order, are the same sums.
        if (_options.Minibatches == 1) return TakeStep(samples, learningRate);
        var copies = (int)samples.Mask.shape[0];
        var size = Math.Max(1, copies / _options.Minibatches);
        var order = Permutation(iteration, epoch, copies);
        Tensor? last = null;
        for (var first = 0; first + size <= copies; first += size)
        {
            last?.Dispose();
            using var minibatch = samples.Select(order.AsSpan(first, size));
            last = TakeStep(minibatch, learningRate);
        }

        return last!;
    }

    /// <summary>One step of both optimisers: losses are means over all steps taken by all agents.</summary>
    private Tensor TakeStep(PpoSamples samples, double learningRate)
    {
        using var scope = NewDisposeScope();
        var total = samples.Mask.sum().Times(Actor.Agents);
        var policy = Actor.Network.Begin(samples.ActorInputs);
        var (logProbability, entropies) = Actor.Evaluate(policy.Outputs, samples.Actions);
        var gain = PpoLosses.ClippedGain(logProbability, samples.OldLogProbability, samples.Advantages, samples.Mask, _options.Clip) / total;
        var entropy = (entropies * samples.Mask).sum() / total;
        var actorGradient = policy.Gradient(gain.Plus(entropy.Times(_options.Entropy)).neg());
        var value = Critic.Network.Begin(samples.CriticInputs);
        var valueLoss = PpoLosses.SquaredError(Critic.ValuesOf(value.Outputs), samples.Targets, samples.Mask) / total;
        var criticGradient = value.Gradient(valueLoss);
        using var frozen = no_grad();
        var actorNorm = Adam.ClipNorm(actorGradient, _options.MaxGradientNorm);
        var criticNorm = Adam.ClipNorm(criticGradient, _options.MaxGradientNorm);
        ActorOptimiser.Step(actorGradient, learningRate);
        CriticOptimiser.Step(criticGradient, learningRate);
        return stack([gain.neg(), valueLoss, entropy, actorNorm, criticNorm]).MoveToOuterDisposeScope();
    }

    /// <summary>A shuffled order of the copies, by Fisher and Yates, keyed by iteration and epoch.</summary>
    private long[] Permutation(long iteration, int epoch, int copies)
    {
        var random = new KeyedRandom(_seed, RandomPurpose.Minibatch, epoch, 0, iteration);
        var order = new long[copies];
        for (var i = 0; i < copies; i++)
        {
            var j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], i);
        }

        return order;
    }

    private static Tensor Standardise(Tensor advantages, Tensor mask)
    {
        var count = mask.sum().Times(advantages.shape[0]);
        var mean = advantages.sum() / count;
        var centred = (advantages - mean) * mask;
        return centred / (centred.Squared().sum() / count).sqrt().Plus(1e-5);
    }
}
