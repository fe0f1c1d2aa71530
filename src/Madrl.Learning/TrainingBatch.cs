using System.Runtime.InteropServices;
using Madrl.Environments;
using static TorchSharp.torch;

namespace Madrl.Learning;

/// <summary>
/// Rollouts as tensors: n agents, B copies in global order (or draws from replay), T steps. The agents must have
/// equal observation sizes and action spaces.
/// </summary>
public sealed class TrainingBatch : IDisposable
{
    /// <summary>Observations [n, B, T+1, O].</summary>
    public required Tensor Observations { get; init; }

    /// <summary>Global states [B, T+1, S]; S is 0 where the rollouts have none.</summary>
    public required Tensor States { get; init; }

    /// <summary>Actions [n, B, T, width], float32; a discrete action is its index.</summary>
    public required Tensor Actions { get; init; }

    /// <summary>Rewards [n, B, T].</summary>
    public required Tensor Rewards { get; init; }

    /// <summary>1 for every step that was taken [B, T].</summary>
    public required Tensor Mask { get; init; }

    /// <summary>1 for the step with which the game itself ended [B, T].</summary>
    public required Tensor Terminated { get; init; }

    /// <summary>Which actions may be taken, where a game restricts them [n, B, T+1, actions], boolean.</summary>
    public Tensor? Available { get; init; }

    /// <summary>1 for every step with a recorded action [B, T], where that is not the mask: EPyMARL records one after the end.</summary>
    public Tensor? Acted { get; init; }

    /// <summary>Agents, n.</summary>
    public int Agents => (int)Observations.size(0);

    /// <summary>Copies, B.</summary>
    public int Copies => (int)Observations.size(1);

    /// <summary>Steps, T.</summary>
    public int Steps => (int)Mask.size(1);

    /// <summary>Joins the rollouts of all shards.</summary>
    /// <param name="rollouts">In the order of their copies.</param>
    public static TrainingBatch From(IReadOnlyList<Rollout> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        var (agents, copies, steps) = (rollouts[0].Observations.Length, rollouts.Sum(rollout => rollout.Copies), rollouts[0].Steps);
        var (mask, terminated) = Ends(rollouts, copies, steps);
        return new TrainingBatch
        {
            Observations = Join(agent => rollouts.Select(rollout => rollout.Observations[agent]), agents, copies, steps + 1),
            Actions = Join(agent => rollouts.Select(rollout => rollout.Actions[agent]), agents, copies, steps),
            Rewards = Join(agent => rollouts.Select(rollout => rollout.Rewards[agent]), agents, copies, steps).squeeze_(-1),
            States = Join(_ => rollouts.Select(rollout => rollout.States), 1, copies, steps + 1).squeeze_(0),
            Mask = Networks.Tensors.From(mask, copies, steps),
            Terminated = Networks.Tensors.From(terminated, copies, steps),
        };
    }

    /// <summary>What is played and learnt from, by name.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Named =>
        [("observations", Observations), ("states", States), ("actions", Actions), ("rewards", Rewards)];

    /// <summary>The batch on a device; the same one where it lies there.</summary>
    public TrainingBatch To(Device device) => Observations.device_type == device.type && Observations.device_index == device.index ? this : new TrainingBatch
    {
        Observations = Observations.to(device), States = States.to(device), Actions = Actions.to(device), Rewards = Rewards.to(device),
        Mask = Mask.to(device), Terminated = Terminated.to(device), Available = Available?.to(device), Acted = Acted?.to(device),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor?[])[Observations, States, Actions, Rewards, Mask, Terminated, Available, Acted]) tensor?.Dispose();
    }

    /// <summary>[parts, copies, steps, width] from one array per part and shard.</summary>
    private static Tensor Join(Func<int, IEnumerable<float[]>> arrays, int parts, int copies, int steps)
    {
        var length = arrays(0).Sum(array => (long)array.Length);
        var result = empty([parts, copies, steps, length / copies / steps], ScalarType.Float32);
        var target = MemoryMarshal.Cast<byte, float>(result.bytes);
        for (var part = 0; part < parts; part++)
        {
            foreach (var array in arrays(part))
            {
                array.CopyTo(target);
                target = target[array.Length..];
            }
        }

        return result;
    }

    private static (float[] Mask, float[] Terminated) Ends(IReadOnlyList<Rollout> rollouts, int copies, int steps)
    {
        var (mask, terminated) = (new float[copies * steps], new float[copies * steps]);
        var row = 0;
        foreach (var rollout in rollouts)
        {
            for (var copy = 0; copy < rollout.Copies; copy++, row += steps)
            {
                mask.AsSpan(row, rollout.Lengths[copy]).Fill(1);
                if (rollout.Terminated[copy]) terminated[row + rollout.Lengths[copy] - 1] = 1;
            }
        }

        return (mask, terminated);
    }
}
