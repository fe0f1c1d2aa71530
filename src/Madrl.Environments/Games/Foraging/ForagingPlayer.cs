namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// The scripted policy of lbf: the players of a <see cref="ForagingTeams">team</see> walk up to their food around foods and standing
/// players, wait for one another, and load; the others make room.
/// </summary>
internal sealed class ForagingPlayer : JointPlayer
{
    private readonly ForagingField _field;
    private readonly FoodDistances _distances;
    private readonly ForagingTeams _teams;
    private readonly bool[] _isStanding; // By cell: somebody is there who has arrived or goes nowhere.
    private readonly bool[] _isWaiting; // By food: somebody of its team has yet to arrive.
    private readonly int[] _next; // By player the cell that it has chosen.

    /// <summary>A player for a batch.</summary>
    public ForagingPlayer(ForagingField field, int copies, int players, int foods)
        : base(copies, players)
    {
        _field = field;
        _distances = new FoodDistances(field, foods);
        _teams = new ForagingTeams(field, _distances, players, foods);
        _isStanding = new bool[field.Cells];
        _isWaiting = new bool[foods];
        _next = new int[players];
    }

    /// <inheritdoc/>
    protected override void Plan(int copy, Span<byte> actions)
    {
        var foods = _field.Foods(copy).IndexOf(ForagingField.Nowhere);
        if (foods < 0) foods = _field.Foods(copy).Length;
        _teams.Form(copy, foods);
        FindWays(copy, foods);
        var players = _field.Players(copy);
        for (var player = 0; player < players.Length; player++)
        {
            // Who comes first in the order takes the cell that both wish.
            actions[player] = (byte)Choose(copy, player, _next.AsSpan(0, player));
            _next[player] = players[player] + _field.Ways[actions[player]];
        }

        foreach (var cell in players) _isStanding[cell] = false;
    }

    /// <summary>Measures the ways of those who have not arrived around those who stand.</summary>
    private void FindWays(int copy, int foods)
    {
        var players = _field.Players(copy);
        Array.Clear(_isWaiting);
        for (var player = 0; player < players.Length; player++)
        {
            var goal = _teams.Goals[player];
            if (goal == ForagingTeams.NoFood || _teams.HasArrived(player)) _isStanding[players[player]] = true;
            else _isWaiting[goal] = true;
        }

        for (var food = 0; food < foods; food++)
        {
            if (_isWaiting[food]) _distances.Measure(copy, food, _isStanding);
        }
    }

    private int Choose(int copy, int player, ReadOnlySpan<int> taken)
    {
        var goal = _teams.Goals[player];
        if (goal == ForagingTeams.NoFood) return MakeRoom(copy, player, taken);
        if (!_teams.HasArrived(player)) return Walk(copy, player, taken);
        return _isWaiting[goal] ? ForagingAction.Nothing : ForagingAction.Load;
    }

    /// <summary>A player without a goal leaves the neighbour cells of the others' goals.</summary>
    private int MakeRoom(int copy, int player, ReadOnlySpan<int> taken)
    {
        var players = _field.Players(copy);
        foreach (var goal in _teams.Goals)
        {
            if (goal == ForagingTeams.NoFood || _field.Distance(players[player], _field.Foods(copy)[goal]) != 1) continue;
            for (var action = ForagingAction.North; action <= ForagingAction.East; action++)
            {
                var cell = players[player] + _field.Ways[action];
                if (_field.Levels(copy)[cell] == 0 && !players.Contains(cell) && !taken.Contains(cell)) return action;
            }
        }

        return ForagingAction.Nothing;
    }

    /// <summary>The step of a player that nears its goal on a shortest way, or none.</summary>
    private int Walk(int copy, int player, ReadOnlySpan<int> taken)
    {
        var here = _field.Players(copy)[player];
        var distances = _distances.To(_teams.Goals[player]);
        for (var action = ForagingAction.North; action <= ForagingAction.East; action++)
        {
            var cell = here + _field.Ways[action];
            if (distances[cell] < distances[here] && !_isStanding[cell] && !taken.Contains(cell)) return action;
        }

        return ForagingAction.Nothing;
    }
}
