namespace Madrl.Hosting.Storage;

/// <summary>What a <see cref="SqliteFile"/> holds.</summary>
internal sealed record SqliteSchema
{
    /// <summary>The contents in words, for messages: "grain state".</summary>
    public required string Contents { get; init; }

    /// <summary>What remains to be done about a damaged file without a copy, for messages: "start a new run".</summary>
    public required string Renewal { get; init; }

    /// <summary>Tells a file of this kind from every other database.</summary>
    public required int ApplicationId { get; init; }

    /// <summary>Version of the schema, from 1. A file of a newer one is refused.</summary>
    public required int Version { get; init; }

    /// <summary>The statements that make the tables of a new file, each ended by a semicolon.</summary>
    public required string Tables { get; init; }
}
