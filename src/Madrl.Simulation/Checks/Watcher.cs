using System.Text.Json;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Madrl.Simulation.Cluster;
using Madrl.Simulation.Links;

namespace Madrl.Simulation.Checks;

/// <summary>Somebody who watches the run: asks for the events after the one that he knows, over and over, and believes what he is told.</summary>
/// <param name="cluster">The cluster.</param>
internal sealed class Watcher(SimulatedCluster cluster)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly MetricsLink _metrics = new(cluster, cluster.Outside);
    private readonly Dictionary<long, string> _hashes = [];
    private long _last;

    /// <summary>Begins to watch.</summary>
    public void Begin() => cluster.Outside.Turns.Post(WatchAsync);

    private async void WatchAsync()
    {
        try
        {
            foreach (var told in await _metrics.ReadAsync(_last)) Take(told);
        }
        catch (Exception error) when (error is UnavailableException or TimeoutException)
        {
        }

        cluster.Scheduler.After(Period, "watcher", () => cluster.Outside.Turns.Post(WatchAsync));
    }

    private void Take(NumberedEvent told)
    {
        if (told.Sequence <= _last) cluster.Findings.Fail($"Event {told.Sequence} was told after event {_last}.");
        _last = told.Sequence;
        using var json = JsonDocument.Parse(told.Json);
        if (told.Type is not ("checkpoint" or "finished")) return;
        var hash = json.RootElement.GetProperty("weightsHash").GetString()!;
        if (!_hashes.TryAdd(told.Iteration, hash) && _hashes[told.Iteration] != hash)
            cluster.Findings.Fail($"The weights of iteration {told.Iteration} were told as {_hashes[told.Iteration]}, later as {hash}.");
    }
}
