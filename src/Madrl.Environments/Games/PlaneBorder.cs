namespace Madrl.Environments.Games;

/// <summary>The border of a square around the origin that nobody passes.</summary>
internal static class PlaneBorder
{
    /// <summary>Who would pass it stands at it, at rest in that direction.</summary>
    /// <param name="place">Where the move would lead.</param>
    /// <param name="velocity">The velocity of the move.</param>
    /// <param name="edge">Half of the square's side.</param>
    public static (PlanePoint Place, PlanePoint Velocity) Stop(PlanePoint place, PlanePoint velocity, double edge) => (
        place.Within(-edge, edge),
        new(Math.Abs(place.X) > edge ? 0 : velocity.X, Math.Abs(place.Y) > edge ? 0 : velocity.Y));
}
