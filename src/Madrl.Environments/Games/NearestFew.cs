namespace Madrl.Environments.Games;

/// <summary>The nearest of those that were added, nearest first, of equally near ones the first added.</summary>
/// <param name="indices">Room for as many as are wanted.</param>
/// <param name="distances">As much room.</param>
internal ref struct NearestFew(Span<int> indices, Span<double> distances)
{
    private readonly Span<int> _indices = indices;
    private readonly Span<double> _distances = distances;
    private int _count;

    /// <summary>Those that are kept.</summary>
    public readonly ReadOnlySpan<int> Indices => _indices[.._count];

    /// <summary>Adds one; it or a further one is dropped if there is no room.</summary>
    public void Add(int index, double distance)
    {
        var slot = _count;
        for (; slot > 0 && distance < _distances[slot - 1]; slot--)
        {
            if (slot < _indices.Length) (_indices[slot], _distances[slot]) = (_indices[slot - 1], _distances[slot - 1]);
        }

        if (slot >= _indices.Length) return;
        (_indices[slot], _distances[slot]) = (index, distance);
        _count = Math.Min(_count + 1, _indices.Length);
    }
}
