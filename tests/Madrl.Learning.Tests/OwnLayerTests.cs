using Madrl.Environments;
using Madrl.Learning.Networks;
using Madrl.Learning.Tests.Nn;
using Madrl.Numerics;
using Madrl.Policies;
using OwnLayer;
using TorchSharp;
using static TorchSharp.torch;

namespace Madrl.Learning.Tests;

/// <summary>The example of docs/learning.md: the layer, the loss and the training step do what the page says.</summary>
public class OwnLayerTests
{
    private const int Agents = 2;
    private const int Cells = 5;
    private const int Steps = Cells - 1;
    private const double Discount = 0.9;
    private const int Updates = 600;

    [Fact]
    public void Training_finds_the_values_of_every_agent()
    {
        using var scope = NewDisposeScope();
        using var batch = Corridor(padding: 7);
        var (critic, losses) = Train(batch);
        using (critic)
        {
            Assert.InRange(losses[^1], 0, 1e-4);
            Assert.InRange(losses[0], 0.3, 10);
            var values = critic.Values(eye(Cells).unsqueeze(0)).squeeze(1);
            for (var cell = 0; cell < Steps; cell++)
            {
                var left = Math.Pow(Discount, Steps - cell);
                Assert.Equal(left / Discount, values[0, cell].item<float>(), 0.02);
                Assert.Equal(-2 * (1 - left) / (1 - Discount), values[1, cell].item<float>(), 0.02);
            }
        }

        // Nothing is drawn but the first weights, and those by key.
        var (again, repeated) = Train(batch);
        using (again) Assert.Equal(losses, repeated);
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_loss()
    {
        const double step = 1e-6;
        using var scope = NewDisposeScope();
        using var batch = Corridor(padding: 7);
        using var exact = InFloat64(batch);
        var (rounded, rounds) = Differentiate(batch, ScalarType.Float32);
        var (critic, gradient) = Differentiate(exact, ScalarType.Float64);
        RandomTensors.AssertClose(gradient, rounds.to(ScalarType.Float64));

        using (rounded.Critic)
        using (critic.Critic)
        {
            var (numbers, slopes) = (critic.Critic.Parameters.Flat.detach().data<double>(), gradient.data<double>());
            Assert.True(gradient.count_nonzero().item<long>() > gradient.numel() / 2);
            for (var index = 0L; index < gradient.numel(); index++)
            {
                var before = numbers[index];
                numbers[index] = before + step;
                var above = critic.Training.Loss(exact).item<double>();
                numbers[index] = before - step;
                var below = critic.Training.Loss(exact).item<double>();
                numbers[index] = before;
                Assert.Equal((above - below) / (2 * step), slopes[index], 1e-8);
            }
        }
    }

    [Fact]
    public void What_lies_behind_the_end_of_an_episode_has_no_effect()
    {
        using var scope = NewDisposeScope();
        using var one = Corridor(padding: 7);
        using var other = Corridor(padding: -1000);
        var (first, gradient) = Differentiate(one, ScalarType.Float32);
        var (second, same) = Differentiate(other, ScalarType.Float32);
        using (first.Critic)
        using (second.Critic)
            Assert.Equal(gradient.data<float>().ToArray(), same.data<float>().ToArray());
    }

    [Fact]
    public async Task As_a_learner_it_is_saved_and_goes_on_to_the_bit()
    {
        const int copies = 8;
        var game = GameCatalog.Find("simple-spread").Create(copies, "mpe2", new Dictionary<string, string>());
        var rollout = new Rollout(game.Spec, copies);
        await new RolloutCollector(game, 1, 0).CollectAsync(
            new RandomActors(game.Spec, 1), ActingMode.Explore, RandomPurpose.Reset, 0, rollout);
        using var learner = new PolicyEvaluation(game.Spec, seed: 1);
        using var resumed = new PolicyEvaluation(game.Spec, seed: 2);
        learner.Learn([rollout], 0, 0);
        resumed.Load(learner.Save().ToDictionary(item => item.Name, item => item.Tensor));
        Assert.Equal(learner.Learn([rollout], 1, 0), resumed.Learn([rollout], 1, 0));
        Assert.Equal(2, resumed.Updates);
        foreach (var ((name, saved), (_, other)) in learner.Save().Zip(resumed.Save()))
            Assert.True(saved.Data.AsSpan().SequenceEqual(other.Data), name);
    }

    private static (FilmCritic Critic, float[] Losses) Train(TrainingBatch batch)
    {
        var critic = new FilmCritic(Agents, Cells, hidden: 16);
        using var target = new FilmCritic(Agents, Cells, hidden: 16);
        using var training = new CriticTraining(critic, target, Discount);
        foreach (var one in (FilmCritic[])[critic, target]) one.Initialise(seed: 1, network: 0);
        return (critic, [.. Enumerable.Range(0, Updates).Select(_ => training.Step(batch, learningRate: 0.01).item<float>())]);
    }

    /// <summary>A critic full of random numbers, and the gradient of its loss.</summary>
    private static ((FilmCritic Critic, CriticTraining Training) Own, Tensor Gradient) Differentiate(TrainingBatch batch, ScalarType type)
    {
        var (critic, target) = (new FilmCritic(Agents, Cells, 8, type), new FilmCritic(Agents, Cells, 8, type));
        var random = RandomTensors.Fixed();
        random.Filled(critic, critic.Parameters.Flat);
        random.Filled(target, target.Parameters.Flat);
        var training = new CriticTraining(critic, target, Discount);
        return ((critic, training), critic.Parameters.Gradient(training.Loss(batch)));
    }

    /// <summary>
    /// A corridor that is walked from each cell to the last, a cell a step. Agent 0 gets 1 at the end, agent 1 pays 2 for every
    /// step; what lies behind the end of an episode is all <paramref name="padding"/>.
    /// </summary>
    private static TrainingBatch Corridor(float padding)
    {
        var states = new float[Steps, Steps + 1, Cells];
        var rewards = new float[Agents, Steps, Steps];
        var (mask, terminated) = (new float[Steps, Steps], new float[Steps, Steps]);
        for (var start = 0; start < Steps; start++)
        {
            for (var t = 0; t <= Steps; t++)
            {
                for (var cell = 0; cell < Cells; cell++) states[start, t, cell] = start + t < Cells ? (start + t == cell ? 1 : 0) : padding;
                if (t == Steps) continue;
                var (taken, last) = (start + t < Steps, start + t == Steps - 1);
                (mask[start, t], terminated[start, t]) = (taken ? 1 : 0, last ? 1 : 0);
                (rewards[0, start, t], rewards[1, start, t]) = taken ? (last ? 1 : 0, -2) : (padding, padding);
            }
        }

        return new TrainingBatch
        {
            Observations = zeros(Agents, Steps, Steps + 1, 1), States = tensor(states), Actions = zeros(Agents, Steps, Steps, 1),
            Rewards = tensor(rewards), Mask = tensor(mask), Terminated = tensor(terminated),
        };
    }

    private static TrainingBatch InFloat64(TrainingBatch batch) => new()
    {
        Observations = batch.Observations.to(ScalarType.Float64), States = batch.States.to(ScalarType.Float64),
        Actions = batch.Actions.to(ScalarType.Float64), Rewards = batch.Rewards.to(ScalarType.Float64),
        Mask = batch.Mask.to(ScalarType.Float64), Terminated = batch.Terminated.to(ScalarType.Float64),
    };

    /// <summary>Learns what a policy that stays as it is is worth: the training of the example as a learner like any.</summary>
    private sealed class PolicyEvaluation : GradientLearner
    {
        private readonly Actor _actor;
        private readonly FilmCritic _critic;
        private readonly FilmCritic _target;
        private readonly CriticTraining _training;

        public PolicyEvaluation(GameSpec game, ulong seed)
            : base(threads: 1)
        {
            _actor = new Actor(game, 8, Activation.Relu, shared: true);
            _critic = new FilmCritic(game.Agents.Count, game.StateSize, 8);
            _target = new FilmCritic(game.Agents.Count, game.StateSize, 8);
            _training = new CriticTraining(_critic, _target, Discount);
            _actor.Network.Initialise(seed, network: 0, outputGain: null);
            foreach (var critic in (FilmCritic[])[_critic, _target]) critic.Initialise(seed, network: 1);
            Trained = [("critic", _critic.Parameters.Flat, _training.Optimiser)];
        }

        public override PolicyDescription Policy => _actor.Description;

        protected override IReadOnlyList<(string Name, Tensor Weights, Adam Optimiser)> Trained { get; }

        protected override IEnumerable<(string Name, Tensor Tensor)> FurtherState => [("target.critic.weights", _target.Parameters.Flat)];

        protected override IEnumerable<(string Name, RunningStatistics Statistics)> Statistics => [];

        public override IReadOnlyList<Block> ExportPolicies() => _actor.ExportPolicies();

        public override void Dispose()
        {
            base.Dispose();
            _actor.Dispose();
            _critic.Dispose();
            _target.Dispose();
        }

        protected internal override IReadOnlyDictionary<string, Tensor> Update(TrainingBatch batch, long number, double progress) =>
            new Dictionary<string, Tensor> { ["value_loss"] = _training.Step(batch, learningRate: 0.001) };
    }
}
