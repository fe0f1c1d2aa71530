namespace Madrl.Environments.Games.Particles;

/// <summary>
/// One number of an observation as what it is made of: the difference of two rows, or one row, or zero; and zero in those copies
/// where a third row is not positive. Rows are counted through those that are kept and, after them, those that are worked out.
/// </summary>
/// <param name="Plus">The row; negative for zero.</param>
/// <param name="Minus">The row that is subtracted; negative for none.</param>
/// <param name="Shown">The row that must be positive; negative for always.</param>
internal readonly record struct Column(int Plus, int Minus = Column.None, int Shown = Column.None)
{
    /// <summary>No row.</summary>
    public const int None = -1;

    /// <summary>Two rows, x and y.</summary>
    public static IEnumerable<Column> Pair(int row) => Rows(row, 2);

    /// <summary>Rows one after another.</summary>
    public static IEnumerable<Column> Rows(int first, int count) => Enumerable.Range(first, count).Select(row => new Column(row));

    /// <summary>Where x and y of one pair of rows lie relative to another.</summary>
    public static IEnumerable<Column> Relative(int to, int from, int shown = None) => [new(to, from, shown), new(to + 1, from + 1, shown)];

    /// <summary>Zeros.</summary>
    public static IEnumerable<Column> Zeros(int count) => Enumerable.Repeat(new Column(None), count);
}
