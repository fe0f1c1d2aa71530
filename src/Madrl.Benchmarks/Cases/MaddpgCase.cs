using Madrl.Benchmarks.Naive;
using Madrl.Benchmarks.Ours;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Learning;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using static TorchSharp.torch;

namespace Madrl.Benchmarks.Cases;

/// <summary>
/// One update of MADDPG as in Lowe et al.'s program: 3 agents with an actor 18-64-64-5 and a critic 69-64-64-1 each, one step of
/// every critic, then of every actor, soft target updates.
/// </summary>
internal sealed class MaddpgCase : Case
{
    private const int Copies = 128;
    private const int Steps = 25;

    private readonly GameSpec _game = RandomPlay.Game(Steps);
    private readonly DdpgOptions _options;
    private readonly Rollout[] _samples;

    /// <summary>The weights and the samples.</summary>
    /// <param name="batch">Transitions that an agent learns from.</param>
    /// <param name="checkedUpdates">Updates whose Gumbel noise is handed out, for all sides to agree; 0 to let each draw its own.</param>
    public MaddpgCase(int batch, int checkedUpdates)
    {
        _options = new DdpgOptions { Batch = batch, BatchPerAgent = true, LearningRate = checkedUpdates > 0 ? CheckedLearningRate : TimedLearningRate };

        // Ours clips the gradients of all agents together, the others agent by agent: agreement is checked where none is clipped.
        if (checkedUpdates > 0) _options = _options with { MaxGradientNorm = 1e6, Tau = CheckedTau };
        using var scope = NewDisposeScope();
        using var learner = CreateLearner(threads: 1);
        var played = RandomPlay.Episodes(Copies, Steps);
        var one = new ReplayDescription(
            learner.Replay.Capacity, batch, WholeEpisodes: false, learner.Replay.UpdateEvery, learner.Replay.WarmUp, learner.Replay.KeepsStates);
        _samples = [.. _game.Agents.Select((_, draw) => RandomPlay.Transitions(one, played, draw))];
        AddNetworks(learner);
        AddSamples([.. _samples.Select(sample => TrainingBatch.From([sample]))]);
        if (checkedUpdates > 0) Data.Add("noise", stack(Enumerable.Range(0, checkedUpdates).Select(update => Noise(learner, batch, update))));
        foreach (var (name, number) in (ReadOnlySpan<(string, double)>)
        [
            ("discount", _options.Discount), ("tau", _options.Tau), ("regularisation", _options.Regularisation),
            ("learning_rate", _options.LearningRate), ("max_norm", _options.MaxGradientNorm),
        ])
        {
            Data.Add(name, number);
        }
    }

    /// <inheritdoc/>
    public override Contender Ours(int threads) => new OurMaddpg(CreateLearner(threads), _samples);

    /// <inheritdoc/>
    public override Contender Naive() => new NaiveMaddpg(Data);

    private DdpgLearner CreateLearner(int threads) => new(_game, ActionCriticView.All, _options, Seed, threads);

    /// <summary>Flat weights [n, P]; the target networks begin as copies.</summary>
    private void AddNetworks(DdpgLearner learner)
    {
        Data.Add("actor", learner.Actor.Network.Flat);
        Data.Add("critic", learner.Critic.Network.Flat);
    }

    /// <summary>With S samples: observations [S, n, B, 2, O], action indices [S, n, B], rewards [S, n, B], terminated [S, B].</summary>
    private void AddSamples(TrainingBatch[] samples)
    {
        Data.Add("observations", stack(samples.Select(sample => sample.Observations)));
        Data.Add("actions", stack(samples.Select(sample => sample.Actions.view(sample.Agents, -1))));
        Data.Add("rewards", stack(samples.Select(sample => sample.Rewards.squeeze(-1))));
        Data.Add("terminated", stack(samples.Select(sample => sample.Terminated.squeeze(-1))));
    }

    /// <summary>What our learner draws in an update [S, n, B, 2, A]: for the present action in an agent's own sample, then for the targets' in every sample.</summary>
    private static Tensor Noise(DdpgLearner learner, int batch, int update)
    {
        var (agents, actions) = (learner.Actor.Agents, learner.Actor.Description.Network.Outputs);
        var present = GumbelSoftmax.Noise(Seed, 2 * update, agents, batch, 1, actions).expand(agents, -1, -1, -1, -1);
        var next = GumbelSoftmax.Noise(Seed, 2 * update + 1, agents, agents * batch, 1, actions).unflatten(1, agents, batch).transpose(0, 1);
        return cat([present, next], 3);
    }
}
