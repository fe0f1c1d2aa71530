-- Grain state. Orleans' provider names a grain by hash, two numbers and a text made of its key, and the state by its name; the
-- type of the grain is not told. GrainTypeString is the state's name.
-- Limits: the texts of a key together 2,700 bytes (a row of a PostgreSQL index), a payload 1 GB (a bytea).
CREATE TABLE OrleansGrainState (
    GrainIdHash integer NOT NULL,
    GrainIdN0 bigint NOT NULL,
    GrainIdN1 bigint NOT NULL,
    GrainIdExtensionString text NOT NULL,
    GrainTypeString text NOT NULL,
    ServiceId text NOT NULL,
    Version integer NOT NULL,
    PayloadBinary bytea,
    ModifiedOn timestamptz NOT NULL,
    PRIMARY KEY (GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, GrainTypeString, ServiceId)
);

INSERT INTO OrleansQuery VALUES
('ReadFromStorageKey', $$
    SELECT PayloadBinary, Version FROM OrleansGrainState
    WHERE (GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, GrainTypeString, ServiceId)
        = (@GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId)
$$),

-- No row means to Orleans that the version was another one. A writer without version has read that there is no row.
('WriteToStorageKey', $$
    WITH made AS (
        INSERT INTO OrleansGrainState
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId,
            1, @PayloadBinary, now()
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING Version
    ), replaced AS (
        UPDATE OrleansGrainState SET Version = Version + 1, PayloadBinary = @PayloadBinary, ModifiedOn = now()
        WHERE (GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, GrainTypeString, ServiceId)
            = (@GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId)
            AND Version = @GrainStateVersion
        RETURNING Version
    )
    SELECT Version AS NewGrainStateVersion FROM made UNION ALL SELECT Version FROM replaced
$$),

-- The row stays, so that its version goes on rising and a version from before the clearing never matches again. For the same
-- reason there is no DeleteStorageKey: Orleans then refuses DeleteStateOnClear.
('ClearStorageKey', $$
    UPDATE OrleansGrainState SET Version = Version + 1, PayloadBinary = NULL, ModifiedOn = now()
    WHERE (GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, GrainTypeString, ServiceId)
        = (@GrainIdHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainTypeString, @ServiceId)
        AND Version = @GrainStateVersion
    RETURNING Version
$$);
