namespace Madrl.Protocols.Tests;

/// <summary>A small run: ten copies, so an iteration has 250 environment steps.</summary>
internal static class TestSpecification
{
    public const int StepsPerIteration = 250;

    public static RunSpecification Create(int iterations = 6, int saveEvery = 2, int evaluateEvery = 1, int shards = 1) => new()
    {
        Run = "test-run",
        Task = "simple-spread",
        Rules = "mpe2",
        Algorithm = "mappo",
        Seed = 7,
        Steps = iterations * StepsPerIteration,
        Copies = 10,
        Shards = shards,
        Threads = 1,
        CheckpointEvery = saveEvery * StepsPerIteration,
        EvaluateEvery = evaluateEvery * StepsPerIteration,
        Game = [],
        Learning = [],
    };
}
