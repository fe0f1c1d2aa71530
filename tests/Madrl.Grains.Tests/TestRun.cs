using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Madrl.Grains.Tests;

/// <summary>A small run in a temporary folder, on an embedded silo; the folder may outlive several silos.</summary>
internal sealed class TestRun : IAsyncDisposable
{
    public const int Copies = 16;
    public const int EpisodeLimit = 25;
    public const int Agents = 3;
    public const int StepsPerIteration = Copies * EpisodeLimit;

    private readonly string _directory = Directory.CreateTempSubdirectory("madrl-grains-").FullName;
    private EmbeddedSilo? _silo;

    private readonly RunDirectory _runs;

    public TestRun(RunSpecification? specification = null)
    {
        _runs = new RunDirectory(_directory);
        Folder = _runs.Create(specification ?? Specify());
    }

    public RunFolder Folder { get; }

    public RunSpecification Specification => Folder.Specification;

    /// <summary>What the tests see of the grains' calls; a new one for every silo.</summary>
    public Probe Probe { get; private set; } = new();

    public IClusterClient Client => _silo!.Client;

    public IRunGrain Grain => Client.GetGrain<IRunGrain>(Specification.Run);

    public ILearnerGrain Learner => Client.GetGrain<ILearnerGrain>(Specification.Run);

    public static RunSpecification Specify(int iterations = 4, int saveEvery = 2, int shards = 1) => new()
    {
        Run = "test-run",
        Task = "simple-spread",
        Rules = "mpe2",
        Algorithm = "mappo",
        Seed = 11,
        Steps = (long)iterations * StepsPerIteration,
        Copies = Copies,
        Shards = shards,
        Threads = 1,
        CheckpointEvery = (long)saveEvery * StepsPerIteration,
        EvaluateEvery = (long)iterations * StepsPerIteration,
        Game = [],
        Learning = new() { ["epochs"] = "2", ["hidden"] = "16" },
    };

    public async Task StartSiloAsync(Action<IServiceCollection>? services = null)
    {
        Probe = new Probe();
        _silo = await EmbeddedSilo.StartAsync(_runs, silo =>
        {
            services?.Invoke(silo.Services);
            silo.AddIncomingGrainCallFilter(Probe);
        });
    }

    public async Task StopSiloAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _silo = null;
    }

    /// <summary>Starts a silo if there is none, then the run, and waits for its end.</summary>
    public async Task<StatusReply> EndAsync(Action<IServiceCollection>? services = null)
    {
        if (_silo is null) await StartSiloAsync(services);
        await Grain.Start(Specification.ToJson());
        return await EndedAsync();
    }

    public async Task<StatusReply> EndedAsync()
    {
        await Probe.Ended.WaitAsync(Limits.Hang);
        return await Grain.GetStatus();
    }

    public static RunState State(StatusReply status) => JsonSerializer.Deserialize<RunState>(status.Results)!;

    public static string Hash(StatusReply status)
    {
        Assert.Equal((RunPhase.Finished, null), (status.Phase, status.Error));
        return State(status).Checkpoints[^1].WeightsHash;
    }

    public async ValueTask DisposeAsync()
    {
        await StopSiloAsync();
        _runs.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
