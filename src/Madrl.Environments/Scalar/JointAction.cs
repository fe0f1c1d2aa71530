namespace Madrl.Environments.Scalar;

/// <summary>What all agents of one copy of a game do in a step.</summary>
public readonly ref struct JointAction
{
    private readonly ReadOnlySpan<float[]> _rows;
    private readonly int _copy;
    private readonly int _copies;

    /// <param name="rows">The actions of the batch, per agent [K, width].</param>
    /// <param name="copy">The copy.</param>
    /// <param name="copies">Copies in the batch, K.</param>
    internal JointAction(ReadOnlySpan<float[]> rows, int copy, int copies)
    {
        _rows = rows;
        (_copy, _copies) = (copy, copies);
    }

    /// <summary>The numbers of an agent's action, each within the limits of its <see cref="ActionSpace.Box"/>.</summary>
    /// <param name="agent">Index of the agent.</param>
    public ReadOnlySpan<float> this[int agent]
    {
        get
        {
            var width = _rows[agent].Length / _copies;
            return _rows[agent].AsSpan(_copy * width, width);
        }
    }

    /// <summary>The index of an agent's action in its <see cref="ActionSpace.Discrete"/>.</summary>
    /// <param name="agent">Index of the agent.</param>
    public int Choice(int agent) => (int)this[agent][0];
}
