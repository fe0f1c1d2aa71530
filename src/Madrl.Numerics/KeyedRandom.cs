namespace Madrl.Numerics;

/// <summary>What a random number is for. Part of its key, so that no two uses ever share a number.</summary>
public enum RandomPurpose : byte
{
    /// <summary>The initial state of a training episode.</summary>
    Reset = 1,

    /// <summary>An action sampled from a policy.</summary>
    Action = 2,

    /// <summary>The initial state of an episode of the evaluations during training.</summary>
    EvaluationReset = 3,

    /// <summary>The initial state of an episode of the final test, never seen by an evaluation.</summary>
    TestReset = 4,

    /// <summary>The actions of the random policy, the floor that results are compared with.</summary>
    RandomPolicy = 5,

    /// <summary>The initial weights of a network.</summary>
    WeightInitialisation = 6,

    /// <summary>The order of the samples in the minibatches of an update.</summary>
    Minibatch = 7,

    /// <summary>What an update draws from the replayed experience.</summary>
    Replay = 8,

    /// <summary>The exploration noise that is added to a deterministic action.</summary>
    Exploration = 9,

    /// <summary>The Gumbel noise with which a learner samples discrete actions it can differentiate.</summary>
    Gumbel = 10,

    /// <summary>What a simulation decides: the schedule, the faults.</summary>
    Simulation = 11,
}

/// <summary>
/// A short stream of random numbers that belongs to one key (seed, purpose, copy, agent, step) and to nothing else.
/// Whoever draws in whatever order, on whatever thread or silo, gets the same numbers: there is no shared generator.
/// A mutable struct: keep it in a local variable and pass it by reference.
/// </summary>
public struct KeyedRandom
{
    internal const float SingleUnit = 1f / (1 << 24);
    private const double DoubleUnit = 1.0 / (1UL << 53);

    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _step;
    private readonly uint _copy;
    private readonly uint _purposeAndAgent;
    private uint _blocksDrawn;
    private int _wordsLeft;
    private PhiloxBlock _block;

    /// <summary>The stream of the given key.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="copy">Global index of the environment copy, below 2^32.</param>
    /// <param name="agent">Index of the agent, below 2^24; 0 where no agent is concerned.</param>
    /// <param name="step">Global step or episode number, below 2^32.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index does not fit its field.</exception>
    public KeyedRandom(ulong seed, RandomPurpose purpose, long copy, int agent, long step)
    {
        if ((ulong)copy > uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(copy), copy, "A copy index must lie in [0, 2^32).");
        if ((uint)agent >= 1 << 24)
            throw new ArgumentOutOfRangeException(nameof(agent), agent, "An agent index must lie in [0, 2^24).");
        if ((ulong)step > uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(step), step, "A step must lie in [0, 2^32).");
        _key0 = (uint)seed;
        _key1 = (uint)(seed >> 32);
        _copy = (uint)copy;
        _step = (uint)step;
        _purposeAndAgent = (uint)purpose << 24 | (uint)agent;
    }

    /// <summary>32 uniform random bits.</summary>
    public uint NextUInt32()
    {
        if (_wordsLeft == 0)
        {
            _block = Philox4x32.Generate(new PhiloxBlock(_blocksDrawn++, _step, _copy, _purposeAndAgent), _key0, _key1);
            _wordsLeft = 4;
        }

        return (4 - _wordsLeft--) switch { 0 => _block.X0, 1 => _block.X1, 2 => _block.X2, _ => _block.X3 };
    }

    /// <summary>A uniform number in [0, 1) with 24 random bits.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * SingleUnit;

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => ((ulong)(NextUInt32() >> 5) << 26 | NextUInt32() >> 6) * DoubleUnit;

    /// <summary>A uniform number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>
    /// A number from the standard normal distribution, by Marsaglia's polar form of Box and Muller's method: it needs
    /// no sine and has exact tails. It takes four or more 32-bit draws.
    /// </summary>
    public double NextGaussian()
    {
        while (true)
        {
            var x = NextDouble(-1, 1);
            var y = NextDouble(-1, 1);
            var square = x * x + y * y;
            if (square is > 0 and < 1) return x * Math.Sqrt(-2 * DoubleMath.Log(square) / square);
        }
    }

    /// <summary>A uniform integer in [0, <paramref name="bound"/>), unbiased to 2^-32 (multiply and shift).</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)((ulong)NextUInt32() * (uint)bound >> 32);
    }
}
