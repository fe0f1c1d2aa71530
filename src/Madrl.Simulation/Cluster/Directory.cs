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
        : entry.Former is { } former && !entry.Sees(seenFrom) ? former : entry.Current;

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

    /// <summary>From now on the given silos no longer see an activation: for them there will be another.</summary>
    public void Split(Activation activation, HashSet<Silo> blind)
    {
        var entry = _entries[activation.Key];
        if (entry.Current != activation) return;
        (entry.Former, entry.Current, entry.Blind) = (activation, null, blind);
    }

    /// <summary>The split of a role ends: the later activation stays, all see it.</summary>
    public void EndSplit(RoleKey key)
    {
        if (_entries.TryGetValue(key, out var entry)) entry.Former = null;
    }

    private static int Compare(RoleKey one, RoleKey other) =>
        one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind)
        : one.First != other.First ? one.First.CompareTo(other.First) : one.Second.CompareTo(other.Second);

    private sealed class Entry
    {
        public Activation? Current { get; set; }

        public Activation? Former { get; set; }

        public HashSet<Silo> Blind { get; set; } = [];

        public bool Sees(Silo? silo) => silo is null || Blind.Contains(silo);
    }
}
