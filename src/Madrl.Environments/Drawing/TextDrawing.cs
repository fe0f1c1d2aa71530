namespace Madrl.Environments.Drawing;

/// <summary>One character of a <see cref="TextDrawing"/>.</summary>
/// <param name="Character">What stands there; a space where nothing is.</param>
/// <param name="Ink">What it belongs to; null where nothing is.</param>
/// <param name="IsLabel">Whether it is of a label, to be written on the colour of its mark rather than in it.</param>
public readonly record struct TextCell(char Character, Ink? Ink, bool IsLabel);

/// <summary>
/// A picture in characters, which are taken to be twice as high as wide. It can be read without colours: targets are grey and ground is
/// pale, labels are never covered. Where several marks meet in one character the later one has it.
/// </summary>
public sealed class TextDrawing
{
    private const double Tolerance = 1e-9;

    private static readonly TextCell _nothing = new(' ', null, IsLabel: false);

    private readonly TextCell[,] _cells;
    private readonly Picture _picture;

    private TextDrawing(Picture picture, int columns, int rows)
    {
        (_picture, Columns, Rows, _cells) = (picture, columns, rows, new TextCell[rows, columns]);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++) _cells[row, column] = _nothing;
        }
    }

    /// <summary>Characters of a line.</summary>
    public int Columns { get; }

    /// <summary>Lines.</summary>
    public int Rows { get; }

    /// <summary>The lines as plain text, without spaces at their ends.</summary>
    public IReadOnlyList<string> Lines =>
    [
        .. Enumerable.Range(0, Rows)
            .Select(row => string.Concat(Enumerable.Range(0, Columns).Select(column => this[row, column].Character)).TrimEnd()),
    ];

    /// <summary>A character, the first line on top.</summary>
    public TextCell this[int row, int column] => _cells[row, column];

    /// <summary>Draws a picture as large as fits with its proportions kept; a view of whole units gets whole characters for each unit.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="columns">Most characters of a line, at least 2.</param>
    /// <param name="rows">Most lines, at least 1.</param>
    public static TextDrawing Of(Picture picture, int columns, int rows)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var scale = Math.Min(columns / (2 * picture.Width), rows / picture.Height);
        if (scale > 1 && IsWhole(picture.Width) && IsWhole(picture.Height)) scale = Math.Floor(scale + Tolerance);
        var drawing = new TextDrawing(
            picture, Math.Clamp((int)Math.Round(2 * scale * picture.Width), 2, columns),
            Math.Clamp((int)Math.Round(scale * picture.Height), 1, rows));
        foreach (var mark in picture.Marks) drawing.Draw(mark);
        foreach (var mark in picture.Marks) drawing.Write(mark);
        return drawing;
    }

    private static bool IsWhole(double number) => Math.Abs(number - Math.Round(number)) < Tolerance;

    private double ColumnOf(double x) => (x - _picture.Left) / _picture.Width * Columns;

    private double RowOf(double y) => (_picture.Bottom + _picture.Height - y) / _picture.Height * Rows;

    private void Draw(Mark mark)
    {
        if (mark.Form == Form.Line) DrawLine(mark);
        else if (!Fill(mark)) Put(RowOf(mark.Y), ColumnOf(mark.X), mark.Form == Form.Disc ? '●' : '■', mark.Ink);
    }

    /// <summary>Fills what a disc or square covers; false where it covers no quarter of a character.</summary>
    private bool Fill(Mark mark)
    {
        var isDrawn = false;
        var (top, bottom) = Range(RowOf(mark.Y + mark.Size), RowOf(mark.Y - mark.Size), Rows);
        var (left, right) = Range(ColumnOf(mark.X - mark.Size), ColumnOf(mark.X + mark.Size), Columns);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var quarters = Quarters(mark, row, column);
                if (quarters == 0) continue;
                isDrawn = true;
                Put(row, column, TextGlyphs.Fill(mark.Ink, quarters), mark.Ink);
            }
        }

        return isDrawn;
    }

    /// <summary>The first and last whole number in sight of those that a range touches.</summary>
    private static (int First, int Last) Range(double low, double high, int count) =>
        ((int)Math.Clamp(Math.Floor(low), 0, count), (int)Math.Clamp(Math.Floor(high), -1, count - 1));

    /// <summary>Which quarters of a character have their middle in a mark: upper left 1, upper right 2, lower left 4, lower right 8.</summary>
    private int Quarters(Mark mark, int row, int column)
    {
        var quarters = 0;
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var x = _picture.Left + (column + 0.25 + 0.5 * (quarter % 2)) * _picture.Width / Columns - mark.X;
            var y = _picture.Bottom + _picture.Height - (row + 0.25 + 0.5 * (quarter / 2)) * _picture.Height / Rows - mark.Y;
            var isInside = mark.Form == Form.Disc ? x * x + y * y <= mark.Size * mark.Size : Math.Max(Math.Abs(x), Math.Abs(y)) <= mark.Size;
            if (isInside) quarters |= 1 << quarter;
        }

        return quarters;
    }

    /// <summary>Draws a line in dots, of which a character has two by four.</summary>
    private void DrawLine(Mark line)
    {
        if (Clipping.Clip(line, _picture) is not { } seen) return;
        var (fromX, fromY) = (2 * ColumnOf(seen.X), 4 * RowOf(seen.Y));
        var (toX, toY) = (2 * ColumnOf(seen.ToX), 4 * RowOf(seen.ToY));
        var steps = Math.Max(1, (int)Math.Ceiling(Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY))));
        for (var step = 0; step <= steps; step++)
        {
            var (dotX, dotY) = (fromX + (toX - fromX) * step / steps, fromY + (toY - fromY) * step / steps);
            var (column, row) = (Math.Clamp((int)dotX, 0, 2 * Columns - 1), Math.Clamp((int)dotY, 0, 4 * Rows - 1));
            var there = _cells[row / 4, column / 2];
            Put(row / 4, column / 2, TextGlyphs.AddDot(there.Ink == line.Ink ? there.Character : ' ', column % 2, row % 4), line.Ink);
        }
    }

    private void Put(double row, double column, char character, Ink ink, bool isLabel = false)
    {
        if (row >= 0 && row < Rows && column >= 0 && column < Columns) _cells[(int)row, (int)column] = new TextCell(character, ink, isLabel);
    }

    /// <summary>Writes a label across its mark's middle, moved as far as it takes to stay in sight.</summary>
    private void Write(Mark mark)
    {
        var (row, middle) = (RowOf(mark.Y), ColumnOf(mark.X));
        if (row < 0 || row >= Rows || middle < 0 || middle >= Columns) return;
        var first = Math.Clamp((int)Math.Floor(middle - mark.Label.Length / 2.0 + 0.5), 0, Math.Max(0, Columns - mark.Label.Length));
        for (var i = 0; i < mark.Label.Length; i++) Put(row, first + i, mark.Label[i], mark.Ink, isLabel: true);
    }
}
