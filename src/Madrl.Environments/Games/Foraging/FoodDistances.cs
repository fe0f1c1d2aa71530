namespace Madrl.Environments.Games.Foraging;

/// <summary>The steps that it takes from every cell of a field to its foods.</summary>
/// <param name="field">The fields.</param>
/// <param name="foods">Foods that a field has room for.</param>
internal sealed class FoodDistances(ForagingField field, int foods)
{
    /// <summary>There is no way.</summary>
    public const int Unreachable = int.MaxValue;

    private readonly int[] _distances = new int[foods * field.Cells];
    private readonly int[] _queue = new int[field.Cells];
    private readonly int[] _closed = new int[field.Cells];

    /// <summary>By cell the steps to a food, as they were measured last.</summary>
    /// <param name="food">Index of the food in <see cref="ForagingField.Foods"/>.</param>
    public ReadOnlySpan<int> To(int food) => _distances.AsSpan(food * field.Cells, field.Cells);

    /// <summary>
    /// Measures the ways to a food of a copy, breadth first: around the other foods and, wherever that is possible, around closed cells.
    /// </summary>
    /// <param name="copy">Index of the copy.</param>
    /// <param name="food">Index of the food in <see cref="ForagingField.Foods"/>.</param>
    /// <param name="isClosed">By cell whether it is closed.</param>
    public void Measure(int copy, int food, ReadOnlySpan<bool> isClosed)
    {
        var levels = field.Levels(copy);
        var distances = _distances.AsSpan(food * field.Cells, field.Cells);
        distances.Fill(Unreachable);
        _queue[0] = field.Foods(copy)[food];
        distances[_queue[0]] = 0;
        var (end, closed) = (1, 0);
        for (var next = 0; next < end; next++)
        {
            foreach (var way in field.Neighbours)
            {
                var cell = _queue[next] + way;
                if (levels[cell] != 0 || distances[cell] != Unreachable) continue;
                distances[cell] = distances[_queue[next]] + 1;
                if (isClosed[cell]) _closed[closed++] = cell;
                else _queue[end++] = cell;
            }

            if (next + 1 < end) continue;
            _closed.AsSpan(0, closed).CopyTo(_queue.AsSpan(end));
            (end, closed) = (end + closed, 0);
        }
    }
}
