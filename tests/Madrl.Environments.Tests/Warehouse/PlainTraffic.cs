namespace Madrl.Environments.Tests.Warehouse;

/// <summary>
/// Who goes ahead, written down from the rules once more: a set of robots goes if their new cells become free. It looks from the free
/// cells backwards and follows circles, where the game looks from each robot forwards.
/// </summary>
/// <param name="cells">Each robot's cell.</param>
/// <param name="wishes">The cell each robot wishes; its own if it stays.</param>
internal sealed class PlainTraffic(int[] cells, int[] wishes)
{
    /// <summary>The robots that go.</summary>
    public HashSet<int> Goers()
    {
        HashSet<int> goers = [.. Enumerable.Range(0, cells.Length).Where(IsOnCircle)];
        foreach (var free in wishes.Except(cells).Distinct()) goers.UnionWith(LongestChain(free));
        return goers;
    }

    private bool IsOnCircle(int robot)
    {
        var (cell, length) = (cells[robot], 0);
        do
        {
            var inCell = Array.IndexOf(cells, cell);
            if (inCell < 0) return false;
            cell = wishes[inCell];
            length++;
        }
        while (cell != cells[robot] && length <= cells.Length);
        return cell == cells[robot] && length > 2;
    }

    /// <summary>
    /// The longest chain that leads to a cell, the robot next to it first; of equally long ones that with the lowest last robot.
    /// </summary>
    private List<int> LongestChain(int cell)
    {
        List<int> longest = [];
        for (var robot = 0; robot < cells.Length; robot++)
        {
            if (wishes[robot] != cell || cells[robot] == cell) continue;
            List<int> chain = [robot, .. LongestChain(cells[robot])];
            if (chain.Count > longest.Count || (chain.Count == longest.Count && chain[^1] < longest[^1])) longest = chain;
        }

        return longest;
    }
}
