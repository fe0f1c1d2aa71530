using System.Globalization;
using System.Runtime.InteropServices;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Policies;

namespace Madrl.Protocols.Roles;

/// <summary>Consecutive iterations of a shard's replay as a safetensors file: per field and agent one tensor [iterations, …].</summary>
internal static class ReplaySegment
{
    private const string FirstKey = "first", LastKey = "last";

    public static byte[] Encode(GameSpec game, ReplayBuffer buffer, long first, long last, int copies, bool states)
    {
        var count = (int)(last - first + 1);
        var rounds = new Rollout[count];
        for (var index = 0; index < count; index++)
        {
            rounds[index] = new Rollout(game, copies, game.EpisodeLimit, states);
            buffer.Read(first + index, rounds[index]);
        }

        var tensors = Fields(rounds[0]).Select((field, number) => (field.Name, Join(rounds.Select(round => Fields(round).ElementAt(number)), count)));
        return Safetensors.Write([.. tensors], new Dictionary<string, string>
        {
            [FirstKey] = first.ToString(CultureInfo.InvariantCulture), [LastKey] = last.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <exception cref="InvalidDataException">A tensor is missing or has another size.</exception>
    /// <exception cref="ArgumentException">The segment does not follow what the buffer holds.</exception>
    public static void Decode(byte[] content, GameSpec game, ReplayBuffer buffer, int copies, bool states)
    {
        var file = Safetensors.Read(content);
        var (first, last) = (Number(file.Metadata, FirstKey), Number(file.Metadata, LastKey));
        var round = new Rollout(game, copies, game.EpisodeLimit, states);
        for (var iteration = first; iteration <= last; iteration++)
        {
            foreach (var field in Fields(round))
            {
                var target = field.Bytes();
                if (!file.Tensors.TryGetValue(field.Name, out var tensor) || tensor.Data.Length != target.Length * (last - first + 1))
                    throw new InvalidDataException($"The segment has no tensor '{field.Name}' of {last - first + 1} iterations.");
                tensor.Data.AsSpan((int)((iteration - first) * target.Length), target.Length).CopyTo(target);
            }

            buffer.Append(iteration, round);
        }
    }

    private static Block Join(IEnumerable<Field> parts, int count)
    {
        byte[]? joined = null;
        var (offset, type) = (0, ElementType.UInt8);
        foreach (var part in parts)
        {
            var bytes = part.Bytes();
            joined ??= new byte[checked(bytes.Length * count)];
            bytes.CopyTo(joined.AsSpan(offset));
            offset += bytes.Length;
            type = part.Type;
        }

        return new Block(type, [count, joined!.Length / count / Block.SizeOf(type)], joined);
    }

    private static IEnumerable<Field> Fields(Rollout rollout)
    {
        for (var agent = 0; agent < rollout.Rewards.Length; agent++)
        {
            yield return Field.Of($"observations.{agent}", rollout.Observations[agent]);
            yield return Field.Of($"actions.{agent}", rollout.Actions[agent]);
            yield return Field.Of($"rewards.{agent}", rollout.Rewards[agent]);
        }

        if (rollout.States.Length > 0) yield return Field.Of("states", rollout.States);
        yield return new Field("lengths", ElementType.Int32, rollout.Lengths, static array => MemoryMarshal.AsBytes(((int[])array).AsSpan()));
        yield return new Field("terminated", ElementType.UInt8, rollout.Terminated, static array => MemoryMarshal.AsBytes(((bool[])array).AsSpan()));
    }

    private static long Number(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new InvalidDataException($"The segment does not say its {key} iteration.");

    private delegate Span<byte> View(Array array);

    private sealed record Field(string Name, ElementType Type, Array Values, View View)
    {
        public static Field Of(string name, float[] values) =>
            new(name, ElementType.Float32, values, static array => MemoryMarshal.AsBytes(((float[])array).AsSpan()));

        public Span<byte> Bytes() => View(Values);
    }
}
