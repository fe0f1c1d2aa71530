using System.Numerics;

namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// The scripted policy of lbf. Whenever an episode starts or a food was eaten the players agree who goes where: again and again the
/// food that can be loaded soonest gets the nearest players that are strong enough together. These walk up to it around foods and
/// standing players, wait for one another, and load; the others make room.
/// </summary>
internal sealed class ForagingHeuristic
{
    private const int Stay = 0;
    private const int Moves = 4;
    private const int LoadAction = 5;
    private const int Unreachable = int.MaxValue;

    // A food has four neighbour cells.
    private const int MostLoaders = 4;

    private readonly ForagingField _field;
    private readonly int _players;
    private readonly int[] _ways;
    private readonly bool[] _planned;
    private readonly int[] _goals;
    private readonly int[] _distances;
    private readonly int[] _queue;
    private readonly bool[] _standing;

    /// <summary>A policy for K copies of a field.</summary>
    public ForagingHeuristic(ForagingField field, int copies, int players, int foods)
    {
        (_field, _players) = (field, players);
        _ways = [0, .. field.Neighbours, 0];
        _planned = new bool[copies];
        _goals = new int[copies * players];
        _distances = new int[foods * field.Cells];
        _queue = new int[field.Cells];
        _standing = new bool[field.Cells];
    }

    /// <summary>The foods of a copy have changed: what was agreed is void.</summary>
    public void Forget(int copy) => _planned[copy] = false;

    /// <summary>A player's action.</summary>
    public int Act(int copy, int player)
    {
        if (!_planned[copy]) Agree(copy);

        // Who comes first in the order takes the cell that both wish.
        Span<int> taken = stackalloc int[player];
        for (var earlier = 0; earlier < player; earlier++)
            taken[earlier] = _field.Players(copy)[earlier] + _ways[Choose(copy, earlier, taken[..earlier])];
        return Choose(copy, player, taken);
    }

    private int Choose(int copy, int player, ReadOnlySpan<int> taken)
    {
        var goal = Goals(copy)[player];
        if (goal == ForagingField.Nowhere) return MakeRoom(copy, player, taken);
        if (!HasArrived(copy, player)) return Walk(copy, player, taken);
        for (var other = 0; other < _players; other++)
        {
            if (Goals(copy)[other] == goal && !HasArrived(copy, other)) return Stay;
        }

        return LoadAction;
    }

    private Span<int> Goals(int copy) => _goals.AsSpan(copy * _players, _players);

    private bool HasArrived(int copy, int player) => _field.Distance(_field.Players(copy)[player], Goals(copy)[player]) == 1;

    private void Agree(int copy)
    {
        Goals(copy).Fill(ForagingField.Nowhere);
        _planned[copy] = true;
        var foods = _field.Foods(copy);
        for (var food = 0; food < foods.Length && foods[food] != ForagingField.Nowhere; food++) Spread(copy, foods[food], Distances(food));
        while (true)
        {
            var (soonest, chosen, team) = (Unreachable, ForagingField.Nowhere, 0u);
            for (var food = 0; food < foods.Length && foods[food] != ForagingField.Nowhere; food++)
            {
                if (Goals(copy).Contains(foods[food])) continue;
                var (time, candidates) = Team(copy, _field.Levels(copy)[foods[food]], Distances(food));
                if (time < soonest) (soonest, chosen, team) = (time, foods[food], candidates);
            }

            if (chosen == ForagingField.Nowhere) return;
            for (; team != 0; team &= team - 1) Goals(copy)[BitOperations.TrailingZeroCount(team)] = chosen;
        }
    }

    /// <summary>The nearest players without a goal that can load a food together, a bit each, and the way of the farthest.</summary>
    private (int Time, uint Team) Team(int copy, int level, ReadOnlySpan<int> distances)
    {
        var players = _field.Players(copy);
        var levels = _field.PlayerLevels(copy);
        var (team, asked, strength) = (0u, 0u, 0);
        while (strength < level)
        {
            var nearest = Nearest(copy, distances, except: asked);
            if (nearest < 0) return (Unreachable, 0);
            asked |= 1u << nearest;
            team |= 1u << nearest;
            strength += levels[nearest];
            if (BitOperations.PopCount(team) <= MostLoaders) continue;
            var weakest = BitOperations.TrailingZeroCount(team);
            for (var player = weakest + 1; player < _players; player++)
            {
                if ((team >> player & 1) != 0 && levels[player] < levels[weakest]) weakest = player;
            }

            team &= ~(1u << weakest);
            strength -= levels[weakest];
        }

        var time = 0;
        for (var player = 0; player < _players; player++)
        {
            if ((team >> player & 1) == 0) continue;
            if (strength - levels[player] < level) time = Math.Max(time, distances[players[player]]);
            else
            {
                // The others are strong enough.
                team &= ~(1u << player);
                strength -= levels[player];
            }
        }

        return (time, team);
    }

    private int Nearest(int copy, ReadOnlySpan<int> distances, uint except)
    {
        var players = _field.Players(copy);
        var nearest = -1;
        for (var player = 0; player < _players; player++)
        {
            if (Goals(copy)[player] != ForagingField.Nowhere || (except >> player & 1) != 0) continue;
            if (nearest < 0 || distances[players[player]] < distances[players[nearest]]) nearest = player;
        }

        return nearest;
    }

    /// <summary>A player without a goal leaves the neighbour cells of the others' goals.</summary>
    private int MakeRoom(int copy, int player, ReadOnlySpan<int> taken)
    {
        var players = _field.Players(copy);
        foreach (var goal in Goals(copy))
        {
            if (_field.Distance(players[player], goal) != 1) continue;
            for (var action = 1; action <= Moves; action++)
            {
                var cell = players[player] + _ways[action];
                if (_field.Levels(copy)[cell] == 0 && !players.Contains(cell) && !taken.Contains(cell)) return action;
            }
        }

        return Stay;
    }

    /// <summary>The step of a player that nears its goal on a shortest way, or none.</summary>
    private int Walk(int copy, int player, ReadOnlySpan<int> taken)
    {
        var players = _field.Players(copy);
        for (var other = 0; other < _players; other++)
            _standing[players[other]] |= Goals(copy)[other] == ForagingField.Nowhere || HasArrived(copy, other);
        var distances = Distances(0);
        Spread(copy, Goals(copy)[player], distances);
        foreach (var cell in players) _standing[cell] = false;
        for (var action = 1; action <= Moves; action++)
        {
            var cell = players[player] + _ways[action];
            if (distances[cell] < distances[players[player]] && !taken.Contains(cell)) return action;
        }

        return Stay;
    }

    private Span<int> Distances(int food) => _distances.AsSpan(food * _field.Cells, _field.Cells);

    /// <summary>Steps from every cell to a food, around other foods and standing players.</summary>
    private void Spread(int copy, int food, Span<int> distances)
    {
        var levels = _field.Levels(copy);
        distances.Fill(Unreachable);
        distances[food] = 0;
        _queue[0] = food;
        for (int next = 0, end = 1; next < end; next++)
        {
            foreach (var way in _field.Neighbours)
            {
                var cell = _queue[next] + way;
                if (levels[cell] != 0 || _standing[cell] || distances[cell] != Unreachable) continue;
                distances[cell] = distances[_queue[next]] + 1;
                _queue[end++] = cell;
            }
        }
    }
}
