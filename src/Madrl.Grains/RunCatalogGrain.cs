using Madrl.Grains.Abstractions;
using Madrl.Protocols;
using Madrl.Protocols.Runs;
using Orleans.Concurrency;

namespace Madrl.Grains;

/// <summary>The runs of this silo, from its archive. Reentrant, so that making one run does not keep the others waiting.</summary>
[Reentrant]
public sealed class RunCatalogGrain(IRunArchive archive) : Grain, IRunCatalogGrain
{
    /// <inheritdoc/>
    public async Task<string> Start(RunRequest request)
    {
        var run = await archive.CreateAsync(request);
        await GrainOf(run.Run).Start(run.ToJson());
        return run.Run;
    }

    /// <inheritdoc/>
    public async Task Resume(string run)
    {
        RunSpecification specification = await archive.OpenAsync(run);
        await GrainOf(run).Start(specification.ToJson());
    }

    /// <inheritdoc/>
    public async Task Stop(string run) => await (await FindAsync(run)).Stop();

    /// <inheritdoc/>
    public async Task<StatusReply> GetStatus(string run) => await (await FindAsync(run)).GetStatus();

    /// <inheritdoc/>
    public async Task<RunEntry[]> List() =>
        await Task.WhenAll((await archive.ListAsync()).Select(async run => run.Here ? await CurrentAsync(run.Entry) : run.Entry));

    /// <inheritdoc/>
    public async Task Delete(string run)
    {
        await (await FindAsync(run)).Forget();
        await archive.DeleteAsync(run);
    }

    /// <summary>An entry of a run that this silo has: its files may be behind.</summary>
    private async Task<RunEntry> CurrentAsync(RunEntry entry)
    {
        var status = await GrainOf(entry.Run).GetStatus();
        var state = status.Active ? "running" : status.Phase switch
        {
            RunPhase.None => "new",
            RunPhase.Running => "interrupted",
            var phase => phase.ToString().ToLowerInvariant(),
        };
        return entry with { State = state, EnvSteps = status.EnvironmentSteps, Error = status.Error };
    }

    private async Task<IRunGrain> FindAsync(string run)
    {
        await archive.OpenAsync(run);
        return GrainOf(run);
    }

    private IRunGrain GrainOf(string run) => GrainFactory.GetGrain<IRunGrain>(run);
}
