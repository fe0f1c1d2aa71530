using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Madrl.Grains.Links;

/// <summary>Calls to other grains: what Orleans says of a silo that is gone becomes what the protocols wait for.</summary>
internal static class Reach
{
    /// <exception cref="MemberUnavailableException">No silo answers for the grain at present.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException or RoleMissingException)
        {
            throw new MemberUnavailableException(error.Message, error);
        }
    }

    /// <exception cref="MemberUnavailableException">No silo answers for the grain at present.</exception>
    public static Task TellAsync(Func<Task> call) => AskAsync(async () =>
    {
        await call();
        return true;
    });
}
