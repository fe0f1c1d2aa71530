-- Membership: a row per cluster with the version of its table, and a row per silo.
CREATE TABLE OrleansCluster (
    DeploymentId text PRIMARY KEY,
    Version integer NOT NULL
);

CREATE TABLE OrleansSilo (
    DeploymentId text NOT NULL REFERENCES OrleansCluster ON DELETE CASCADE,
    Address text NOT NULL,
    Port integer NOT NULL,
    Generation integer NOT NULL,
    SiloName text NOT NULL,
    HostName text NOT NULL,
    Status integer NOT NULL,
    ProxyPort integer NOT NULL,
    SuspectTimes text,
    StartTime timestamptz NOT NULL,
    IAmAliveTime timestamptz NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

INSERT INTO OrleansQuery VALUES
('InsertMembershipVersionKey', $$
    WITH made AS (INSERT INTO OrleansCluster VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*) > 0 FROM made
$$),

-- Whoever raises the version has the right to change a silo. Of two who read the same version, the second waits for the
-- first's commit and then finds another version.
('InsertMembershipKey', $$
    WITH raised AS (
        UPDATE OrleansCluster SET Version = Version + 1
        WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (
            SELECT FROM OrleansSilo
            WHERE (DeploymentId, Address, Port, Generation) = (@DeploymentId, @Address, @Port, @Generation))
        RETURNING 1
    ), joined AS (
        INSERT INTO OrleansSilo
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, NULL, @StartTime, @IAmAliveTime
        FROM raised
        RETURNING 1
    )
    SELECT count(*) > 0 FROM joined
$$),

-- The silo is locked first, so that it cannot vanish between the two changes. Who writes about another silo may know an older
-- sign of its life than is stored.
('UpdateMembershipKey', $$
    WITH silo AS (
        SELECT FROM OrleansSilo
        WHERE (DeploymentId, Address, Port, Generation) = (@DeploymentId, @Address, @Port, @Generation)
        FOR UPDATE
    ), raised AS (
        UPDATE OrleansCluster SET Version = Version + 1 FROM silo
        WHERE DeploymentId = @DeploymentId AND Version = @Version
        RETURNING 1
    ), changed AS (
        UPDATE OrleansSilo
        SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = greatest(IAmAliveTime, @IAmAliveTime) FROM raised
        WHERE (DeploymentId, Address, Port, Generation) = (@DeploymentId, @Address, @Port, @Generation)
        RETURNING 1
    )
    SELECT count(*) > 0 FROM changed
$$),

('UpdateIAmAlivetimeKey', $$
    UPDATE OrleansSilo SET IAmAliveTime = @IAmAliveTime
    WHERE (DeploymentId, Address, Port, Generation) = (@DeploymentId, @Address, @Port, @Generation)
$$),

-- The version is read also where no silo is.
('MembershipReadAllKey', $$
    SELECT Version, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime
    FROM OrleansCluster LEFT JOIN OrleansSilo USING (DeploymentId)
    WHERE DeploymentId = @DeploymentId
$$),

('MembershipReadRowKey', $$
    SELECT Version, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime
    FROM OrleansCluster AS c LEFT JOIN OrleansSilo AS s
        ON s.DeploymentId = c.DeploymentId AND (Address, Port, Generation) = (@Address, @Port, @Generation)
    WHERE c.DeploymentId = @DeploymentId
$$),

('GatewaysQueryKey', $$
    SELECT Address, ProxyPort, Generation FROM OrleansSilo
    WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
$$),

-- Orleans removes a dead silo (6 is SiloStatus.Dead) that it finds old, if it is still as it was read ...
('CleanupDefunctSiloEntryKey', $$
    DELETE FROM OrleansSilo
    WHERE (DeploymentId, Address, Port, Generation) = (@DeploymentId, @Address, @Port, @Generation) AND Status = 6
        AND IAmAliveTime = @IAmAliveTime AND StartTime = @StartTime
        AND coalesce(SuspectTimes, '') = coalesce(@SuspectTimes, '')
$$),

-- ... or without having looked, all that nobody has suspected: the times of suspicions are known to Orleans alone.
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM OrleansSilo
    WHERE DeploymentId = @DeploymentId AND Status = 6
        AND greatest(StartTime, IAmAliveTime) < @IAmAliveTime AND coalesce(SuspectTimes, '') = ''
$$),

('DeleteMembershipTableEntriesKey', $$
    DELETE FROM OrleansCluster WHERE DeploymentId = @DeploymentId
$$);
