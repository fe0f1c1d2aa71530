namespace Madrl.Environments.Games.Matrix;

/// <summary>A player of a game in normal form.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Actions">Names of what it can do.</param>
internal sealed record NormalFormPlayer(string Name, IReadOnlyList<string> Actions);

/// <summary>A game in normal form: every player chooses once, and the choices together say what each receives.</summary>
internal sealed class NormalFormGame
{
    private readonly int[] _strides;

    /// <summary>A game whose payoffs are all 0.</summary>
    /// <param name="players">The players, each with at least one action.</param>
    public NormalFormGame(IReadOnlyList<NormalFormPlayer> players)
    {
        Players = players;
        _strides = new int[players.Count];
        var profiles = 1;
        for (var player = players.Count - 1; player >= 0; player--)
        {
            _strides[player] = profiles;
            profiles *= players[player].Actions.Count;
        }

        Payoffs = [.. players.Select(_ => new double[profiles])];
    }

    /// <summary>The players.</summary>
    public IReadOnlyList<NormalFormPlayer> Players { get; }

    /// <summary>Per player its payoff by the index of the joint action: the last player's action counts fastest.</summary>
    public double[][] Payoffs { get; }

    /// <summary>Number of joint actions.</summary>
    public int Profiles => Payoffs[0].Length;

    /// <summary>Whether all players always receive the same.</summary>
    public bool IsCommon() => Payoffs.All(payoffs => payoffs.AsSpan().SequenceEqual(Payoffs[0]));

    /// <summary>The first of the joint actions with the greatest sum of payoffs.</summary>
    public int Best()
    {
        double[] sums = [.. Enumerable.Range(0, Profiles).Select(profile => Payoffs.Sum(payoffs => payoffs[profile]))];
        return Array.IndexOf(sums, sums.Max());
    }

    /// <summary>By how much a player's next action moves the index of the joint action.</summary>
    public int Stride(int player) => _strides[player];

    /// <summary>A player's action within a joint action.</summary>
    public int Action(int profile, int player) => profile / _strides[player] % Players[player].Actions.Count;

    /// <summary>
    /// Claus and Boutilier's penalty game: both receive 10 where they meet in opposite corners, 2 in the middle, and k where each
    /// plays for the other corner.
    /// </summary>
    /// <param name="k">The penalty, at most 0.</param>
    public static NormalFormGame Penalty(double k)
    {
        double[] payoffs = [k, 0, 10, 0, 2, 0, 10, 0, k];
        var game = new NormalFormGame([new("row", ["a", "b", "c"]), new("column", ["a", "b", "c"])]);
        foreach (var own in game.Payoffs) payoffs.CopyTo(own, 0);
        return game;
    }
}
