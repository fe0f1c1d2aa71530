using Madrl.Environments.Drawing;

namespace Madrl.Environments.Games;

/// <summary>What several games on a plane draw.</summary>
internal static class PlaneMarks
{
    /// <summary>A line from one place to another.</summary>
    public static Mark Link(PlanePoint from, PlanePoint to) => new(Form.Line, Ink.Link, from.X, from.Y, 0, ToX: to.X, ToY: to.Y);

    /// <summary>A line between every two that are linked.</summary>
    /// <param name="places">Where they are.</param>
    /// <param name="areLinked">Whether two of them, by their indices, are.</param>
    public static IEnumerable<Mark> Links(PlanePoint[] places, Func<int, int, bool> areLinked) =>
        from first in Enumerable.Range(0, places.Length)
        from second in Enumerable.Range(first + 1, places.Length - first - 1)
        where areLinked(first, second)
        select Link(places[first], places[second]);
}
