using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;

namespace Madrl.Grains;

/// <summary>What saving gave, as it travels.</summary>
internal static class SaveReplies
{
    public static SaveReply Encode<T>(SaveOutcome<T> outcome)
        where T : class => new(outcome.Saved is null ? null : JsonSerializer.Serialize(outcome.Saved), outcome.Failure);

    public static SaveOutcome<T> Decode<T>(SaveReply reply)
        where T : class => new(reply.Saved is null ? null : JsonSerializer.Deserialize<T>(reply.Saved), reply.Failure);
}
