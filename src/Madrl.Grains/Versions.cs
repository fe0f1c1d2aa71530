using Madrl.Grains.Abstractions;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;

namespace Madrl.Grains;

/// <summary>Between versioned policies and the messages that carry them.</summary>
internal static class Versions
{
    public static VersionedPolicy Decode(WeightsMessage message) =>
        new(new Ticket(message.Epoch, message.Iteration), PolicyJson.FromJson(message.Description), message.Weights);

    /// <summary>One message per agent.</summary>
    public static WeightsMessage[] Encode(Ticket ticket, PolicySet policies)
    {
        var description = PolicyJson.ToJson(policies.Description);
        return [.. policies.Weights.Select(weights => new WeightsMessage(ticket.Epoch, ticket.Iteration, description, weights))];
    }
}
