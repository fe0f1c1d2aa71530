namespace Madrl.Environments.Games;

/// <summary>How scripted players keep away from each other.</summary>
internal static class Evasion
{
    /// <summary>Away from somebody and to the right, so that two who meet pass each other.</summary>
    /// <param name="away">The way from the other one.</param>
    /// <param name="near">The distance from which on it need not be.</param>
    /// <param name="strength">The length of the part that leads away, from a distance of 0.</param>
    public static PlanePoint Of(PlanePoint away, double near, double strength)
    {
        var distance = away.Length;
        if (distance >= near || distance == 0) return default;
        return (away + new PlanePoint(away.Y, -away.X) * 0.5) * (strength * (near - distance) / (near * distance));
    }
}
