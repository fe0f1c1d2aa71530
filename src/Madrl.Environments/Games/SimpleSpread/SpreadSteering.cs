namespace Madrl.Environments.Games.SimpleSpread;

/// <summary>
/// Turns actions into the forces that push the agents, checking them on the way. Action 1 to 4 pushes along -x, +x,
/// -y, +y by the rules mpe2 and along +x, -x, +y, -y by the rules openai; action 0 does nothing.
/// </summary>
internal sealed class SpreadSteering
{
    /// <summary>Discrete actions, and numbers of a continuous or soft one.</summary>
    public const int Directions = 5;

    private readonly ParticleWorld _world;
    private readonly SpreadActions _kind;

    // Force by discrete action; the rules differ in the sign alone.
    private readonly double[] _pushX;
    private readonly double[] _pushY;
    private readonly double _sign;

    /// <summary>The steering of a world.</summary>
    /// <param name="world">Receives the forces.</param>
    /// <param name="kind">How agents are steered.</param>
    /// <param name="firstIsPositive">Whether action 1 pushes along +x (rules openai) rather than -x.</param>
    public SpreadSteering(ParticleWorld world, SpreadActions kind, bool firstIsPositive)
    {
        _world = world;
        _kind = kind;
        _sign = firstIsPositive ? 1 : -1;
        var push = _sign * ParticleWorld.Acceleration;
        _pushX = [0, push, -push, 0, 0];
        _pushY = [0, 0, 0, push, -push];
    }

    /// <summary>The agents' action space.</summary>
    public ActionSpace Space => _kind == SpreadActions.Discrete
        ? new ActionSpace.Discrete(Directions)
        : new ActionSpace.Box(Directions, 0, 1);

    /// <summary>Sets the forces of the actions.</summary>
    /// <param name="actions">Per agent [K, width].</param>
    /// <exception cref="ArgumentException">An action is missing or lies outside its space; no force counts then.</exception>
    public void Apply(ReadOnlySpan<float[]> actions)
    {
        if (actions.Length != _world.Agents)
            throw new ArgumentException($"Actions are needed for {_world.Agents} agents, not {actions.Length}.", nameof(actions));
        var width = _kind == SpreadActions.Discrete ? 1 : Directions;
        for (var agent = 0; agent < actions.Length; agent++)
        {
            var length = actions[agent]?.Length ?? 0;
            if (length != _world.Copies * width)
            {
                throw new ArgumentException($"The actions of agent {agent} must be {_world.Copies} copies x {width} = "
                    + $"{_world.Copies * width} numbers; there are {length}.", nameof(actions));
            }

            if (_kind == SpreadActions.Discrete) ApplyDiscrete(agent, actions[agent]);
            else ApplyMixed(agent, actions[agent]);
        }
    }

    /// <summary>Writes the action that pushes by the given shares of the full force.</summary>
    /// <param name="x">Horizontal push, in [-1, 1].</param>
    /// <param name="y">Vertical push, in [-1, 1]; for discrete actions only the greater of both is heeded.</param>
    /// <param name="action">Receives one action.</param>
    public void Write(double x, double y, Span<float> action)
    {
        var along = _sign * x; // Positive: actions 1 and 3.
        var up = _sign * y;
        if (_kind == SpreadActions.Discrete)
        {
            action[0] = Math.Max(Math.Abs(x), Math.Abs(y)) < 0.5 ? 0
                : Math.Abs(x) >= Math.Abs(y) ? (along > 0 ? 1 : 2)
                : (up > 0 ? 3 : 4);
            return;
        }

        // Probabilities must sum to 1, so both axes share the whole; free numbers need not.
        var share = _kind == SpreadActions.Soft ? 1 / Math.Max(1, Math.Abs(x) + Math.Abs(y)) : 1;
        action[1] = (float)(Math.Max(along, 0) * share);
        action[2] = (float)(Math.Max(-along, 0) * share);
        action[3] = (float)(Math.Max(up, 0) * share);
        action[4] = (float)(Math.Max(-up, 0) * share);
        action[0] = Math.Max(0, 1 - action[1] - action[2] - action[3] - action[4]);
    }

    private void ApplyDiscrete(int agent, ReadOnlySpan<float> actions)
    {
        var forceX = _world.ForceX.AsSpan(agent * _world.Stride, actions.Length);
        var forceY = _world.ForceY.AsSpan(agent * _world.Stride, actions.Length);
        for (var copy = 0; copy < actions.Length; copy++)
        {
            var action = (int)actions[copy];
            if ((uint)action >= Directions || action != actions[copy])
                throw Invalid(agent, copy, actions[copy], "a whole number from 0 to 4");
            forceX[copy] = _pushX[action];
            forceY[copy] = _pushY[action];
        }
    }

    private void ApplyMixed(int agent, ReadOnlySpan<float> actions)
    {
        var row = agent * _world.Stride;
        for (var copy = 0; copy < _world.Copies; copy++)
        {
            var action = actions.Slice(copy * Directions, Directions);
            CheckMixed(agent, copy, action);
            if (_kind == SpreadActions.Continuous)
            {
                // The reference subtracts in single precision.
                _world.ForceX[row + copy] = (Clip(action[2]) - Clip(action[1])) * ParticleWorld.Acceleration;
                _world.ForceY[row + copy] = (Clip(action[4]) - Clip(action[3])) * ParticleWorld.Acceleration;
            }
            else
            {
                _world.ForceX[row + copy] = ((double)action[1] - action[2]) * ParticleWorld.Acceleration;
                _world.ForceY[row + copy] = ((double)action[3] - action[4]) * ParticleWorld.Acceleration;
            }
        }
    }

    private void CheckMixed(int agent, int copy, ReadOnlySpan<float> action)
    {
        foreach (var number in action)
        {
            if (number is >= 0 and <= 1) continue;
            if (_kind == SpreadActions.Soft) throw Invalid(agent, copy, number, "a probability from 0 to 1");
            if (float.IsNaN(number)) throw Invalid(agent, copy, number, "a number; what lies outside [0, 1] is clipped");
        }
    }

    private static float Clip(float number) => Math.Clamp(number, 0, 1);

    private static ArgumentException Invalid(int agent, int copy, float value, string expected) =>
        new(FormattableString.Invariant($"The action of agent {agent} in copy {copy} is {value}; it must be {expected}."),
            "actions");
}
