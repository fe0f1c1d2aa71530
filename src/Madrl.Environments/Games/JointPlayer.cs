namespace Madrl.Environments.Games;

/// <summary>
/// A scripted policy that plans all agents of a copy together, once for each state of the batch. What they do follows from the present
/// state alone.
/// </summary>
/// <param name="copies">Copies in the batch, K.</param>
/// <param name="agents">Agents of a copy.</param>
internal abstract class JointPlayer(int copies, int agents)
{
    private readonly byte[] _actions = new byte[copies * agents]; // [K, agents]
    private bool _isPlanned;

    /// <summary>The batch is about to be in another state.</summary>
    public void Forget() => _isPlanned = false;

    /// <summary>Writes an agent's actions [K].</summary>
    public void Play(int agent, Span<float> actions)
    {
        if (!_isPlanned)
        {
            for (var copy = 0; copy < copies; copy++) Plan(copy, _actions.AsSpan(copy * agents, agents));
            _isPlanned = true;
        }

        for (var copy = 0; copy < copies; copy++) actions[copy] = _actions[copy * agents + agent];
    }

    /// <summary>Writes the actions of all agents of a copy.</summary>
    protected abstract void Plan(int copy, Span<byte> actions);
}
