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

    public static TheoryData<string> Cases => new(UpdateCase.FeedForwardPpo());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_agrees_with_the_reference_program(string name)
    {
        var reference = new UpdateCase(Path.Combine(ReferenceData.Root, "updates", name));
        var view = reference.Algorithm.StartsWith("ippo", StringComparison.Ordinal) ? CriticView.Observation : CriticView.StateAndAgent;
        using var learner = new EpymarlPpoLearner(reference.Game, view, reference.Options, seed: 1, threads: 1);
        var before = reference.Read("before");
        foreach (var (network, label) in Networks(learner))
        {
            for (var member = 0; member < network.Members; member++) network.Import(member, reference.Flat(before, label, member));
        }

        for (var call = 1; call <= 3; call++)
        {
            using var scope = torch.NewDisposeScope();
            var measured = learner.Update(reference.Batch(), call, 0);
            foreach (var (key, expected) in reference.Logged[call - 1])
                Assert.Equal(expected, measured[key].item<float>(), Tolerance * (1 + Math.Abs(expected)));
            if (call != 2) AssertParameters(reference, learner, reference.Read($"after{call}"));
        }
    }

    private static (TorchNetwork Network, string Label)[] Networks(EpymarlPpoLearner learner) =>
        [(learner.Actor.Network, "agent"), (learner.Critic.Network, "critic"), (learner.Target.Network, "target_critic")];

    private static void AssertParameters(UpdateCase reference, EpymarlPpoLearner learner, IReadOnlyDictionary<string, Block> expected)
    {
        foreach (var (network, label) in Networks(learner))
        {
            for (var member = 0; member < network.Members; member++)
            {
                var ours = network.Export(member).AsSingles();
                var theirs = reference.Flat(expected, label, member).AsSingles();
                for (var index = 0; index < theirs.Length; index++)
                    Assert.True(MathF.Abs(ours[index] - theirs[index]) <= Tolerance, $"{label} {member}, parameter {index}: {ours[index]} instead of {theirs[index]}");
            }
        }
    }
}
