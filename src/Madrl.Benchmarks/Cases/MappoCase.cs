using Madrl.Benchmarks.Naive;
using Madrl.Benchmarks.Ours;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Cases;

/// <summary>
/// One epoch of MAPPO over one minibatch of everything: a step of the shared actor 21-64-64-5 and one of the central critic
/// 57-64-64-1 (state and agent id). What comes once before the epochs (old log-probabilities, advantages, targets) is no part of it.
/// </summary>
internal sealed class MappoCase : Case
{
    private readonly int _copies;
    private readonly int _steps;
    private readonly PpoOptions _options;

    /// <summary>The weights and the rows: 3 agents in so many copies and steps.</summary>
    public MappoCase(int copies, int steps, bool check)
    {
        (_copies, _steps) = (copies, steps);
        _options = new PpoOptions { LearningRate = check ? CheckedLearningRate : TimedLearningRate };
        using var scope = NewDisposeScope();
        using var learner = CreateLearner(threads: 1);
        Data.Add("actor", learner.Actor.Network.Flat);
        Data.Add("critic", learner.Critic.Network.Flat);
        AddRows(learner.Prepare(Batch()));
        foreach (var (name, number) in (ReadOnlySpan<(string, double)>)
        [
            ("clip", _options.Clip), ("entropy", _options.Entropy), ("learning_rate", _options.LearningRate), ("max_norm", _options.MaxGradientNorm),
            ("epsilon", PpoLearner.AdamEpsilon),
        ])
        {
            Data.Add(name, number);
        }
    }

    /// <inheritdoc/>
    public override Contender Ours(int threads)
    {
        using var scope = NewDisposeScope();
        var learner = CreateLearner(threads);
        return new OurMappo(learner, learner.Prepare(Batch()), _options.LearningRate);
    }

    /// <inheritdoc/>
    public override Contender Naive() => new NaiveMappo(Data);

    private PpoLearner CreateLearner(int threads) =>
        new(RandomPlay.Game(_steps), CriticView.StateAndAgent, _options with { Minibatches = 1 }, _copies, Seed, threads);

    private TrainingBatch Batch() => TrainingBatch.From([RandomPlay.Episodes(_copies, _steps)]);

    /// <summary>R = 3 · copies · steps rows: inputs [R, I], all else [R].</summary>
    private void AddRows(PpoSamples samples)
    {
        Data.Add("actor_inputs", samples.ActorInputs.reshape(-1, samples.ActorInputs.shape[3]));
        Data.Add("critic_inputs", samples.CriticInputs.reshape(-1, samples.CriticInputs.shape[3]));
        Data.Add("actions", samples.Actions.reshape(-1));
        Data.Add("old_log_probability", samples.OldLogProbability.reshape(-1));
        Data.Add("advantages", samples.Advantages.reshape(-1));
        Data.Add("targets", samples.Targets.reshape(-1));
    }
}
