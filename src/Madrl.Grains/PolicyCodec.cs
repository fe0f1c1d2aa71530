using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains;

/// <summary>
/// Between the policies of an iteration and the messages that carry them: the weights of all agents behind one another, those
/// that agents share once, in as many messages as they take.
/// </summary>
internal static class PolicyCodec
{
    /// <summary>The message with the bytes from <paramref name="offset"/> on.</summary>
    public static PoliciesReply Encode(PolicySet policies, long offset)
    {
        var distinct = policies.Weights.Distinct(ReferenceEqualityComparer.Instance).Cast<Block>().ToArray();
        int[] owners = [.. policies.Weights.Select(weights => Array.FindIndex(distinct, block => ReferenceEquals(block, weights)))];
        var size = distinct[0].Data.Length;
        var (total, first) = ((long)size * distinct.Length, offset);
        var part = new byte[Math.Min(MessageLimit.Bytes, total - offset)];
        for (var filled = 0; filled < part.Length; first = offset + filled)
        {
            var (block, within) = ((int)(first / size), (int)(first % size));
            var count = Math.Min(size - within, part.Length - filled);
            distinct[block].Data.AsSpan(within, count).CopyTo(part.AsSpan(filled));
            filled += count;
        }

        return new PoliciesReply(PolicyJson.ToJson(policies.Description), owners, total, new Block(ElementType.UInt8, [part.Length], part));
    }

    /// <summary>Asks for the messages, one after another, and puts them together.</summary>
    public static async Task<PolicySet> FetchAsync(Func<long, Task<PoliciesReply>> ask)
    {
        var reply = await ask(0);
        var bytes = new byte[reply.Total];
        for (var offset = 0L; ;)
        {
            reply.Part.Data.CopyTo(bytes.AsSpan((int)offset));
            offset += reply.Part.Data.Length;
            if (offset >= reply.Total) break;
            reply = await ask(offset);
        }

        var distinct = reply.Owners.Max() + 1;
        var size = bytes.Length / distinct;
        Block[] blocks = [.. Enumerable.Range(0, distinct).Select(block =>
            new Block(ElementType.Float32, [size / sizeof(float)], bytes.AsSpan(block * size, size).ToArray()))];
        return new PolicySet(PolicyJson.FromJson(reply.Description), [.. reply.Owners.Select(owner => blocks[owner])]);
    }
}
