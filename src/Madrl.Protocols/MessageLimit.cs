using Madrl.Environments;

namespace Madrl.Protocols;

/// <summary>
/// How much one message between members carries. What is larger travels in several; what cannot be divided is refused before
/// a run is made.
/// </summary>
public static class MessageLimit
{
    /// <summary>
    /// Largest payload of a message. Orleans tears down connections at 100 MB; and while a message is on its way between two
    /// silos, the others wait behind it, those by which silos know that they are alive included.
    /// </summary>
    public const long Bytes = 16L * 1024 * 1024;

    /// <summary>Whole episodes of a game that fit into a message; 0 if not even one does.</summary>
    public static int Episodes(GameSpec game) => (int)Math.Min(Bytes / Rollout.BytesPerCopy(game), int.MaxValue);

    /// <summary>Transitions of a game that fit into a message, at least 1 where an episode does.</summary>
    public static int Transitions(GameSpec game)
    {
        ArgumentNullException.ThrowIfNull(game);
        return (int)Math.Min(Bytes / Rollout.BytesPerCopy(game with { EpisodeLimit = 1 }), int.MaxValue);
    }
}
