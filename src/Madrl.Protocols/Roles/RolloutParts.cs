using Madrl.Environments;

namespace Madrl.Protocols.Roles;

/// <summary>A shard's rollout as it arrives, whole or in parts, each at least once and in any order.</summary>
/// <param name="game">The game.</param>
/// <param name="copies">Copies of the shard.</param>
/// <param name="states">Whether it has global states.</param>
internal sealed class RolloutParts(GameSpec game, int copies, bool states = true)
{
    private Rollout? _whole;

    /// <summary>Whether every copy has arrived: an episode lasts at least one step.</summary>
    public bool IsWhole => _whole is not null && !_whole.Lengths.Contains(0);

    /// <summary>The rollout.</summary>
    public Rollout Whole => _whole!;

    /// <summary>Adds consecutive copies; the part belongs to this from now on.</summary>
    /// <exception cref="ArgumentException">The part is of another game, or lies outside the shard.</exception>
    public void Add(int first, Rollout part)
    {
        if (first == 0 && part.Copies == copies)
        {
            _whole = part;
            return;
        }

        _whole ??= new Rollout(game, copies, game.EpisodeLimit, states);
        part.CopyTo(0, _whole, first, part.Copies);
    }
}
