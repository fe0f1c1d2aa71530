namespace Madrl.Clustering;

// A provider's name begins with the name of the server that it needs: Redis, AdoNet, Azure.

/// <summary>Where silos find each other.</summary>
public enum ClusteringProvider
{
    /// <summary>Nowhere: the silo is a cluster of its own.</summary>
    Localhost,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In PostgreSQL.</summary>
    AdoNet,

    /// <summary>In Azure Table Storage.</summary>
    AzureTable,
}

/// <summary>Where the state of grains lies.</summary>
public enum StorageProvider
{
    /// <summary>In an SQLite file in each run's folder; for one silo.</summary>
    Sqlite,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In PostgreSQL.</summary>
    AdoNet,

    /// <summary>In Azure Blob Storage.</summary>
    AzureBlob,

    /// <summary>In Azure Table Storage, at most 960 KiB a state.</summary>
    AzureTable,
}

/// <summary>Where checkpoints lie, and the specifications, metrics and summaries of runs.</summary>
public enum CheckpointProvider
{
    /// <summary>In the runs' folders, which all silos of a cluster must share.</summary>
    Files,

    /// <summary>In Azure Blob Storage.</summary>
    AzureBlob,
}

/// <summary>Where reminders lie.</summary>
public enum ReminderProvider
{
    /// <summary>In an SQLite file; for one silo.</summary>
    Sqlite,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In PostgreSQL.</summary>
    AdoNet,

    /// <summary>In Azure Table Storage.</summary>
    AzureTable,
}

/// <summary>What carries streams. Orleans 10.4 has no package for streams over Redis.</summary>
public enum StreamingProvider
{
    /// <summary>The silos' memory: messages and subscriptions are lost with a silo.</summary>
    Memory,

    /// <summary>PostgreSQL.</summary>
    AdoNet,

    /// <summary>Azure Queue Storage.</summary>
    AzureQueue,
}
