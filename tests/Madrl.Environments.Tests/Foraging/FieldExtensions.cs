using Madrl.Environments.Games.Foraging;

namespace Madrl.Environments.Tests.Foraging;

/// <summary>Fields as a test writes and reads them: by row, column and level.</summary>
internal static class FieldExtensions
{
    /// <summary>Puts an episode's start on the field of a copy.</summary>
    public static void Set(
        this ForagingField field, int copy,
        IReadOnlyList<(int Row, int Column, int Level)> players, IEnumerable<(int Row, int Column, int Level)> foods)
    {
        field.Clear(copy);
        foreach (var (player, (row, column, level)) in players.Index())
        {
            field.Players(copy)[player] = field.Cell(row, column);
            field.PlayerLevels(copy)[player] = level;
        }

        foreach (var (row, column, level) in foods) field.AddFood(copy, field.Cell(row, column), level);
    }

    /// <summary>Where the players of a copy are.</summary>
    public static (int Row, int Column)[] PlayersAt(this ForagingField field, int copy) =>
        [.. field.Players(copy).ToArray().Select(cell => (field.Row[cell], field.Column[cell]))];

    /// <summary>The foods of a copy row by row, looked up in the field itself.</summary>
    public static (int Row, int Column, int Level)[] FoodsAt(this ForagingField field, int copy) =>
    [
        .. field.Levels(copy).ToArray().Index().Where(cell => cell.Item > 0)
            .Select(cell => (field.Row[cell.Index], field.Column[cell.Index], (int)cell.Item)),
    ];

    /// <summary>The foods of a copy as they are listed.</summary>
    public static (int Row, int Column, int Level)[] FoodsListed(this ForagingField field, int copy) =>
    [
        .. field.Foods(copy).ToArray().Where(cell => cell != ForagingField.Nowhere)
            .Select(cell => (field.Row[cell], field.Column[cell], (int)field.Levels(copy)[cell])),
    ];
}
