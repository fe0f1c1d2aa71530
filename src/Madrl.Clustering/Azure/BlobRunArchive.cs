using System.Collections.Concurrent;
using System.Text;
using Madrl.Environments.Settings;
using Madrl.Grains;
using Madrl.Grains.Abstractions;
using Madrl.Hosting;
using Madrl.Hosting.Storage;
using Madrl.Protocols;
using Madrl.Protocols.Runs;

namespace Madrl.Clustering.Azure;

/// <summary>
/// Runs as blobs, which all silos of a cluster have. There is no lock: that a run is opened once at a time, its control state and
/// epochs decide. Every method throws <see cref="StorageUnavailableException"/> where the account does not answer.
/// </summary>
/// <param name="runs">Where the runs lie.</param>
/// <param name="time">The clock.</param>
internal sealed class BlobRunArchive(RunContainer runs, TimeProvider time) : IRunArchive
{
    /// <summary>How long an answer may take where what was read before does too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What decides a run never changes. One entry of some KiB for each run that was asked for here.</summary>
    private readonly ConcurrentDictionary<string, RunSpecification> _known = [];

    /// <inheritdoc/>
    /// <remarks>Where the account does not answer, whether the run was made is not known; nobody has started it.</remarks>
    public async Task<RunSpecification> CreateAsync(RunRequest request)
    {
        var specification = RunSpecifier.Specify(request, time);
        await runs.EnsureAsync();
        foreach (var id in RunIds.Variants(specification.Run))
        {
            var created = specification with { Run = id };

            // What is left of a run whose deletion was cut short must not become part of a new one.
            if ((await runs.ListAsync($"{id}/")).Count == 0 && await runs.TryCreateAsync(ManifestOf(id), RunManifest.Encode(created))) return created;
        }

        throw new IOException($"'{RunContainer.Name}' has {RunIds.MaxSameName} runs named {specification.Run} already; ask again in a second.");
    }

    /// <inheritdoc/>
    /// <remarks>Where the account does not answer soon, what was read before still holds: a run that waits for it can be asked.</remarks>
    public async Task<RunSpecification> OpenAsync(string run)
    {
        if (!RunIds.IsValid(run)) throw new UnknownRunException($"'{run}' is not the id of a run.");
        _known.TryGetValue(run, out var known);
        using var patience = known is null ? new CancellationTokenSource() : new CancellationTokenSource(Patience, time);
        try
        {
            if (await runs.ReadAsync(ManifestOf(run), patience.Token) is { } content)
                return _known[run] = RunManifest.Decode(content, RunContainer.NameOf(ManifestOf(run)));
        }
        catch (Exception error) when (known is not null && error is StorageUnavailableException or OperationCanceledException)
        {
            return known;
        }
        catch (RunFolderException error)
        {
            throw new RunUnavailableException(error.Message);
        }

        _known.TryRemove(run, out _);
        var nearest = string.Join(", ", NearestNames.Of(run, await runs.FoldersAsync()));
        throw new UnknownRunException($"There is no run '{run}'" + (nearest.Length == 0 ? "." : $"; the nearest are {nearest}."));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Some silo may have any run that has not finished, which only its grain knows. Costs three requests a run,
    /// <see cref="RunContainer.Parallelism"/> at a time.
    /// </remarks>
    public async Task<IReadOnlyList<(RunEntry Entry, bool Here)>> ListAsync()
    {
        var entries = new ConcurrentBag<RunEntry>();
        await Parallel.ForEachAsync(
            await runs.FoldersAsync(), new ParallelOptions { MaxDegreeOfParallelism = RunContainer.Parallelism },
            async (run, _) =>
            {
                if (await DescribeAsync(run) is { } entry) entries.Add(entry);
            });
        return [.. entries.OrderBy(entry => entry.Run, StringComparer.Ordinal).Select(entry => (entry, entry.State is not ("finished" or "damaged")))];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// run.json goes first: from then on there is no such run. What a failure leaves belongs to no run, and may be deleted by hand:
    /// all that is named <c>RUN/…</c>.
    /// </remarks>
    public async Task DeleteAsync(string run)
    {
        RunIds.ThrowIfInvalid(run, nameof(run));
        await runs.DeleteAsync([ManifestOf(run)]);
        _known.TryRemove(run, out _);
        await runs.DeleteAsync(await runs.ListAsync($"{run}/"));
    }

    /// <inheritdoc/>
    public async Task<IMetricsFile> OpenMetricsAsync(string run, long iteration)
    {
        await OpenAsync(run);
        return await BlobMetricsFile.OpenAsync(runs, MetricsOf(run), iteration);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadMetricsAsync(string run)
    {
        await OpenAsync(run);
        return await BlobMetricsFile.ReadAsync(runs, MetricsOf(run));
    }

    /// <inheritdoc/>
    public async Task WriteSummaryAsync(string run, string json)
    {
        await OpenAsync(run);
        await runs.WriteAsync(SummaryOf(run), Encoding.UTF8.GetBytes(json + "\n"));
    }

    /// <inheritdoc/>
    public async Task<bool> HasSummaryAsync(string run)
    {
        await OpenAsync(run);
        return await runs.PropertiesAsync(SummaryOf(run)) is not null;
    }

    private static string ManifestOf(string run) => $"{run}/{RunManifest.FileName}";

    private static string MetricsOf(string run) => $"{run}/metrics.jsonl";

    private static string SummaryOf(string run) => $"{run}/summary.json";

    /// <returns>Null for what is left of a run that was deleted.</returns>
    private async Task<RunEntry?> DescribeAsync(string run)
    {
        try
        {
            if (await runs.ReadAsync(ManifestOf(run)) is not { } content) return null;
            var specification = RunManifest.Decode(content, RunContainer.NameOf(ManifestOf(run)));
            return RunEntries.Describe(specification, await runs.ReadEndAsync(MetricsOf(run), RunEntries.TailBytes), isHeld: () => false);
        }
        catch (RunFolderException error)
        {
            return RunEntries.Damaged(run, error.Message);
        }
    }
}
