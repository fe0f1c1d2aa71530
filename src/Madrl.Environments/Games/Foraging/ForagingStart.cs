using Madrl.Numerics;

namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// Draws an episode's start with the probabilities of lb-foraging: players on different cells anywhere; foods off the field's
/// edge, off the players, and so far apart that no two have a neighbour cell in common. Where 1000 draws altogether have not
/// placed all foods there are fewer.
/// </summary>
internal static class ForagingStart
{
    private const int Attempts = 1000;
    private const int LeastFoodDistance = 3;

    // A food is at most as heavy as three players can load.
    private const int Loaders = 3;

    /// <summary>Starts an episode in a copy.</summary>
    public static void Draw(ForagingField field, int copy, ForagingOptions options, ref KeyedRandom random)
    {
        field.Clear(copy);
        PlacePlayers(field, copy, options.MaxPlayerLevel, ref random);
        PlaceFoods(field, copy, options, ref random);
    }

    private static void PlacePlayers(ForagingField field, int copy, int maxLevel, ref KeyedRandom random)
    {
        var players = field.Players(copy);
        var levels = field.PlayerLevels(copy);
        for (var player = 0; player < players.Length; player++)
        {
            int cell;
            do cell = DrawCell(field, edge: 0, ref random);
            while (players[..player].Contains(cell));
            players[player] = cell;
            levels[player] = 1 + random.NextInt32(maxLevel);
        }
    }

    private static void PlaceFoods(ForagingField field, int copy, ForagingOptions options, ref KeyedRandom random)
    {
        var maxLevel = options.MaxFoodLevel > 0 ? options.MaxFoodLevel : SumOfLowest(field.PlayerLevels(copy));
        for (int attempt = 0, foods = 0; attempt < Attempts && foods < options.Foods; attempt++)
        {
            var cell = DrawCell(field, edge: 1, ref random);
            if (!IsFree(field, copy, cell)) continue;
            field.AddFood(copy, cell, options.Cooperative ? maxLevel : 1 + random.NextInt32(maxLevel));
            foods++;
        }
    }

    private static int SumOfLowest(ReadOnlySpan<int> levels)
    {
        Span<int> sorted = stackalloc int[levels.Length];
        levels.CopyTo(sorted);
        sorted.Sort();
        var sum = 0;
        foreach (var level in sorted[..Math.Min(Loaders, sorted.Length)]) sum += level;
        return sum;
    }

    /// <summary>A cell at least <paramref name="edge"/> cells away from the field's edge.</summary>
    private static int DrawCell(ForagingField field, int edge, ref KeyedRandom random)
    {
        var columns = field.Columns - 2 * edge;
        var (row, column) = Math.DivRem(random.NextInt32((field.Rows - 2 * edge) * columns), columns);
        return field.Cell(edge + row, edge + column);
    }

    private static bool IsFree(ForagingField field, int copy, int cell)
    {
        if (field.Players(copy).Contains(cell)) return false;
        foreach (var food in field.Foods(copy))
        {
            if (food != ForagingField.Nowhere && field.Distance(food, cell) < LeastFoodDistance) return false;
        }

        return true;
    }
}
