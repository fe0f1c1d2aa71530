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
    /// <summary>Chunks that a minibatch's gradient is computed in. Fixed, so that the number of threads never changes the sums.</summary>
    private const int Chunks = LearnerThreads.Most;

    private const double AdamEpsilon = 1e-5;

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
        var size = Math.Max(1, batch.Copies / _options.Minibatches);
        Step? last = null;
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            var order = Permutation(iteration, epoch, batch.Copies);
            for (var first = 0; first + size <= batch.Copies; first += size)
            {
                last?.Dispose();
                last = TakeStep(samples, order.AsSpan(first, size), learningRate);
            }
        }

        using (last) return last!.Measured;
    }

    /// <summary>Everything that stays the same over the epochs: inputs, old log-probabilities, advantages, targets.</summary>
    private Samples Prepare(TrainingBatch batch)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var actorInputs = Actor.Inputs(batch);
        var criticInputs = Critic.Inputs(batch);
        var old = new Tensor[Chunks];
        var values = new Tensor[Chunks];
        var parts = Split(batch.Copies);
        Workers.Run(parts.Length, part =>
        {
            using var chunkFrozen = no_grad();
            using var chunkScope = NewDisposeScope();
            var (first, count) = parts[part];
            var outputs = Actor.Outputs(actorInputs.narrow(1, first, count));
            old[part] = Actor.Evaluate(outputs, batch.Actions.narrow(1, first, count)).LogProbability.DetachFromDisposeScope();
            values[part] = Critic.Values(criticInputs.narrow(1, first, count)).DetachFromDisposeScope();
        });
        var joined = _returns.Restore(Join(values[..parts.Length]).unsqueeze(0)).squeeze(0);
        var advantages = Returns.GeneralisedAdvantages(
            batch.Rewards, joined, batch.Mask, batch.Terminated, _options.Discount, _options.Lambda);
        var returns = advantages.Plus(joined.narrow(2, 0, batch.Steps));
        _returns.Update(returns.masked_select(batch.Mask.expand_as(returns).to(ScalarType.Bool)).unsqueeze(0));
        var samples = new Samples(
            actorInputs, criticInputs.narrow(2, 0, batch.Steps), batch.Actions, Join(old[..parts.Length]),
            Standardise(advantages, batch.Mask), _returns.Standardise(returns.unsqueeze(0)).squeeze(0), batch.Mask);
        return samples.MoveToOuterScope();
    }

    private Step TakeStep(Samples samples, ReadOnlySpan<long> copies, double learningRate)
    {
        using var scope = NewDisposeScope();
        var index = copies.ToArray();
        var parts = Split(index.Length);
        var total = samples.Mask.index_select(0, tensor(index, device: samples.Mask.device)).sum().item<float>() * Actor.Agents;
        var results = new ChunkResult[parts.Length];
        Workers.Run(parts.Length, part =>
        {
            var (first, count) = parts[part];
            results[part] = Differentiate(samples.Select(index.AsSpan(first, count)), total);
        });
        using var frozen = no_grad();
        var actorGradient = Sum(results.Select(result => result.ActorGradient));
        var criticGradient = Sum(results.Select(result => result.CriticGradient));
        var measured = Sum(results.Select(result => result.Measured));
        foreach (var result in results) result.Dispose();
        var actorNorm = Adam.ClipNorm(actorGradient, _options.MaxGradientNorm);
        var criticNorm = Adam.ClipNorm(criticGradient, _options.MaxGradientNorm);
        ActorOptimiser.Step(actorGradient, learningRate);
        CriticOptimiser.Step(criticGradient, learningRate);
        return new Step(measured, actorNorm, criticNorm);
    }

    private ChunkResult Differentiate(Samples samples, float total)
    {
        using var scope = NewDisposeScope();
        using var own = samples;
        var outputs = Actor.Outputs(samples.ActorInputs);
        var (logProbability, entropies) = Actor.Evaluate(outputs, samples.Actions);
        var gain = PpoLosses.ClippedGain(logProbability, samples.OldLogProbability, samples.Advantages, samples.Mask, _options.Clip)
            .Over(total);
        var entropy = (entropies * samples.Mask).sum().Over(total);
        var actorGradient = Actor.Network.Gradient(gain.Plus(entropy.Times(_options.Entropy)).neg());
        var valueLoss = PpoLosses.SquaredError(Critic.Values(samples.CriticInputs), samples.Targets, samples.Mask).Over(total);
        var criticGradient = Critic.Network.Gradient(valueLoss);
        using var frozen = no_grad();
        var measured = stack([gain.neg(), valueLoss, entropy]);
        return new ChunkResult(actorGradient.DetachFromDisposeScope(), criticGradient.DetachFromDisposeScope(), measured.DetachFromDisposeScope());
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

    private static (int First, int Count)[] Split(int copies)
    {
        var chunks = Math.Min(Chunks, copies);
        return [.. Enumerable.Range(0, chunks).Select(chunk => (copies * chunk / chunks, copies * (chunk + 1) / chunks - copies * chunk / chunks))];
    }

    private static Tensor Join(Tensor[] parts)
    {
        var joined = cat(parts, 1);
        foreach (var part in parts) part.Dispose();
        return joined;
    }

    private static Tensor Sum(IEnumerable<Tensor> parts) => parts.Aggregate((sum, part) => sum.Plus(part));

    private static Tensor Standardise(Tensor advantages, Tensor mask)
    {
        var count = mask.sum().Times(advantages.shape[0]);
        var mean = advantages.sum() / count;
        var centred = (advantages - mean) * mask;
        return centred / (centred.Squared().sum() / count).sqrt().Plus(1e-5);
    }

    /// <summary>What an epoch goes over; the second axis of all tensors but the mask is the copy.</summary>
    private sealed record Samples(
        Tensor ActorInputs, Tensor CriticInputs, Tensor Actions, Tensor OldLogProbability, Tensor Advantages, Tensor Targets, Tensor Mask)
        : IDisposable
    {
        public Samples Select(ReadOnlySpan<long> copies)
        {
            using var index = tensor(copies.ToArray(), device: Mask.device);
            return new Samples(
                ActorInputs.index_select(1, index), CriticInputs.index_select(1, index), Actions.index_select(1, index),
                OldLogProbability.index_select(1, index), Advantages.index_select(1, index), Targets.index_select(1, index),
                Mask.index_select(0, index));
        }

        public Samples MoveToOuterScope() => new(
            ActorInputs.MoveToOuterDisposeScope(), CriticInputs.MoveToOuterDisposeScope(), Actions, OldLogProbability.MoveToOuterDisposeScope(),
            Advantages.MoveToOuterDisposeScope(), Targets.MoveToOuterDisposeScope(), Mask);

        public void Dispose()
        {
            foreach (var part in (Tensor[])[ActorInputs, CriticInputs, Actions, OldLogProbability, Advantages, Targets, Mask]) part.Dispose();
        }
    }

    private sealed record ChunkResult(Tensor ActorGradient, Tensor CriticGradient, Tensor Measured) : IDisposable
    {
        public void Dispose()
        {
            ActorGradient.Dispose();
            CriticGradient.Dispose();
            Measured.Dispose();
        }
    }

    /// <summary>What one optimiser step measured.</summary>
    private sealed class Step(Tensor sums, Tensor actorNorm, Tensor criticNorm) : IDisposable
    {
        private readonly Tensor _sums = sums.DetachFromDisposeScope();
        private readonly Tensor _actorNorm = actorNorm.DetachFromDisposeScope();
        private readonly Tensor _criticNorm = criticNorm.DetachFromDisposeScope();

        /// <summary>Copies, which outlive the step.</summary>
        public IReadOnlyDictionary<string, Tensor> Measured => new Dictionary<string, Tensor>
        {
            ["policy_loss"] = _sums[0].clone(),
            ["value_loss"] = _sums[1].clone(),
            ["entropy"] = _sums[2].clone(),
            ["policy_gradient_norm"] = _actorNorm.clone(),
            ["value_gradient_norm"] = _criticNorm.clone(),
        };

        public void Dispose()
        {
            _sums.Dispose();
            _actorNorm.Dispose();
            _criticNorm.Dispose();
        }
    }
}
