using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Madrl.Numerics;
using Madrl.Tests.Shared;

namespace Madrl.Policies.Tests;

/// <summary>
/// The bits that acting gives, pinned: the same on every processor. <see cref="InstructionSetTests"/> runs this class in
/// processes that must do without some of the processor's instructions.
/// </summary>
public class ActingBitsTests
{
    /// <summary>Who changes it changes the results of every run, and has to say so to the users.</summary>
    private const string ExpectedHash = "154ba109d65baf6a29b19c74c74b8bd6b6391ccb0f6ef9591fcdc4b493bdeacd";

    /// <summary>The same for the deterministic head.</summary>
    private const string ExpectedBoundedHash = "ec4da82310980bdf5b4c93534f19f4bafe7c54c8726bb053d654e2d05fbcde66";

    /// <summary>The same for recurrent and normalising networks over several steps, state included.</summary>
    private const string ExpectedStatefulHash = "a90393d644db0a81e2a35cc085622a32d0a2253dfa19c2f211f5920cdc85c8f7";

    [Fact]
    public void The_bits_of_acting_are_the_pinned_ones()
    {
        InstructionSets.AssertSwitchedOff();

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var head in (ActionHead[])[ActionHead.Categorical, ActionHead.Gaussian])
        {
            var activation = head == ActionHead.Categorical ? Activation.Relu : Activation.Tanh;
            var policy = TestPolicies.Create(TestPolicies.Describe([18, 64, 64, 5], activation, head, agentIds: 3), agent: 2);
            var observations = TestPolicies.Observations(70, policy.Description);
            Append(hash, TestPolicies.Forward(policy, observations, 70));
            Append(hash, TestPolicies.Act(policy, observations, 70, new ActionKey(11, false, 100, 5)));
        }

        var numbers = TestPolicies.Uniform(2000, seed: 3, scale: 100);
        Append(hash, [.. numbers.Select(SingleMath.Exp)]);
        Append(hash, [.. numbers.Select(x => SingleMath.Log(x * x))]);
        Append(hash, [.. numbers.Select(x => SingleMath.Tanh(x * 0.1f))]);
        Assert.Equal(ExpectedHash, Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Equal(ExpectedBoundedHash, BoundedHash());
        foreach (var split in (int[][])[[70], [1, 69], [9, 10, 51], [33, 37], [.. Enumerable.Repeat(1, 70)]])
            Assert.Equal(ExpectedStatefulHash, StatefulHash(split));
    }

    private static string BoundedHash()
    {
        var policy = TestPolicies.Create(TestPolicies.Describe([18, 64, 64, 5], Activation.Relu, ActionHead.Deterministic, agentIds: 3), agent: 2);
        var observations = TestPolicies.Observations(70, policy.Description);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, TestPolicies.Act(policy, observations, 70, new ActionKey(11, true, 100, 205, 5)));
        Append(hash, TestPolicies.Act(policy, observations, 70, new ActionKey(11, false, 100, 205, 5)));
        Append(hash, TestPolicies.Act(policy, observations, 70, new ActionKey(11, false, 100, 2050, 200)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Acting for 70 rows over 5 steps, in batches of the given sizes.</summary>
    private static string StatefulHash(int[] split)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var description in (PolicyDescription[])
            [TestPolicies.Recurrent(18, 64, 5, normalises: false, agentIds: 3), TestPolicies.Recurrent(18, 33, 5, normalises: true), TestPolicies.Normalising(18, 65, 5)])
        {
            var policy = TestPolicies.Create(description);
            var (seen, size) = (description.ObservationSize, policy.StateSize);
            var state = new float[70 * size];
            for (var step = 0; step < 5; step++)
            {
                var observations = TestPolicies.Observations(70, description, seed: (ulong)step + 10);
                var (actions, outputs) = (new float[70], new float[70 * 5]);
                for (int part = 0, first = 0; part < split.Length; first += split[part++])
                {
                    var rows = split[part];
                    var own = state.AsSpan(first * size, rows * size);
                    policy.Forward(observations.AsSpan(first * seen, rows * seen), rows, outputs.AsSpan(first * 5, rows * 5), [.. own]);
                    policy.Act(
                        observations.AsSpan(first * seen, rows * seen), rows, new ActionKey(11, false, 100 + first, step), actions.AsSpan(first, rows), own);
                }

                Append(hash, outputs);
                Append(hash, actions);
                Append(hash, state);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<float> values)
    {
        var bytes = new byte[sizeof(int)];
        foreach (var value in MemoryMarshal.Cast<float, int>(values))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }
}
