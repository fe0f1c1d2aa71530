namespace Madrl.Grains.Abstractions;

/// <summary>What somebody wants trained. Whoever takes the request checks it and completes it with the defaults in force.</summary>
[GenerateSerializer, Immutable, Alias("madrl.RunRequest")]
public sealed record RunRequest
{
    /// <summary>What to train for, such as <c>simple-spread</c>.</summary>
    [Id(0)]
    public required string Task { get; init; }

    /// <summary>How to learn.</summary>
    [Id(1)]
    public string Algorithm { get; init; } = "mappo";

    /// <summary>Environment steps to train for; the last iteration is completed.</summary>
    [Id(2)]
    public long Steps { get; init; } = 2_000_000;

    /// <summary>Seed of every random draw.</summary>
    [Id(3)]
    public ulong Seed { get; init; } = 1;

    /// <summary>Environment copies in all.</summary>
    [Id(4)]
    public int Copies { get; init; } = 128;

    /// <summary>Environment grains that the copies are spread over; does not change the result.</summary>
    [Id(5)]
    public int Shards { get; init; } = 1;

    /// <summary>Learner threads; does not change the result. Null for as many as suit the machine.</summary>
    [Id(6)]
    public int? Threads { get; init; }

    /// <summary>Variant of the task's rules; null for the task's first.</summary>
    [Id(7)]
    public string? Rules { get; init; }

    /// <summary>Options of the task and settings of the algorithm that differ from their defaults, by name.</summary>
    [Id(8)]
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment steps between checkpoints; does not change the result.</summary>
    [Id(9)]
    public long CheckpointEvery { get; init; } = 500_000;

    /// <summary>Environment steps between evaluations; does not change the result.</summary>
    [Id(10)]
    public long EvaluateEvery { get; init; } = 100_000;
}
