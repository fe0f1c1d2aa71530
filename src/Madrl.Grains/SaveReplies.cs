using System.Text.Json;
using Madrl.Grains.Abstractions;

namespace Madrl.Grains;

/// <summary>What a role's saving gave, as it travels: a full disk is an answer, not a failed call.</summary>
internal static class SaveReplies
{
    public static async Task<SaveReply> OfAsync<T>(Func<Task<T>> save)
    {
        try
        {
            return new SaveReply(JsonSerializer.Serialize(await save()), null);
        }
        catch (IOException error)
        {
            return new SaveReply(null, error.Message);
        }
    }
}
