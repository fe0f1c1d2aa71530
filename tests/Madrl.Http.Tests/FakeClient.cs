using System.Runtime.CompilerServices;
using Madrl.Client;
using Madrl.Grains.Abstractions;

namespace Madrl.Http.Tests;

/// <summary>A client that knows one run, which trains for ever, and whose every call may be made to fail.</summary>
internal sealed class FakeClient : IMadrlClient
{
    /// <summary>What every call throws.</summary>
    public Exception? Error { get; init; }

    /// <summary>The events of a run.</summary>
    public Func<string, CancellationToken, IAsyncEnumerable<EventMessage>> Events { get; init; } = (_, end) => Silence(end);

    public Task<string> StartAsync(RunRequest request, CancellationToken cancellationToken = default) => Answer("a-run");

    public Task ResumeAsync(string run, bool? onAccelerator = null, CancellationToken cancellationToken = default) => Answer(true);

    public Task StopAsync(string run, CancellationToken cancellationToken = default) => Answer(true);

    public Task DeleteAsync(string run, CancellationToken cancellationToken = default) => Answer(true);

    public Task<RunReport> GetAsync(string run, CancellationToken cancellationToken = default) => Answer(new RunReport(
        run, "simple-spread", "mpe2", "mappo", 1, 1, 1, 1, 1, 1, "running", true, "", 0, 1, 0, 1, 0, 0, null, null, null, null, null, "",
        ["agent_0"], new Dictionary<string, string>(), null));

    public Task<IReadOnlyList<RunEntry>> ListAsync(CancellationToken cancellationToken = default) => Answer<IReadOnlyList<RunEntry>>([]);

    public IAsyncEnumerable<EventMessage> FollowAsync(string run, long after = 0, CancellationToken cancellationToken = default) =>
        Events(run, cancellationToken);

    public Task<AgentReport> GetAgentAsync(string run, int agent, CancellationToken cancellationToken = default) =>
        Answer(new AgentReport(agent, "agent_0", 1, "", 1, 1, null));

    public Task<AgentAnswer> ActAsync(
        string run, int agent, IReadOnlyList<float[]> observations, CancellationToken cancellationToken = default) =>
        Answer(new AgentAnswer(1, [[0]]));

    /// <summary>Events that follow one another as fast as they are taken; <paramref name="count"/> is told of each.</summary>
    public static async IAsyncEnumerable<EventMessage> Endless(
        int size, Action<long> count, [EnumeratorCancellation] CancellationToken end = default)
    {
        var json = $"{{\"text\":\"{new string('x', size)}\"}}";
        for (var sequence = 1L; !end.IsCancellationRequested; sequence++)
        {
            count(sequence);
            yield return new EventMessage(sequence, "progress", sequence, json);
            await Task.Yield();
        }
    }

    /// <summary>Events, then an exception.</summary>
    public static async IAsyncEnumerable<EventMessage> Breaking(int events, Exception error)
    {
        for (var sequence = 1; sequence <= events; sequence++) yield return new EventMessage(sequence, "progress", sequence, "{}");
        await Task.Yield();
        throw error;
    }

    private static async IAsyncEnumerable<EventMessage> Silence([EnumeratorCancellation] CancellationToken end)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, end);
        yield break;
    }

    private async Task<T> Answer<T>(T answer)
    {
        await Task.Yield();
        return Error is null ? answer : throw Error;
    }
}
