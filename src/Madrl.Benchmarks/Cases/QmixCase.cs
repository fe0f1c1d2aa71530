using Madrl.Benchmarks.Naive;
using Madrl.Benchmarks.Ours;
using Madrl.Environments;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Cases;

/// <summary>
/// One update of QMIX with recurrent agents on episodes of 25 steps: 3 agents that share a network 26-64-GRU 64-5 (observation,
/// previous action, agent id), a mixer with embedding 32 and hypernetworks of 64 over a state of 54, double Q-learning.
/// </summary>
internal sealed class QmixCase : Case
{
    private const int Steps = 25;

    private readonly GameSpec _game = RandomPlay.Game(Steps);
    private readonly QOptions _options;
    private readonly Rollout _played;

    /// <summary>The weights and the episodes.</summary>
    public QmixCase(int episodes, bool check)
    {
        _options = new QOptions
        {
            Recurrent = true, LastAction = true, ShareParameters = true, Hidden = 64, MixerHidden = 32, HypernetLayers = 2, HypernetHidden = 64,
            LearningRate = check ? CheckedLearningRate : TimedLearningRate, TargetUpdate = check ? CheckedTau : 0.01, Discount = 0.99,
            StandardiseRewards = false, StandardiseReturns = false, MaxGradientNorm = 10,
        };
        using var scope = NewDisposeScope();
        using var learner = CreateLearner(threads: 1);
        _played = RandomPlay.Episodes(episodes, Steps);
        Data.Add("agent", learner.Agent.Network.Flat);

        // EPyMARL's order of a mixer's modules, as a PyTorch module lists its parameters.
        var named = learner.Mixer!.Named().ToDictionary();
        string[] layers = ["hyper_w_1.0", "hyper_w_1.2", "hyper_w_final.0", "hyper_w_final.2", "hyper_b_1", "V.0", "V.2"];
        Data.Add("mixer", cat([.. layers.SelectMany(layer => (Tensor[])[named[$"{layer}.weight"].flatten(), named[$"{layer}.bias"]])]));
        AddEpisodes(TrainingBatch.From([_played]));
        foreach (var (name, number) in (ReadOnlySpan<(string, double)>)
        [
            ("discount", _options.Discount), ("tau", _options.TargetUpdate), ("learning_rate", _options.LearningRate), ("max_norm", _options.MaxGradientNorm),
        ])
        {
            Data.Add(name, number);
        }
    }

    /// <inheritdoc/>
    public override Contender Ours(int threads) => new OurQmix(CreateLearner(threads), _played);

    /// <inheritdoc/>
    public override Contender Naive() => new NaiveQmix(Data);

    private QLearner CreateLearner(int threads) => new(_game, ValueMixing.Monotonic, _options, Seed, threads);

    /// <summary>Observations [B, T+1, n, O], states [B, T+1, S], action indices [B, T, n], the team's rewards, terminated and mask [B, T].</summary>
    private void AddEpisodes(TrainingBatch batch)
    {
        Data.Add("observations", batch.Observations.permute(1, 2, 0, 3).contiguous());
        Data.Add("states", batch.States);
        Data.Add("actions", batch.Actions.squeeze(-1).permute(1, 2, 0).contiguous());
        Data.Add("rewards", batch.Rewards.sum([0]));
        Data.Add("terminated", batch.Terminated);
        Data.Add("mask", batch.Mask);
    }
}
