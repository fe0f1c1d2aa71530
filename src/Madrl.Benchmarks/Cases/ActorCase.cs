using Madrl.Benchmarks.Naive;
using Madrl.Benchmarks.Ours;
using Madrl.Learning.Networks;
using Madrl.Numerics;
using Madrl.Policies;

namespace Madrl.Benchmarks.Cases;

/// <summary>The forward pass of an actor 18-64-64-5: observations to logits.</summary>
internal sealed class ActorCase : Case
{
    private const int Steps = 25;

    private readonly Block _weights;
    private readonly int _rows;

    /// <summary>The weights and the observations.</summary>
    /// <param name="rows">Observations at once.</param>
    public ActorCase(int rows)
    {
        _rows = rows;
        var random = new KeyedRandom(Seed, RandomPurpose.WeightInitialisation, 0, 0, 0);
        _weights = Initialisation.Orthogonal(ref random, Description.Network, outputGain: 1);
        Data.Add("actor", _weights);
        var size = Description.ObservationSize;
        var played = RandomPlay.Episodes((rows + Steps) / (Steps + 1), Steps).Observations[0];
        Data.Add("observations", Block.From(played.AsSpan(0, rows * size), rows, size));
    }

    /// <summary>The actor.</summary>
    public static PolicyDescription Description { get; } =
        new(NetworkDescription.Mlp(18, 64, 5, Activation.Relu), ActionHead.Categorical, 18, 0);

    /// <inheritdoc/>
    public override Contender Ours(int threads) => new OurActor(new Policy(Description, _weights, agent: 0), Data, _rows);

    /// <inheritdoc/>
    public override Contender Naive() => new NaiveActor(Data);
}
