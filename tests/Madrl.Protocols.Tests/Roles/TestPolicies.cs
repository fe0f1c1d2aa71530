using Madrl.Environments;
using Madrl.Numerics;
using Madrl.Policies;
using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Tests.Roles;

/// <summary>Small policies with weights from keyed random numbers.</summary>
internal static class TestPolicies
{
    public static PolicyDescription Describe(int observations, int actions) =>
        new(NetworkDescription.Mlp(observations, 8, actions, Activation.Tanh), ActionHead.Categorical, observations, AgentIds: 0);

    public static Block Weights(PolicyDescription description, ulong seed)
    {
        var random = new KeyedRandom(seed, RandomPurpose.WeightInitialisation, 0, 0, 0);
        var values = new float[description.ParameterCount];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() * 2 - 1;
        return Block.From(values, values.Length);
    }

    public static Policy Create(int observations, ActionSpace actions, int agent)
    {
        var description = Describe(observations, ((ActionSpace.Discrete)actions).Count);
        return new Policy(description, Weights(description, (ulong)agent), agent);
    }

    public static VersionedPolicy Version(long epoch, long iteration, ulong seed = 1)
    {
        var description = Describe(4, 5);
        return new VersionedPolicy(new Ticket(epoch, iteration), description, Weights(description, seed));
    }
}
