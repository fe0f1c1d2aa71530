using Madrl.Protocols.Roles;

namespace Madrl.Protocols.Team;

/// <summary>
/// The policies that one silo's agents and replicas act with. Each version comes from the learner once, whoever asks first;
/// all who ask for it meanwhile wait for the same answer. Thread-safe: grains of many runs share it.
/// </summary>
/// <param name="learner">The learner of a run.</param>
public sealed class SiloPolicies(Func<string, ILearnerMember> learner) : IPolicies
{
    /// <summary>Versions of a run that are kept: the one in force, and the one that slower shards may still act with.</summary>
    public const int KeptVersions = 2;

    /// <summary>Versions of all runs that are kept; the oldest go first, and are fetched again by whoever still needs them.</summary>
    public const int MaxKept = 64;

    private readonly List<Version> _versions = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public ValueTask<PolicySet> GetAsync(string run, Ticket ticket)
    {
        lock (_lock)
        {
            var known = _versions.Find(version => version.Ticket == ticket && version.Run == run);
            if (known is null) _versions.Add(known = new Version(run, ticket));
            known.Policies ??= FetchAsync(known);
            Trim(run);
            return new ValueTask<PolicySet>(known.Policies);
        }
    }

    private async Task<PolicySet> FetchAsync(Version version)
    {
        try
        {
            // Not under the lock: the learner may be a grain of this very silo, and answer at once.
            await Task.Yield();
            return await learner(version.Run).PoliciesAsync(version.Ticket);
        }
        catch
        {
            // What failed is asked for again by whoever comes next.
            lock (_lock) _versions.Remove(version);
            throw;
        }
    }

    private void Trim(string run)
    {
        var outdated = _versions.Where(version => version.Run == run).OrderByDescending(version => version.Ticket).Skip(KeptVersions).ToArray();
        foreach (var version in outdated) _versions.Remove(version);
        if (_versions.Count > MaxKept) _versions.RemoveAt(0);
    }

    private sealed class Version(string run, Ticket ticket)
    {
        public string Run { get; } = run;

        public Ticket Ticket { get; } = ticket;

        public Task<PolicySet>? Policies { get; set; }
    }
}
