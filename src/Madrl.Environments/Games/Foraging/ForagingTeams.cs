using System.Numerics;

namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// Who goes to which food: again and again the food that can be loaded soonest gets the nearest players that are strong enough together.
/// </summary>
internal sealed class ForagingTeams
{
    /// <summary>In the place of a food's index: the player goes nowhere.</summary>
    public const int NoFood = -1;

    // A food has four neighbour cells, and players stand in cells of their own where they can.
    private const int MostLoaders = 4;

    private readonly ForagingField _field;
    private readonly ShortestPaths _paths;
    private readonly int[] _goals;
    private readonly bool[] _hasTeam;

    /// <summary>For the players of a copy.</summary>
    public ForagingTeams(ForagingField field, ShortestPaths paths, int players, int foods)
    {
        (_field, _paths) = (field, paths);
        _goals = new int[players];
        _hasTeam = new bool[foods];
    }

    /// <summary>By player the index of the food that it goes to, or <see cref="NoFood"/>.</summary>
    public ReadOnlySpan<int> Goals => _goals;

    /// <summary>Forms the teams of a copy, of which the ways to all foods have been measured.</summary>
    /// <param name="copy">Index of the copy.</param>
    /// <param name="foods">Foods that are left.</param>
    public void Form(int copy, int foods)
    {
        Array.Fill(_goals, NoFood);
        Array.Clear(_hasTeam);
        while (true)
        {
            var (soonest, chosen, team) = (ShortestPaths.Unreachable, NoFood, 0u);
            for (var food = 0; food < foods; food++)
            {
                if (_hasTeam[food]) continue;
                var (time, candidates) = Team(copy, food);
                if (time < soonest) (soonest, chosen, team) = (time, food, candidates);
            }

            if (chosen == NoFood) return;
            _hasTeam[chosen] = true;
            for (; team != 0; team &= team - 1) _goals[BitOperations.TrailingZeroCount(team)] = chosen;
        }
    }

    /// <summary>The nearest players without a goal that can load a food together, a bit each, and the way of the farthest.</summary>
    private (int Time, uint Team) Team(int copy, int food)
    {
        var levels = _field.PlayerLevels(copy);
        int level = _field.Levels(copy)[_field.Foods(copy)[food]], strength = 0;
        var (team, asked) = (0u, 0u);
        while (strength < level)
        {
            var nearest = Nearest(copy, food, except: asked);
            if (nearest < 0) return (ShortestPaths.Unreachable, 0);
            asked |= 1u << nearest;
            team |= 1u << nearest;
            strength += levels[nearest];
            if (BitOperations.PopCount(team) <= MostLoaders) continue;
            var weakest = Weakest(team, levels);
            team &= ~(1u << weakest);
            strength -= levels[weakest];
        }

        return Needed(copy, food, team, strength - level);
    }

    /// <summary>Those of a team without whom the others are too weak.</summary>
    private (int Time, uint Team) Needed(int copy, int food, uint team, int spareStrength)
    {
        var levels = _field.PlayerLevels(copy);
        var time = 0;
        for (var left = team; left != 0; left &= left - 1)
        {
            var player = BitOperations.TrailingZeroCount(left);
            if (levels[player] > spareStrength) time = Math.Max(time, _paths.To(food)[_field.Players(copy)[player]]);
            else
            {
                team &= ~(1u << player);
                spareStrength -= levels[player];
            }
        }

        return (time, team);
    }

    private static int Weakest(uint team, ReadOnlySpan<int> levels)
    {
        var weakest = BitOperations.TrailingZeroCount(team);
        for (team &= team - 1; team != 0; team &= team - 1)
        {
            var player = BitOperations.TrailingZeroCount(team);
            if (levels[player] < levels[weakest]) weakest = player;
        }

        return weakest;
    }

    private int Nearest(int copy, int food, uint except)
    {
        var players = _field.Players(copy);
        var distances = _paths.To(food);
        var nearest = -1;
        for (var player = 0; player < players.Length; player++)
        {
            if (_goals[player] != NoFood || (except >> player & 1) != 0) continue;
            if (nearest < 0 || distances[players[player]] < distances[players[nearest]]) nearest = player;
        }

        return nearest;
    }
}
