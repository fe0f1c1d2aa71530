using Madrl.Learning.Native;

namespace Madrl.Benchmarks.Cases;

/// <summary>An update that several programs can make alike, from the same weights and the same batch.</summary>
internal abstract class Case
{
    /// <summary>Seed of everything that is drawn here.</summary>
    protected const ulong Seed = 1;

    /// <summary>Where weights barely move, so that the thousandth update on one batch is as ordinary as the first.</summary>
    protected const double TimedLearningRate = 1e-6;

    /// <summary>Where a step that is left out or done twice shows in the next loss.</summary>
    protected const double CheckedLearningRate = 5e-3;

    /// <summary>A rate of target networks at which an update that is left out shows in the next loss.</summary>
    protected const double CheckedTau = 0.5;

    /// <summary>A case in a process that may not have used libtorch yet.</summary>
    protected Case() => TorchRuntime.Initialise();

    /// <summary>Weights, batch and numbers, for the sides that know nothing of our learners.</summary>
    public CaseData Data { get; } = new();

    /// <summary>Our learner or actor, from the weights of <see cref="Data"/>.</summary>
    /// <param name="threads">Learner threads.</param>
    public abstract Contender Ours(int threads);

    /// <summary>The straightforward TorchSharp form.</summary>
    public abstract Contender Naive();
}
