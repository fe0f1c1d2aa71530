using System.Text.Json;
using Madrl.Grains.Abstractions;
using Madrl.Protocols.Runs;

namespace Madrl.Client.Tests;

public sealed class InProcessTests(InProcess connection) : ClientSuite(connection);

[Collection(OverGateway.Name)]
public sealed class GatewayTests(OverGateway connection) : ClientSuite(connection);

/// <summary>What a client promises, whatever lies between it and the grains.</summary>
public abstract class ClientSuite(Connection connection)
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private IMadrlClient Client => connection.Client;

    [Fact]
    public async Task A_run_is_trained_to_its_end_and_tells_everything_once()
    {
        var run = await Client.StartAsync(Request());
        var events = await FollowAsync(run);
        Assert.Equal(events.Select(message => message.Sequence).Order().Distinct(), events.Select(message => message.Sequence));
        Assert.Equal(
            ["evaluation 0", "evaluation 5", "checkpoint 5", "evaluation 10", "checkpoint 10", "finished 10"],
            events.Where(message => message.Type != "progress").Select(message => message.Type is "restored" or "waiting" ? message.Json : $"{message.Type} {message.Iteration}"));

        var report = await Client.GetAsync(run);
        Assert.Equal(("finished", false, 10L, 400L, 400L), (report.Phase, report.Active, report.Iteration, report.EnvSteps, report.TotalSteps));
        Assert.Equal(("simple-spread", "mappo", 1UL, "8"), (report.Task, report.Algorithm, report.Seed, report.Settings["hidden"]));
        Assert.Equal(Value(events[^1], "weightsHash").GetString(), report.Checkpoint!.WeightsHash);
        Assert.Equal(Value(events[^1], "returnMean").GetDouble(), report.Final!.Mean);
        Assert.Equal(["agent_0", "agent_1"], report.Agents);

        // Whoever comes late sees the same, and whoever knows a part the rest.
        Assert.Equal(events, await FollowAsync(run));
        Assert.Equal(events[3..], await FollowAsync(run, events[2].Sequence));
        var entry = Assert.Single(await Client.ListAsync(), entry => entry.Run == run);
        Assert.Equal(("finished", 400L, report.Final.Mean), (entry.State, entry.EnvSteps, entry.ReturnMean));
    }

    [Fact]
    public async Task A_run_that_was_stopped_goes_on_to_the_same_weights()
    {
        // Long enough that it trains still when the stop that its first checkpoint brings on arrives.
        var undisturbed = await Client.StartAsync(Request(steps: 16_000));
        await FollowAsync(undisturbed);
        var run = await Client.StartAsync(Request(steps: 16_000));
        var stopping = false;
        var events = new List<EventMessage>();
        await foreach (var message in Client.FollowAsync(run).WithCancellation(TestContext.Current.CancellationToken))
        {
            events.Add(message);
            if (message.Type != "checkpoint" || stopping) continue;
            stopping = true;
            await Assert.ThrowsAsync<RunUnavailableException>(() => Client.DeleteAsync(run));
            await Client.StopAsync(run);
        }

        Assert.Equal("stopped", events[^1].Type);
        Assert.Equal("stopped", (await Client.GetAsync(run)).Phase);
        await Client.ResumeAsync(run);
        Assert.Equal("finished", (await FollowAsync(run, events[^1].Sequence))[^1].Type);
        Assert.Equal((await Client.GetAsync(undisturbed)).Checkpoint!.WeightsHash, (await Client.GetAsync(run)).Checkpoint!.WeightsHash);

        // To go on with what is finished changes nothing.
        await Client.ResumeAsync(run);
        Assert.Equal("finished", (await Client.GetAsync(run)).Phase);
    }

    [Fact]
    public async Task Agents_act_as_their_last_weights_say()
    {
        var run = await Client.StartAsync(Request());
        await FollowAsync(run);
        var report = await Client.GetAgentAsync(run, 1);
        Assert.Equal(("agent_1", 10L, 12, 1, 5), (report.Name, report.Iteration, report.ObservationSize, report.ActionSize, report.Discrete));
        float[][] observations = [.. Enumerable.Range(0, 7).Select(row => Enumerable.Range(0, 12).Select(column => (row * 12 + column) % 5 - 2f).ToArray())];
        var together = await Client.ActAsync(run, 1, observations);
        Assert.Equal((10L, 7), (together.Iteration, together.Actions.Count));
        for (var row = 0; row < 7; row++) Assert.Equal(together.Actions[row], (await Client.ActAsync(run, 1, [observations[row]])).Actions[0]);
        Assert.All(together.Actions, action => Assert.InRange(Assert.Single(action), 0, 4));

        await Assert.ThrowsAsync<ArgumentException>(() => Client.ActAsync(run, 1, [new float[11]]));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ActAsync(run, 1, [new float[12], new float[11]]));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ActAsync(run, 1, []));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ActAsync(run, 1, [[float.NaN, .. new float[11]]]));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.ActAsync(run, 2, [new float[12]]));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.GetAgentAsync(run, 2));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.GetAgentAsync(run, -1));
    }

    [Fact]
    public async Task A_deleted_run_is_gone_in_every_respect()
    {
        var run = await Client.StartAsync(Request());
        await FollowAsync(run);
        await Client.ActAsync(run, 0, [new float[12]]);
        await Client.DeleteAsync(run);
        Assert.DoesNotContain(await Client.ListAsync(), entry => entry.Run == run);
        await UnknownAsync(run);
    }

    [Fact]
    public async Task A_run_after_a_deleted_one_has_nothing_of_it()
    {
        // Within a second, so that they would have the same id.
        var weights = new HashSet<string?>();
        foreach (var hidden in (string[])["8", "9", "10"])
        {
            var request = Request();
            var run = await Client.StartAsync(request with { Settings = new Dictionary<string, string>(request.Settings) { ["hidden"] = hidden } });
            var events = await FollowAsync(run);
            Assert.DoesNotContain(events, message => message.Type is "restored" or "waiting");
            Assert.True(weights.Add(Value(events[^1], "weightsHash").GetString()));
            await Client.DeleteAsync(run);
        }
    }

    [Theory]
    [InlineData("no-such-run")]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData("a/0")]
    public Task A_run_that_is_none_is_unknown(string run) => UnknownAsync(run);

    [Fact]
    public async Task A_wrong_request_makes_nothing_and_says_what_is_valid()
    {
        var before = (await Client.ListAsync()).Count;
        foreach (var (request, expected) in (IEnumerable<(RunRequest, string)>)
        [
            (Request() with { Task = "simple-sprad" }, "did you mean simple-spread?"), (Request() with { Algorithm = "mapo" }, "did you mean mappo"),
            (Request() with { Steps = 0 }, "is not a value of steps"), (Request() with { Copies = -1 }, "is not a value of copies"),
            (Request() with { Shards = 9 }, "every shard needs a copy"), (Request() with { Rules = "mpe" }, "did you mean mpe2?"),
            (Request() with { Settings = new Dictionary<string, string> { ["agents"] = "64", ["episode-limit"] = "1000" } }, "use fewer agents"),
            (Request() with { Settings = new Dictionary<string, string> { ["hiden"] = "8" } }, "did you mean hidden"),
        ])
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => Client.StartAsync(request));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, (await Client.ListAsync()).Count);
    }

    private static RunRequest Request(long steps = 400) => new()
    {
        Task = "simple-spread", Steps = steps, Copies = 8, Threads = 1, CheckpointEvery = steps / 2, EvaluateEvery = steps / 2,
        Settings = new Dictionary<string, string> { ["episode-limit"] = "5", ["agents"] = "2", ["hidden"] = "8", ["epochs"] = "2" },
    };

    private async Task<EventMessage[]> FollowAsync(string run, long after = 0)
    {
        using var limit = new CancellationTokenSource(Hang);
        var events = new List<EventMessage>();
        await foreach (var message in Client.FollowAsync(run, after, limit.Token)) events.Add(message);
        return [.. events];
    }

    private async Task UnknownAsync(string run)
    {
        foreach (var call in (Func<Task>[])
        [
            () => Client.GetAsync(run), () => Client.StopAsync(run), () => Client.ResumeAsync(run), () => Client.DeleteAsync(run),
            () => FollowAsync(run), () => Client.ActAsync(run, 0, [new float[12]]), () => Client.GetAgentAsync(run, 0),
        ])
        {
            await Assert.ThrowsAsync<UnknownRunException>(call);
        }
    }

    private static JsonElement Value(EventMessage message, string name) => JsonDocument.Parse(message.Json).RootElement.GetProperty(name);
}
