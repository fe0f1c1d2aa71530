using Madrl.Numerics;

namespace Madrl.Policies;

/// <summary>
/// An agent's policy as it acts: the forward pass and the choice of actions, without libtorch. An observation gives the
/// same bits alone and in any batch, on every processor. After construction nothing is allocated.
/// </summary>
/// <remarks>One policy serves one thread at a time, because it computes in buffers of its own.</remarks>
public sealed unsafe class Policy
{
    /// <summary>
    /// Rows that go through all layers together, so that what lies between two layers stays in the nearest cache and the
    /// buffers need not grow with the batch. A multiple of the kernel's tile.
    /// </summary>
    private const int BlockRows = 8 * LinearKernel.TileRows;

    private readonly LinearLayer[] _layers;
    private readonly float[] _deviations;
    private readonly AlignedBuffer _even;
    private readonly AlignedBuffer _odd;

    /// <summary>Builds the policy of one agent.</summary>
    /// <param name="description">The network and its action head.</param>
    /// <param name="weights">Float32 [ParameterCount]: layer after layer, W row-major, then b; last <c>log_std</c>.</param>
    /// <param name="agent">The agent's index: it keys the random numbers and selects the one-hot id, if there is one.</param>
    /// <exception cref="ArgumentException">The sizes of the description or of the weights do not fit, or a weight is not
    /// finite; the message names the layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The agent is negative or has no one-hot id.</exception>
    public Policy(PolicyDescription description, Block weights, int agent)
    {
        DescriptionCheck.ThrowIfInconsistent(description);
        PolicyWeights.ThrowIfUnfit(description, weights, nameof(weights));
        ArgumentOutOfRangeException.ThrowIfNegative(agent);
        if (description.AgentIds > 0 && agent >= description.AgentIds)
        {
            var message = $"The policy knows the ids of {description.AgentIds} agents: the agent's index must be lower.";
            throw new ArgumentOutOfRangeException(nameof(agent), agent, message);
        }

        Description = description;
        Agent = agent;
        _layers = PolicyBuilder.Layers(description, weights.AsSingles(), agent);
        _deviations = PolicyBuilder.Deviations(description, weights.AsSingles(), agent);
        var width = BlockRows * _layers.Max(layer => layer.PaddedOutputs);
        _even = new AlignedBuffer(width);
        _odd = new AlignedBuffer(width);
    }

    /// <summary>What the policy was built from.</summary>
    public PolicyDescription Description { get; }

    /// <summary>The agent's index.</summary>
    public int Agent { get; }

    /// <summary>Length of one action: 1 for the index of a categorical one, else the number of outputs.</summary>
    public int ActionSize => Description.Head == ActionHead.Categorical ? 1 : Description.Network.Outputs;

    /// <summary>Computes the network's outputs: logits or means.</summary>
    /// <param name="observations">[rows, ObservationSize], without the agent id.</param>
    /// <param name="rows">Number of observations, at least 1.</param>
    /// <param name="outputs">Receives [rows, Network.Outputs].</param>
    /// <exception cref="ArgumentException">A length does not fit, or an observation is not finite.</exception>
    /// <exception cref="NotFiniteNumberException">An output is not finite.</exception>
    public void Forward(ReadOnlySpan<float> observations, int rows, Span<float> outputs)
    {
        var size = Description.Network.Outputs;
        CheckArguments(observations, rows, outputs, size, nameof(outputs));
        fixed (float* x = observations)
        {
            for (var first = 0; first < rows; first += BlockRows)
            {
                var count = Math.Min(BlockRows, rows - first);
                var y = ForwardBlock(x, first, count);
                for (var row = 0; row < count; row++)
                    new ReadOnlySpan<float>(y + row * OutputStride, size).CopyTo(outputs[((first + row) * size)..]);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Chooses an action for every observation.</summary>
    /// <param name="observations">[rows, ObservationSize], without the agent id.</param>
    /// <param name="rows">Number of observations, at least 1.</param>
    /// <param name="key">Which random numbers are drawn, or that none are.</param>
    /// <param name="actions">Receives [rows, <see cref="ActionSize"/>]; a categorical action is its index.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an observation is not finite.</exception>
    /// <exception cref="NotFiniteNumberException">An output is not finite.</exception>
    public void Act(ReadOnlySpan<float> observations, int rows, in ActionKey key, Span<float> actions)
    {
        CheckArguments(observations, rows, actions, ActionSize, nameof(actions));
        fixed (float* x = observations)
        {
            for (var first = 0; first < rows; first += BlockRows)
            {
                var count = Math.Min(BlockRows, rows - first);
                var y = ForwardBlock(x, first, count);
                for (var row = 0; row < count; row++)
                    Choose(y + row * OutputStride, first + row, key, actions.Slice((first + row) * ActionSize, ActionSize));
            }
        }

        GC.KeepAlive(this);
    }

    private int OutputStride => _layers[^1].PaddedOutputs;

    /// <summary>The buffer that the last layer does not write to: scratch for the head.</summary>
    private float* FreeBuffer => (_layers.Length % 2 == 1 ? _odd : _even).Pointer;

    /// <summary>The outputs of rows first … first + count - 1, <see cref="OutputStride"/> apart.</summary>
    private float* ForwardBlock(float* observations, int first, int count)
    {
        nint stride = Description.ObservationSize;
        var x = observations + first * stride;
        float* y = _even.Pointer, next = _odd.Pointer;
        foreach (var layer in _layers)
        {
            layer.Forward(x, stride, count, y);
            stride = layer.PaddedOutputs;
            x = y;
            y = next;
            next = x;
        }

        if (NonFinite.IndexIn(new ReadOnlySpan<float>(x, count * OutputStride)) >= 0) ThrowIfNonFinite(x, first, count);
        return x;
    }

    private void Choose(float* outputs, int row, in ActionKey key, Span<float> action)
    {
        var size = Description.Network.Outputs;
        if (key.Greedy)
        {
            if (Description.Head == ActionHead.Categorical) action[0] = CategoricalHead.Greedy(outputs, size);
            else if (Description.Bounds is { } range) DeterministicHead.Greedy(outputs, range, action);
            else new ReadOnlySpan<float>(outputs, size).CopyTo(action);
            return;
        }

        if (Description.Bounds is { } bounds)
        {
            DeterministicHead.Explore(outputs, bounds, key, key.FirstCopy + row, Agent, action);
            return;
        }

        var random = new KeyedRandom(key.Seed, RandomPurpose.Action, key.FirstCopy + row, Agent, key.Step);
        if (Description.Head == ActionHead.Categorical)
            action[0] = CategoricalHead.Sample(outputs, size, random.NextSingle(), FreeBuffer);
        else
            GaussianHead.Sample(outputs, _deviations, ref random, action);
    }

    private void CheckArguments(
        ReadOnlySpan<float> observations, int rows, ReadOnlySpan<float> results, int resultSize, string resultName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var size = Description.ObservationSize;
        CheckLength(observations.Length, rows, size, nameof(observations));
        CheckLength(results.Length, rows, resultSize, resultName);
        var bad = NonFinite.IndexIn(observations);
        if (bad >= 0)
        {
            var message = $"Agent {Agent}, row {bad / size}: number {bad % size} of the observation is {observations[bad]}.";
            throw new ArgumentException(message, nameof(observations));
        }
    }

    private void CheckLength(int length, int rows, int rowSize, string name)
    {
        if (length == (long)rows * rowSize) return;
        var message = $"Agent {Agent}: {rows} rows of {rowSize} numbers are {(long)rows * rowSize}, {name} holds {length}.";
        throw new ArgumentException(message, name);
    }

    /// <summary>Row by row, because the padding after a row may hold a NaN (0 * ∞) where the outputs are finite.</summary>
    private void ThrowIfNonFinite(float* outputs, int first, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var values = new ReadOnlySpan<float>(outputs + row * OutputStride, Description.Network.Outputs);
            var bad = NonFinite.IndexIn(values);
            if (bad < 0) continue;
            var message = $"Agent {Agent}, row {first + row}: output {bad} of the policy is {values[bad]}. " +
                "The weights or the observations are too large.";
            throw new NotFiniteNumberException(message, values[bad]);
        }
    }
}
