using System.Runtime.CompilerServices;

namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// What the players see: a triple (row, column, level) per food, row by row, then one per player, itself first, or a pair without
/// the levels; (-1, -1, 0) at the end stands for what is eaten or out of sight. Places are counted from the first corner of that
/// part of the field that the player sees.
/// </summary>
internal sealed class ForagingSight
{
    private const int FoodNumbers = 3;

    private readonly ForagingField _field;
    private readonly int _sight;
    private readonly int _foodsEnd;
    private readonly int _playerNumbers;

    /// <summary>The sight of all players of a field.</summary>
    public ForagingSight(ForagingField field, ForagingOptions options)
    {
        _field = field;
        _sight = options.Sight == 0 ? Math.Max(options.Rows, options.Columns) : options.Sight;
        _foodsEnd = FoodNumbers * options.Foods;
        _playerNumbers = PlayerNumbers(options);
    }

    /// <summary>Length of an observation.</summary>
    public static int Size(ForagingOptions options) => FoodNumbers * options.Foods + PlayerNumbers(options) * options.Players;

    /// <summary>Writes what a player of a copy observes.</summary>
    public void Write(int copy, int player, Span<float> numbers)
    {
        var players = _field.Players(copy);
        var (row, column) = (_field.Row[players[player]], _field.Column[players[player]]);
        var (top, left) = (Math.Max(row - _sight, 0), Math.Max(column - _sight, 0));
        var (bottom, right) = (row + _sight - top, column + _sight - left);
        var foodLevels = _field.Levels(copy);
        var at = 0;
        foreach (var food in _field.Foods(copy))
        {
            var (y, x) = (_field.Row[food] - top, _field.Column[food] - left);
            if ((uint)y > (uint)bottom || (uint)x > (uint)right) continue; // Out of sight, or eaten and so outside the field.
            (numbers[at], numbers[at + 1], numbers[at + 2]) = (y, x, foodLevels[food]);
            at += FoodNumbers;
        }

        for (; at < _foodsEnd; at += FoodNumbers) (numbers[at], numbers[at + 1], numbers[at + 2]) = (-1, -1, 0);

        // Near the first row and column players are seen further than foods, as in lb-foraging.
        var levels = _field.PlayerLevels(copy);
        var reach = (uint)(2 * _sight);
        at = Write(numbers, at, row - top, column - left, levels[player]);
        for (var other = 0; other < players.Length; other++)
        {
            if (other == player) continue;
            var (y, x) = (_field.Row[players[other]] - top, _field.Column[players[other]] - left);
            if ((uint)y <= reach && (uint)x <= reach) at = Write(numbers, at, y, x, levels[other]);
        }

        while (at < numbers.Length) at = Write(numbers, at, -1, -1, 0);
    }

    private static int PlayerNumbers(ForagingOptions options) => options.ObserveLevels ? 3 : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Write(Span<float> numbers, int at, int y, int x, int level)
    {
        (numbers[at], numbers[at + 1]) = (y, x);
        if (_playerNumbers == 3) numbers[at + 2] = level;
        return at + _playerNumbers;
    }
}
