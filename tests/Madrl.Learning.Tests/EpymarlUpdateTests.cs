using Madrl.Learning.Algorithms;
using Madrl.Learning.Networks;
using Madrl.Policies;
using Madrl.Tests.Shared;
using TorchSharp;

namespace Madrl.Learning.Tests;

/// <summary>`fidelity: epymarl` is EPyMARL's update: parameters within 1e-5 after one and three calls, logged values within 1e-5 relative.</summary>
public class EpymarlUpdateTests
{
    private const float Tolerance = 1e-5f;

    public static TheoryData<string> Ppo => new(UpdateCase.FeedForward("ppo_learner"));

    public static TheoryData<string> Maddpg => new(UpdateCase.FeedForward("maddpg_learner"));

    public static TheoryData<string> Q => new(UpdateCase.All("q_learner"));

    [Theory]
    [MemberData(nameof(Ppo))]
    public void Ppo_agrees_with_the_reference_program(string name)
    {
        var reference = new UpdateCase(Path.Combine(ReferenceData.Root, "updates", name));
        var view = reference.Algorithm.StartsWith("ippo", StringComparison.Ordinal) ? CriticView.Observation : CriticView.StateAndAgent;
        using var learner = new EpymarlPpoLearner(reference.Game, view, reference.Ppo, seed: 1, threads: 1);
        AssertAgrees(
            reference, call => learner.Update(reference.Batch(), call, 0),
            (learner.Actor.Network, "agent"), (learner.Critic.Network, "critic"), (learner.Target.Network, "target_critic"));
    }

    [Theory]
    [MemberData(nameof(Maddpg))]
    public void Maddpg_agrees_with_the_reference_program(string name)
    {
        var reference = new UpdateCase(Path.Combine(ReferenceData.Root, "updates", name));
        using var learner = new EpymarlMaddpgLearner(reference.Game, reference.Maddpg, seed: 1, threads: 1);
        AssertAgrees(
            reference, call => learner.Update(reference.Batch(), reference.Noise(call)),
            (learner.Actor.Network, "agent"), (learner.TargetActor.Network, "target_agent"),
            (learner.Critic.Network, "critic"), (learner.TargetCritic.Network, "target_critic"));
    }

    [Theory]
    [MemberData(nameof(Q))]
    public void Q_learning_agrees_with_the_reference_program(string name)
    {
        var reference = new UpdateCase(Path.Combine(ReferenceData.Root, "updates", name));
        using var learner = new QLearner(reference.Game, reference.Mixing, reference.Q, seed: 1, threads: 1);
        (QmixMixer, string)[] mixers = learner.Mixer is null ? [] : [(learner.Mixer, "mixer"), (learner.TargetMixer!, "target_mixer")];
        foreach (var (mixer, label) in mixers) reference.Import("before", mixer, label);
        AssertAgrees(
            reference, Update, (learner.Agent.Network, "agent"), (learner.TargetAgent.Network, "target_agent"));

        IReadOnlyDictionary<string, torch.Tensor> Update(int call)
        {
            var measured = learner.Update(reference.Batch(), call, 0);
            if (call == 2) return measured;
            foreach (var (mixer, label) in mixers) reference.AssertEqual($"after{call}", Tolerance, mixer, label);
            reference.AssertEqual($"after{call}", Tolerance, learner.Save());
            return measured;
        }
    }

    private static void AssertAgrees(
        UpdateCase reference, Func<int, IReadOnlyDictionary<string, torch.Tensor>> update, params (TorchNetwork Network, string Label)[] networks)
    {
        reference.Import("before", networks);
        for (var call = 1; call <= 3; call++)
        {
            using var scope = torch.NewDisposeScope();
            var measured = update(call);
            foreach (var (key, expected) in reference.Logged[call - 1])
                Assert.Equal(expected, measured[key].item<float>(), Tolerance * (1 + Math.Abs(expected)));
            if (call != 2) reference.AssertEqual($"after{call}", Tolerance, networks);
        }
    }
}
