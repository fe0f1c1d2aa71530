using System.Reflection;
using System.Text.Json;
using Madrl.Environments;
using Madrl.Environments.Replay;
using Madrl.Grains.Abstractions;
using Madrl.Hosting.Storage;
using Madrl.Policies;
using Madrl.Protocols;
using Madrl.Protocols.Roles;
using Madrl.Protocols.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;

namespace Madrl.Grains.Tests;

/// <summary>Only the latest opening of a run is obeyed.</summary>
public class StaleEpochTests
{
    private const long Old = 1, New = 2;

    [Fact]
    public async Task Every_call_with_an_epoch_is_refused_once_a_later_one_has_spoken()
    {
        await using var run = new TestRun(TestRun.Specify(iterations: 1));
        TestRun.Hash(await run.EndAsync());
        var (id, json) = (run.Specification.Run, run.Specification.ToJson());
        var (environment, learner) = (run.Client.GetGrain<IEnvironmentGrain>($"{id}/0"), run.Learner);
        var agent = run.Client.GetGrain<IAgentGrain>($"{id}/0");
        var replica = run.Client.GetGrain<IAgentReplicaGrain>($"{id}/0/0");
        var metrics = run.Client.GetGrain<IMetricsGrain>(id);
        var replay = run.Client.GetGrain<IReplayGrain>($"{id}/0");
        var description = JsonSerializer.Serialize(new ReplayDescription(1000, 10, WholeEpisodes: false, 100, 0, KeepsStates: false));
        var empty = Block.From([0f], 1);
        var one = Block.From([0f, 0f], 1, 2);
        var rollout = new RolloutMessage(
            New, 0, 0, 0, [one], [Block.From([0f], 1, 1)], [Block.From([0f], 1, 1)], one, new Block(ElementType.Int32, [1], [1, 0, 0, 0]), new Block(ElementType.UInt8, [1], [0]));
        var observations = new ObservationBatch(New, 0, 1, ActingMode.Greedy, 0, 0, Block.From(new float[18], 1, 18));

        await learner.Open(new OpenLearnerRequest(new OpenRequest(New, 0, json), null, null), default);
        await environment.Open(new OpenRequest(New, 0, json));
        await metrics.Open(New, 0);
        Assert.Null(await replay.Open(new OpenReplayRequest(new OpenRequest(New, 0, json, description), null), default));
        await agent.Install(New, 0);
        await replica.Act(observations);

        Dictionary<string, Func<Task>> calls = new()
        {
            ["IEnvironmentGrain.Open"] = () => environment.Open(new OpenRequest(Old, 9, json)),
            ["IEnvironmentGrain.Collect"] = () => environment.Collect(Old, 9, default),
            ["IEnvironmentGrain.Evaluate"] = () =>
                environment.Evaluate(new EvaluateRequest(Old, 9, Player.Agents, EpisodeSet.Test, 4), default),
            ["IAgentGrain.Install"] = () => agent.Install(Old, 9),
            ["IAgentReplicaGrain.Act"] = () => replica.Act(observations with { Epoch = Old, Iteration = 1 }),
            ["ILearnerGrain.Open"] = () => learner.Open(new OpenLearnerRequest(new OpenRequest(Old, 9, json), null, null), default),
            ["ILearnerGrain.Submit"] = () => learner.Submit(rollout with { Epoch = Old, Iteration = 9 }),
            ["ILearnerGrain.Stored"] = () => learner.Stored(new StoredMessage(Old, 9, 0, empty)),
            ["ILearnerGrain.Learn"] = () => learner.Learn(new LearnRequest(Old, 9, 0), default),
            ["ILearnerGrain.GetPolicies"] = () => learner.GetPolicies(Old, 9, 0),
            ["ILearnerGrain.Save"] = () => learner.Save(Old, 9, default),
            ["ILearnerGrain.Close"] = () => learner.Close(Old, 9),
            ["IMetricsGrain.Open"] = () => metrics.Open(Old, 9),
            ["IMetricsGrain.Append"] = () => metrics.Append(Old, 9, 1, "progress", "{}"),
            ["IMetricsGrain.Flush"] = () => metrics.Flush(Old, 9),
            ["IReplayGrain.Open"] = () => replay.Open(new OpenReplayRequest(new OpenRequest(Old, 9, json, description), null), default),
            ["IReplayGrain.Append"] = () => replay.Append(rollout with { Epoch = Old, Iteration = 9 }),
            ["IReplayGrain.Gather"] = () => replay.Gather(new GatherRequest(Old, 9, empty)),
            ["IReplayGrain.Save"] = () => replay.Save(Old, 9, default),
            ["IReplayGrain.Close"] = () => replay.Close(Old, 9),
        };
        Assert.Equal(MethodsWithEpoch(), calls.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, call) in calls)
        {
            // Weights are known by their ticket: whoever keeps them refuses any other version, older or newer.
            var error = await Record.ExceptionAsync(call);
            Assert.True(error is (StaleEpochException or WrongVersionException), $"{name}: {error}");
        }
    }

    [Fact]
    public async Task An_opening_that_was_overtaken_stops_and_writes_nothing()
    {
        var (gate, logs) = (new Gate(), new StopLog());
        var compute = new HookedCompute { Before = (iteration, _) => iteration == 1 ? gate.PassAsync() : Task.CompletedTask };
        await using var run = new TestRun(TestRun.Specify(iterations: 4, saveEvery: 2));
        await run.StartSiloAsync(services =>
        {
            compute.Register(services);
            services.AddSingleton<ILoggerProvider>(logs);
        });
        await run.Grain.Start(run.Specification.ToJson());
        await gate.Reached;
        await OvertakeAsync(run);
        gate.Open();
        await logs.Stopped.WaitAsync(Limits.Hang);

        var state = await ReadAsync(run);
        Assert.Equal((7, 0), (state.State!.Epoch, state.State.Checkpoints.Count));
        var status = await run.EndAsync();
        Assert.Equal(PlainRun.Hash(run.Specification), TestRun.Hash(status));
        Assert.Equal(8, TestRun.State(status).Epoch);
    }

    private static IEnumerable<string> MethodsWithEpoch() => typeof(IRunGrain).Assembly.GetExportedTypes()
        .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrainWithStringKey)))
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters().Any(HasEpoch))
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
        .Order(StringComparer.Ordinal);

    private static bool HasEpoch(ParameterInfo parameter) =>
        parameter.Name == "epoch" || parameter.ParameterType.GetProperty("Open")?.PropertyType == typeof(OpenRequest)
        || parameter.ParameterType.GetProperty("Epoch") is not null;

    /// <summary>Another process opens the run.</summary>
    private static async Task OvertakeAsync(TestRun run)
    {
        var state = await ReadAsync(run);
        state.State!.Epoch = 7;
        using var storage = Storage(run);
        await storage.WriteStateAsync("run", run.Grain.GetGrainId(), state);
    }

    private static async Task<GrainState<RunState>> ReadAsync(TestRun run)
    {
        using var storage = Storage(run);
        var state = new GrainState<RunState>();
        await storage.ReadStateAsync("run", run.Grain.GetGrainId(), state);
        return state;
    }

    private static SqliteGrainStorage Storage(TestRun run) =>
        new(run.Folder.DatabasePath, run.Client.ServiceProvider.GetRequiredService<IActivatorProvider>(), TimeProvider.System);

    /// <summary>Sees the run grain say that it stops.</summary>
    private sealed class StopLog : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopped => _stopped.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is StaleEpochException) _stopped.TrySetResult();
        }

        public void Dispose()
        {
        }
    }
}
