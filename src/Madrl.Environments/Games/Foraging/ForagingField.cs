namespace Madrl.Environments.Games.Foraging;

/// <summary>
/// What lies and stands on the fields of K copies. A field is surrounded by a border of one cell, so that a step off it needs no
/// case of its own; a cell is the number row · <see cref="Stride"/> + column, counted with the border.
/// </summary>
internal sealed class ForagingField
{
    /// <summary>In the place of a food's cell: the food was eaten. It is the border's first corner, where nothing ever is.</summary>
    public const int Nowhere = 0;

    private const sbyte Border = -1;

    private readonly int _players;
    private readonly int _foods;
    private readonly sbyte[] _levels;
    private readonly int[] _playerCells;
    private readonly int[] _playerLevels;
    private readonly int[] _foodCells;
    private readonly int[] _spawned;

    /// <summary>Empty fields, all players in the first cell.</summary>
    public ForagingField(int copies, int rows, int columns, int players, int foods)
    {
        (Rows, Columns, _players, _foods) = (rows, columns, players, foods);
        Stride = columns + 2;
        Cells = (rows + 2) * Stride;
        Neighbours = [-Stride, Stride, -1, 1];
        Ways = [0, .. Neighbours, 0];
        Row = [.. Enumerable.Range(0, Cells).Select(cell => cell / Stride - 1)];
        Column = [.. Enumerable.Range(0, Cells).Select(cell => cell % Stride - 1)];
        _levels = new sbyte[copies * Cells];
        for (var i = 0; i < _levels.Length; i++) _levels[i] = IsInside(i % Cells) ? (sbyte)0 : Border;
        _playerCells = new int[copies * players];
        Array.Fill(_playerCells, Cell(0, 0));
        _playerLevels = new int[copies * players];
        _foodCells = new int[copies * foods];
        _spawned = new int[copies];
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Distance of two cells one below the other.</summary>
    public int Stride { get; }

    /// <summary>Cells of a field with its border.</summary>
    public int Cells { get; }

    /// <summary>Distances to the cells north, south, west and east.</summary>
    public int[] Neighbours { get; }

    /// <summary>By <see cref="ForagingAction"/> the distance to the cell that it leads to.</summary>
    public int[] Ways { get; }

    /// <summary>Row by cell.</summary>
    public int[] Row { get; }

    /// <summary>Column by cell.</summary>
    public int[] Column { get; }

    public int Cell(int row, int column) => (row + 1) * Stride + column + 1;

    /// <summary>By cell the level of the food that lies there; 0 for none, below 0 for the border.</summary>
    public Span<sbyte> Levels(int copy) => _levels.AsSpan(copy * Cells, Cells);

    /// <summary>By player its cell.</summary>
    public Span<int> Players(int copy) => _playerCells.AsSpan(copy * _players, _players);

    /// <summary>By player its level.</summary>
    public Span<int> PlayerLevels(int copy) => _playerLevels.AsSpan(copy * _players, _players);

    /// <summary>The cells of the foods row by row, then <see cref="Nowhere"/> for each that was eaten.</summary>
    public ReadOnlySpan<int> Foods(int copy) => _foodCells.AsSpan(copy * _foods, _foods);

    /// <summary>Sum of the levels of the foods that the episode started with.</summary>
    public int Spawned(int copy) => _spawned[copy];

    /// <summary>Removes all foods before an episode.</summary>
    public void Clear(int copy)
    {
        var foods = _foodCells.AsSpan(copy * _foods, _foods);
        foreach (var cell in foods)
        {
            if (cell != Nowhere) Levels(copy)[cell] = 0;
        }

        foods.Clear();
        _spawned[copy] = 0;
    }

    /// <summary>Adds a food, of which there are fewer than the field was made for, to a free cell before an episode.</summary>
    public void AddFood(int copy, int cell, int level)
    {
        var foods = _foodCells.AsSpan(copy * _foods, _foods);
        var place = foods.IndexOf(Nowhere);
        for (; place > 0 && foods[place - 1] > cell; place--) foods[place] = foods[place - 1];
        foods[place] = cell;
        Levels(copy)[cell] = (sbyte)level;
        _spawned[copy] += level;
    }

    /// <summary>A food was eaten.</summary>
    public void RemoveFood(int copy, int cell)
    {
        var foods = _foodCells.AsSpan(copy * _foods, _foods);
        var place = foods.IndexOf(cell);
        foods[(place + 1)..].CopyTo(foods[place..]);
        foods[^1] = Nowhere;
        Levels(copy)[cell] = 0;
    }

    /// <summary>Steps between two cells where nothing is in the way.</summary>
    public int Distance(int first, int second) => Math.Abs(Row[first] - Row[second]) + Math.Abs(Column[first] - Column[second]);

    private bool IsInside(int cell) => Row[cell] >= 0 && Row[cell] < Rows && Column[cell] >= 0 && Column[cell] < Columns;
}
