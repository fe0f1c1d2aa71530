namespace Madrl.Environments.Games.Drones;

/// <summary>Which cells of the map a drone has been in.</summary>
/// <param name="side">Cells of a side.</param>
internal sealed class CoverageMap(int side)
{
    private readonly bool[] _isCovered = new bool[side * side];

    /// <summary>Cells of a side.</summary>
    public int Side => side;

    /// <summary>Whether a cell is covered, row after row from the lower left one [side, side].</summary>
    public ReadOnlySpan<bool> IsCovered => _isCovered;

    /// <summary>The column and the row of a place.</summary>
    public (int X, int Y) CellOf(PlanePoint place) => (Index(place.X), Index(place.Y));

    /// <summary>The middle of a cell.</summary>
    public PlanePoint Middle(int cell) => new(Coordinate(cell % side), Coordinate(cell / side));

    /// <summary>Forgets what was covered.</summary>
    public void Clear() => Array.Clear(_isCovered);

    /// <summary>Covers the cells in which drones are.</summary>
    /// <param name="drones">The fleet.</param>
    /// <param name="shares">
    /// Receives for each drone the share of the map that it covered first; those who come to a cell together halve it, and so on.
    /// </param>
    public void Cover(ReadOnlySpan<Drone> drones, Span<double> shares)
    {
        for (var i = 0; i < drones.Length; i++) shares[i] = IsNewTo(drones[i]) ? 1.0 / (_isCovered.Length * Together(drones, drones[i])) : 0;
        foreach (var drone in drones)
        {
            if (drone.IsPresent) _isCovered[Cell(drone)] = true;
        }
    }

    private bool IsNewTo(Drone drone) => drone.IsPresent && !_isCovered[Cell(drone)];

    private int Together(ReadOnlySpan<Drone> drones, Drone drone)
    {
        var count = 0;
        foreach (var other in drones) count += other.IsPresent && Cell(other) == Cell(drone) ? 1 : 0;
        return count;
    }

    private int Cell(Drone drone) => Index(drone.Place.Y) * side + Index(drone.Place.X);

    private int Index(double coordinate) => Math.Min((int)((coordinate + Airspace.Edge) * side / (2 * Airspace.Edge)), side - 1);

    private double Coordinate(int index) => (2 * index + 1) * Airspace.Edge / side - Airspace.Edge;
}
