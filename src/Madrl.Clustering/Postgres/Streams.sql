-- Queues of stream messages. A message that was taken is invisible for a while; then it comes back, unless it was confirmed.
-- Dequeued counts how often it was taken and is the receipt that a confirmation must show. A message that was taken too often,
-- or is too old, is moved to the dead letters and kept there until RemoveOn.
CREATE TABLE OrleansStreamQueue (
    ServiceId text NOT NULL,
    ProviderId text NOT NULL,
    QueueId text NOT NULL,
    LastMessageId bigint NOT NULL,
    EvictedOn timestamptz NOT NULL,
    PRIMARY KEY (ServiceId, ProviderId, QueueId)
);

CREATE TABLE OrleansStreamMessage (
    ServiceId text NOT NULL,
    ProviderId text NOT NULL,
    QueueId text NOT NULL,
    MessageId bigint NOT NULL,
    Dequeued integer NOT NULL,
    VisibleOn timestamptz NOT NULL,
    ExpiresOn timestamptz NOT NULL,
    CreatedOn timestamptz NOT NULL,
    ModifiedOn timestamptz NOT NULL,
    Payload bytea NOT NULL,
    PRIMARY KEY (ServiceId, ProviderId, QueueId, MessageId)
);

CREATE TABLE OrleansStreamDeadLetter (
    LIKE OrleansStreamMessage INCLUDING ALL,
    DeadOn timestamptz NOT NULL,
    RemoveOn timestamptz NOT NULL
);

INSERT INTO OrleansQuery VALUES
-- Numbers come from the queue's row, which is locked until the commit, and the time is taken under that lock: messages become
-- visible in the order of their numbers, which a sequence does not promise and the cache of Orleans' readers needs.
('QueueStreamMessageKey', $$
    WITH queue AS (
        INSERT INTO OrleansStreamQueue AS q VALUES (@ServiceId, @ProviderId, @QueueId, 1, now())
        ON CONFLICT (ServiceId, ProviderId, QueueId) DO UPDATE SET LastMessageId = q.LastMessageId + 1
        RETURNING LastMessageId
    )
    INSERT INTO OrleansStreamMessage
    SELECT @ServiceId, @ProviderId, @QueueId, LastMessageId, 0,
        clock_timestamp(), clock_timestamp() + make_interval(secs => @ExpiryTimeout), clock_timestamp(), clock_timestamp(), @Payload
    FROM queue
    RETURNING ServiceId, ProviderId, QueueId, MessageId
$$),

-- Takes messages; now and then moves what is dead. Rows that another transaction has locked are left to it.
('GetStreamMessagesKey', $$
    WITH due AS (
        UPDATE OrleansStreamQueue SET EvictedOn = now()
        WHERE (ServiceId, ProviderId, QueueId) = (@ServiceId, @ProviderId, @QueueId)
            AND EvictedOn <= now() - make_interval(secs => @EvictionInterval)
        RETURNING 1
    ), forgotten AS (
        DELETE FROM OrleansStreamDeadLetter
        WHERE (ServiceId, ProviderId, QueueId) = (@ServiceId, @ProviderId, @QueueId)
            AND RemoveOn <= now() AND EXISTS (SELECT FROM due)
    ), dying AS (
        SELECT MessageId FROM OrleansStreamMessage
        WHERE (ServiceId, ProviderId, QueueId) = (@ServiceId, @ProviderId, @QueueId)
            AND VisibleOn <= now() AND (Dequeued >= @MaxAttempts OR ExpiresOn <= now()) AND EXISTS (SELECT FROM due)
        ORDER BY MessageId LIMIT @EvictionBatchSize FOR UPDATE SKIP LOCKED
    ), dead AS (
        DELETE FROM OrleansStreamMessage AS m USING dying
        WHERE (ServiceId, ProviderId, QueueId, m.MessageId) = (@ServiceId, @ProviderId, @QueueId, dying.MessageId)
        RETURNING m.*
    ), buried AS (
        INSERT INTO OrleansStreamDeadLetter
        SELECT dead.*, now(), now() + make_interval(secs => @RemovalTimeout) FROM dead
    ), ready AS (
        SELECT MessageId FROM OrleansStreamMessage
        WHERE (ServiceId, ProviderId, QueueId) = (@ServiceId, @ProviderId, @QueueId)
            AND VisibleOn <= now() AND Dequeued < @MaxAttempts AND ExpiresOn > now()
        ORDER BY MessageId LIMIT @MaxCount FOR UPDATE SKIP LOCKED
    )
    UPDATE OrleansStreamMessage AS m
    SET Dequeued = Dequeued + 1, VisibleOn = now() + make_interval(secs => @VisibilityTimeout), ModifiedOn = now()
    FROM ready
    WHERE (ServiceId, ProviderId, QueueId, m.MessageId) = (@ServiceId, @ProviderId, @QueueId, ready.MessageId)
    RETURNING m.*
$$),

-- Items is 'message:receipt|message:receipt|...'. A negative receipt gives the message back.
('ConfirmStreamMessagesKey', $$
    WITH item AS (
        SELECT split_part(text, ':', 1)::bigint AS Id, split_part(text, ':', 2)::integer AS Receipt
        FROM unnest(string_to_array(@Items, '|')) AS text
    ), released AS (
        UPDATE OrleansStreamMessage SET VisibleOn = now(), ModifiedOn = now() FROM item
        WHERE (ServiceId, ProviderId, QueueId, MessageId, Dequeued) = (@ServiceId, @ProviderId, @QueueId, Id, -Receipt)
        RETURNING ServiceId, ProviderId, QueueId, MessageId
    ), confirmed AS (
        DELETE FROM OrleansStreamMessage USING item
        WHERE (ServiceId, ProviderId, QueueId, MessageId, Dequeued) = (@ServiceId, @ProviderId, @QueueId, Id, Receipt)
        RETURNING ServiceId, ProviderId, QueueId, MessageId
    )
    SELECT * FROM released UNION ALL SELECT * FROM confirmed
$$),

('FailStreamMessageKey', $$
    WITH again AS (
        UPDATE OrleansStreamMessage SET VisibleOn = now(), ModifiedOn = now()
        WHERE (ServiceId, ProviderId, QueueId, MessageId) = (@ServiceId, @ProviderId, @QueueId, @MessageId)
            AND Dequeued < @MaxAttempts
    ), dead AS (
        DELETE FROM OrleansStreamMessage
        WHERE (ServiceId, ProviderId, QueueId, MessageId) = (@ServiceId, @ProviderId, @QueueId, @MessageId)
            AND Dequeued >= @MaxAttempts
        RETURNING *
    )
    INSERT INTO OrleansStreamDeadLetter
    SELECT dead.*, now(), now() + make_interval(secs => @RemovalTimeout) FROM dead
$$),

-- Orleans wants these two to exist and never runs them: GetStreamMessagesKey does their work.
('EvictStreamMessagesKey', 'SELECT'),
('EvictStreamDeadLettersKey', 'SELECT');
