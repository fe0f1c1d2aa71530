namespace Madrl.Simulation.Cluster;

/// <summary>Where each role is active. During a split, some silos see one activation of a role and the rest another.</summary>
internal sealed class Directory
{
    private readonly SortedDictionary<RoleKey, Entry> _entries = new(Comparer<RoleKey>.Create(Compare));

    /// <summary>All activations that somebody can reach, in a fixed order.</summary>
    public IEnumerable<Activation> All => _entries.Values.SelectMany(entry => new[] { entry.Current, entry.Former }.OfType<Activation>());

    /// <summary>The activation of a role as a silo sees it (null: somebody outside); null where it sees none.</summary>
    public Activation? Find(RoleKey key, Silo? seenFrom) =>
        !_entries.TryGetValue(key, out var entry) ? null
        : entry.Former is { } former && seenFrom is not null && entry.Behind.Contains(seenFrom) ? former : entry.Current;

    /// <summary>A new activation for those who see none.</summary>
    public void Add(Activation activation)
    {
        if (!_entries.TryGetValue(activation.Key, out var entry)) _entries[activation.Key] = entry = new Entry();
        entry.Current = activation;
    }

    /// <summary>An activation is gone.</summary>
    public void Remove(Activation activation)
    {
        if (!_entries.TryGetValue(activation.Key, out var entry)) return;
        if (entry.Current == activation) entry.Current = null;
        if (entry.Former == activation) entry.Former = null;
    }

    /// <summary>From now on only the given silos see an activation: for all others there will be another.</summary>
    public void Split(Activation activation, HashSet<Silo> behind)
    {
        var entry = _entries[activation.Key];
        if (entry.Current != activation) return;
        (entry.Former, entry.Current, entry.Behind) = (activation, null, behind);
    }

    /// <summary>The split of a role ends: all see the later activation, and the one from before is told to end.</summary>
    public void EndSplit(RoleKey key)
    {
        if (!_entries.TryGetValue(key, out var entry) || entry.Former is not { } former) return;
        entry.Former = null;
        if (former.Silo.IsUp) former.Retire();
    }

    private static int Compare(RoleKey one, RoleKey other) =>
        one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind)
        : one.First != other.First ? one.First.CompareTo(other.First) : one.Second.CompareTo(other.Second);

    private sealed class Entry
    {
        public Activation? Current { get; set; }

        public Activation? Former { get; set; }

        public HashSet<Silo> Behind { get; set; } = [];
    }
}
