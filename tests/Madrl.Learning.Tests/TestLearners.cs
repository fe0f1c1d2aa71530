using Madrl.Environments;
using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Learning.Tests;

/// <summary>Small learners of every kind, and random play for them to learn from: the same numbers in every process.</summary>
internal static class TestLearners
{
    public const int Copies = 8;
    private const ulong Seed = 3;

    public static string[] Kinds { get; } = ["ddpg", "ppo", "qmix", "epymarl-maddpg", "epymarl-ppo"];

    public static IMarkovGame Game => GameOf(Copies);

    public static GradientLearner Create(string kind, int threads = 1, string device = Native.TorchDevice.Cpu)
    {
        using var used = Native.TorchDevice.Use(Native.TorchDevice.Find(device));
        return CreateHere(kind, threads);
    }

    /// <summary>On the device in use.</summary>
    public static GradientLearner CreateHere(string kind, int threads = 1)
    {
        Native.TorchRuntime.Initialise();
        var spec = Game.Spec;
        return kind switch
        {
            "ddpg" => new DdpgLearner(spec, ActionCriticView.All, new DdpgOptions { Hidden = 8 }, Seed, threads),
            "ppo" => new PpoLearner(spec, CriticView.State, new PpoOptions { Hidden = 8, Epochs = 2 }, Copies, Seed, threads),
            "epymarl-maddpg" => new EpymarlMaddpgLearner(spec, new EpymarlMaddpgOptions { Hidden = 8 }, Seed, threads),
            "epymarl-ppo" => new EpymarlPpoLearner(spec, CriticView.StateAndAgent, new EpymarlPpoOptions { Hidden = 8, Epochs = 2 }, Seed, threads),
            _ => new QLearner(
                spec, ValueMixing.Monotonic, new QOptions { Hidden = 8, MixerHidden = 4, HypernetHidden = 6, TargetUpdate = 2 }, Seed, threads),
        };
    }

    public static IMarkovGame GameOf(int copies) => GameCatalog.Find("simple-spread").Create(copies, "mpe2", new Dictionary<string, string>());

    /// <summary>One episode in every copy, played at random.</summary>
    public static Rollout Play(int number, int copies = Copies)
    {
        var game = GameOf(copies);
        var played = new Rollout(game.Spec, copies);
        var playing = new RolloutCollector(game, Seed, 0).CollectAsync(
            new RandomActors(game.Spec, Seed), ActingMode.Explore, RandomPurpose.Reset, number, played);
        Assert.True(playing.IsCompletedSuccessfully);
        return played;
    }

    /// <summary>Puts a learner's state into another, with some numbers of one tensor changed.</summary>
    public static void Restore(Learner from, Learner to, string? tensor = null, Action<float[]>? change = null)
    {
        var state = from.Save().ToDictionary(item => item.Name, item => item.Tensor);
        if (tensor is not null)
        {
            var block = state[tensor];
            var values = block.AsSingles().ToArray();
            change!(values);
            state[tensor] = Block.From(values, [.. block.Shape]);
        }

        to.Load(state);
    }
}
