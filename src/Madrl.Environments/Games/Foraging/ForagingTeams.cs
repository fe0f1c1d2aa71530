using System.Numerics;

namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// Who goes to which food: again and again the food whose team has the shortest ways on average gets that team, the nearest players
/// that are strong enough together. Nobody remembers the last plan, so plans must bear themselves out: ways go around those who stand
/// beside the food already, whom one has to go around when the time comes, and who stands beside another food counts as a step
/// farther away. Else players would exchange their foods, or change their minds, to and fro.
/// </summary>
internal sealed class ForagingTeams
{
    /// <summary>In the place of a food's index.</summary>
    public const int NoFood = -1;

    // A food has four neighbour cells.
    private const int MostLoaders = 4;

    // Teams of any size have a mean way that is a whole number of twelfths of a step.
    private const int Twelve = 12;

    private readonly ForagingField _field;
    private readonly FoodDistances _distances;
    private readonly int[] _goals;
    private readonly int[] _beside; // By player the food beside it, or NoFood; foods are too far apart for two.
    private readonly bool[] _hasTeam;
    private readonly bool[] _isClosed;

    /// <summary>For the players of a copy.</summary>
    public ForagingTeams(ForagingField field, FoodDistances distances, int players, int foods)
    {
        (_field, _distances) = (field, distances);
        (_goals, _beside) = (new int[players], new int[players]);
        _hasTeam = new bool[foods];
        _isClosed = new bool[field.Cells];
    }

    /// <summary>By player the index of the food that it goes to, or <see cref="NoFood"/>.</summary>
    public ReadOnlySpan<int> Goals => _goals;

    /// <summary>Whether a player stands beside its goal.</summary>
    public bool HasArrived(int player) => _beside[player] == _goals[player];

    /// <summary>Forms the teams of a copy.</summary>
    /// <param name="copy">Index of the copy.</param>
    /// <param name="foods">Foods that are left.</param>
    public void Form(int copy, int foods)
    {
        Array.Fill(_goals, NoFood);
        Array.Fill(_beside, NoFood);
        Array.Clear(_hasTeam);
        for (var food = 0; food < foods; food++) Measure(copy, food);
        while (true)
        {
            var (least, chosen, team) = (FoodDistances.Unreachable, NoFood, 0u);
            for (var food = 0; food < foods; food++)
            {
                if (_hasTeam[food]) continue;
                var (way, candidates) = Team(copy, food);
                if (way < least) (least, chosen, team) = (way, food, candidates);
            }

            if (chosen == NoFood) return;
            _hasTeam[chosen] = true;
            for (; team != 0; team &= team - 1) _goals[BitOperations.TrailingZeroCount(team)] = chosen;
        }
    }

    private void Measure(int copy, int food)
    {
        var players = _field.Players(copy);
        for (var player = 0; player < players.Length; player++)
        {
            if (_field.Distance(players[player], _field.Foods(copy)[food]) != 1) continue;
            _beside[player] = food;
            _isClosed[players[player]] = true;
        }

        _distances.Measure(copy, food, _isClosed);
        foreach (var cell in players) _isClosed[cell] = false;
    }

    /// <summary>The nearest players without a goal that can load a food together, a bit each, and twelve times their mean way.</summary>
    private (int Way, uint Team) Team(int copy, int food)
    {
        var levels = _field.PlayerLevels(copy);
        int level = _field.Levels(copy)[_field.Foods(copy)[food]], strength = 0;
        var (team, asked) = (0u, 0u);
        while (strength < level)
        {
            var nearest = Nearest(copy, food, except: asked);
            if (nearest < 0) return (FoodDistances.Unreachable, 0);
            asked |= 1u << nearest;
            team |= 1u << nearest;
            strength += levels[nearest];
            if (BitOperations.PopCount(team) <= MostLoaders) continue;
            var weakest = Weakest(team, levels);
            team &= ~(1u << weakest);
            strength -= levels[weakest];
        }

        team = Needed(team, levels, strength - level);
        var sum = 0;
        for (var left = team; left != 0; left &= left - 1) sum += Way(copy, food, BitOperations.TrailingZeroCount(left));
        return (Twelve / BitOperations.PopCount(team) * sum, team);
    }

    /// <summary>Those of a team without whom the others are too weak.</summary>
    private static uint Needed(uint team, ReadOnlySpan<int> levels, int spareStrength)
    {
        for (var left = team; left != 0; left &= left - 1)
        {
            var player = BitOperations.TrailingZeroCount(left);
            if (levels[player] > spareStrength) continue;
            team &= ~(1u << player);
            spareStrength -= levels[player];
        }

        return team;
    }

    private static int Weakest(uint team, ReadOnlySpan<int> levels)
    {
        var weakest = BitOperations.TrailingZeroCount(team);
        for (; team != 0; team &= team - 1)
        {
            var player = BitOperations.TrailingZeroCount(team);
            if (levels[player] < levels[weakest]) weakest = player;
        }

        return weakest;
    }

    /// <summary>The nearest player that can get there, of those without a goal; below 0 for none.</summary>
    private int Nearest(int copy, int food, uint except)
    {
        var (nearest, least) = (-1, FoodDistances.Unreachable);
        for (var player = 0; player < _goals.Length; player++)
        {
            if (_goals[player] != NoFood || (except >> player & 1) != 0) continue;
            var way = Way(copy, food, player);
            if (way < least) (nearest, least) = (player, way);
        }

        return nearest;
    }

    private int Way(int copy, int food, int player)
    {
        var steps = _distances.To(food)[_field.Players(copy)[player]];
        return steps == FoodDistances.Unreachable || _beside[player] == NoFood || _beside[player] == food ? steps : steps + 1;
    }
}
