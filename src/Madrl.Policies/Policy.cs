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
    /// Rows that go through all layers together, so that what lies between two layers stays in the nearest caches and the
    /// buffers need not grow with the batch. A multiple of the kernel's strip.
    /// </summary>
    private const int BlockRows = 4 * MatrixKernel.Strip;

    /// <summary>
    /// Rows from which on they are computed together: a strip of 32 takes as long as about ten single rows, whether it is
    /// full or not.
    /// </summary>
    private const int ColumnsFrom = 10;

    private readonly ColumnLayer[] _layers;
    private readonly RowLayer[] _rowLayers;
    private readonly AlignedBuffer _weights;
    private readonly float[] _deviations;
    private readonly AlignedBuffer _even;
    private readonly AlignedBuffer _odd;
    private readonly AlignedBuffer _outputs;

    /// <summary>Builds the policy of one agent.</summary>
    /// <param name="description">The network and its action head.</param>
    /// <param name="weights">
    /// Float32 [ParameterCount]: layer after layer, the parameters of each as <see cref="LayerDescription.Parameters"/> lists
    /// them; last <c>log_std</c>.
    /// </param>
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
        StateSize = description.Network.StateSize;
        _layers = ColumnLayer.Of(description.Network, description.AgentIds);
        _weights = PolicyBuilder.Weights(description, weights.AsSingles(), agent);
        _rowLayers = [.. _layers.Select((layer, index) =>
            new RowLayer(layer, new ReadOnlySpan<float>(_weights.Pointer + layer.Parameters, description.Network.Layers[index].ParameterCount)))];
        _deviations = PolicyBuilder.Deviations(description, weights.AsSingles(), agent);
        var width = BlockRows * Math.Max(description.ObservationSize, _layers.Max(layer => layer.Kept));
        _even = new AlignedBuffer(width);
        _odd = new AlignedBuffer(width);
        _outputs = new AlignedBuffer(BlockRows * OutputStride);
    }

    /// <summary>What the policy was built from.</summary>
    public PolicyDescription Description { get; }

    /// <summary>The agent's index.</summary>
    public int Agent { get; }

    /// <summary>Length of one action: 1 for the index of a categorical one, else the number of outputs.</summary>
    public int ActionSize => Description.Head == ActionHead.Categorical ? 1 : Description.Network.Outputs;

    /// <summary>Numbers that a row carries from step to step; 0 for a feed-forward network.</summary>
    public int StateSize { get; }

    /// <summary>Computes the network's outputs: logits or means.</summary>
    /// <param name="observations">[rows, ObservationSize], without the agent id.</param>
    /// <param name="rows">Number of observations, at least 1.</param>
    /// <param name="outputs">Receives [rows, Network.Outputs].</param>
    /// <param name="state">[rows, <see cref="StateSize"/>] of a recurrent network, zero at the start of an episode; replaced by the next one.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an observation or state is not finite.</exception>
    /// <exception cref="NotFiniteNumberException">An output is not finite.</exception>
    public void Forward(ReadOnlySpan<float> observations, int rows, Span<float> outputs, Span<float> state = default)
    {
        var size = Description.Network.Outputs;
        CheckArguments(observations, rows, state, outputs, size, nameof(outputs));
        fixed (float* y = outputs)
        {
            for (var first = 0; first < rows; first += BlockRows)
                ForwardBlock(observations, state, first, Math.Min(BlockRows, rows - first), y + (nint)first * size, size);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Chooses an action for every observation.</summary>
    /// <param name="observations">[rows, ObservationSize], without the agent id.</param>
    /// <param name="rows">Number of observations, at least 1.</param>
    /// <param name="key">Which random numbers are drawn, or that none are.</param>
    /// <param name="actions">Receives [rows, <see cref="ActionSize"/>]; a categorical action is its index.</param>
    /// <param name="state">As for <see cref="Forward"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an observation or state is not finite.</exception>
    /// <exception cref="NotFiniteNumberException">An output is not finite.</exception>
    public void Act(ReadOnlySpan<float> observations, int rows, in ActionKey key, Span<float> actions, Span<float> state = default)
    {
        CheckArguments(observations, rows, state, actions, ActionSize, nameof(actions));
        for (var first = 0; first < rows; first += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - first);
            ForwardBlock(observations, state, first, count, _outputs.Pointer, OutputStride);
            for (var row = 0; row < count; row++)
                Choose(_outputs.Pointer + row * OutputStride, first + row, key, actions.Slice((first + row) * ActionSize, ActionSize));
        }

        GC.KeepAlive(this);
    }

    private int OutputStride => PackedMatrix.Padded(Description.Network.Outputs);

    /// <summary>The outputs of rows first … first + count - 1, <paramref name="stride"/> apart.</summary>
    private void ForwardBlock(ReadOnlySpan<float> observations, Span<float> state, int first, int count, float* y, int stride)
    {
        var size = Description.ObservationSize;
        var x = observations.Slice(first * size, count * size);
        var h = state.Slice(first * StateSize, count * StateSize);
        if (count >= ColumnsFrom)
        {
            if (!ForwardColumns(x, h, count, y, stride)) ThrowIfNonFinite(y, stride, first, count);
            return;
        }

        for (var row = 0; row < count; row++)
        {
            // A row's outputs are computed in whole vectors.
            var target = stride == OutputStride ? y + row * stride : _outputs.Pointer;
            ForwardRow(x.Slice(row * size, size), h.Slice(row * StateSize, StateSize), target);
            if (stride != OutputStride) new ReadOnlySpan<float>(target, stride).CopyTo(new Span<float>(y + row * stride, stride));
        }

        ThrowIfNonFinite(y, stride, first, count);
    }

    /// <returns>Whether all outputs are finite, those of no row among them.</returns>
    private bool ForwardColumns(ReadOnlySpan<float> observations, Span<float> state, int count, float* y, int stride)
    {
        var width = MatrixKernel.PaddedWidth(count);
        float* x = _even.Pointer, kept = _odd.Pointer, free = x;
        fixed (float* rows = observations) GradientKernel.ToColumns(rows, Description.ObservationSize, count, Description.ObservationSize, x, width);
        fixed (float* states = state)
        {
            var own = states;
            foreach (var layer in _layers)
            {
                if (layer.Kind == LayerKind.Gru) GradientKernel.ToColumns(own, StateSize, count, layer.Outputs, kept, width);
                x = ColumnForward.Layer(layer, _weights.Pointer, x, kept, width);
                var next = free;
                free = kept;
                kept = next;
                if (layer.Kind != LayerKind.Gru) continue;
                GradientKernel.ToRows(x, width, own, StateSize, count, layer.Outputs);
                own += layer.Outputs;
            }
        }

        GradientKernel.ToRows(x, width, y, stride, count, Description.Network.Outputs);
        return NonFinite.IndexIn(new ReadOnlySpan<float>(x, Description.Network.Outputs * width)) < 0;
    }

    private void ForwardRow(ReadOnlySpan<float> observation, Span<float> state, float* outputs)
    {
        float* x = _even.Pointer, y = _odd.Pointer;
        observation.CopyTo(new Span<float>(x, observation.Length));
        for (var i = 0; i < _rowLayers.Length; i++)
        {
            var size = _layers[i].Kind == LayerKind.Gru ? _layers[i].Outputs : 0;
            _rowLayers[i].Forward(x, state[..size], i == _rowLayers.Length - 1 ? outputs : y);
            state = state[size..];
            var free = x;
            x = y;
            y = free;
        }
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
            action[0] = CategoricalHead.Sample(outputs, size, random.NextSingle(), _even.Pointer);
        else
            GaussianHead.Sample(outputs, _deviations, ref random, action);
    }

    private void CheckArguments(
        ReadOnlySpan<float> observations, int rows, ReadOnlySpan<float> state, ReadOnlySpan<float> results, int resultSize, string resultName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var size = Description.ObservationSize;
        CheckLength(observations.Length, rows, size, nameof(observations));
        CheckLength(results.Length, rows, resultSize, resultName);
        CheckLength(state.Length, rows, StateSize, nameof(state));
        ThrowIfNonFinite(state, StateSize, "state", nameof(state));
        ThrowIfNonFinite(observations, size, "observation", nameof(observations));
    }

    private void ThrowIfNonFinite(ReadOnlySpan<float> values, int size, string what, string argument)
    {
        var bad = NonFinite.IndexIn(values);
        if (bad < 0) return;
        throw new ArgumentException($"Agent {Agent}, row {bad / size}: number {bad % size} of the {what} is {values[bad]}.", argument);
    }

    private void CheckLength(int length, int rows, int rowSize, string name)
    {
        if (length == (long)rows * rowSize) return;
        var message = $"Agent {Agent}: {rows} rows of {rowSize} numbers are {(long)rows * rowSize}, {name} holds {length}.";
        throw new ArgumentException(message, name);
    }

    /// <summary>Row by row, to name the first; what lies between two rows is no output.</summary>
    private void ThrowIfNonFinite(float* outputs, int stride, int first, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var values = new ReadOnlySpan<float>(outputs + row * stride, Description.Network.Outputs);
            var bad = NonFinite.IndexIn(values);
            if (bad < 0) continue;
            var message = $"Agent {Agent}, row {first + row}: output {bad} of the policy is {values[bad]}. " +
                "The weights or the observations are too large.";
            throw new NotFiniteNumberException(message, values[bad]);
        }
    }
}
