-- Words that all feature groups use. `events`, `accounts` and `catalogue` are there already; `events` holds only what happened
-- before as_of(), so nothing that is built on it can see the future.

-- Listens, with the time heard cut at the track's length (players overshoot) and the three classes of completion:
-- skipped < 25 %, partial < 90 %, full. Unknown where the time heard or the length is not known.
CREATE VIEW all_listens AS
SELECT listener, track, happened_at, key, recommendation, end_reason = 4 AS failed, length_ms,
       CASE WHEN heard_ms IS NOT NULL THEN least(heard_ms, coalesce(length_ms, heard_ms)) END AS heard_ms,
       CASE WHEN heard_ms IS NULL OR length_ms IS NULL THEN 'unknown'
            WHEN 4 * heard_ms < length_ms THEN 'skipped'
            WHEN 10 * heard_ms < 9 * length_ms THEN 'partial'
            ELSE 'full' END AS completion
FROM events
WHERE kind = 1;

-- A play is a listen that the player did not fail: what says something about taste.
CREATE VIEW plays AS FROM all_listens WHERE NOT failed;

-- What listeners did of themselves: neither impressions and answers, which are ours, nor a sitting that begins, in which nothing was done yet.
CREATE VIEW acts AS FROM events WHERE kind NOT IN (8, 9, 10);

CREATE VIEW votes AS SELECT listener, track, happened_at, key, value FROM events WHERE kind = 2;
CREATE VIEW follows AS SELECT listener, artist, happened_at, key, value FROM events WHERE kind = 6;
CREATE VIEW clicks AS SELECT listener, track, happened_at, recommendation FROM events WHERE kind = 5;
CREATE VIEW impressions AS SELECT listener, track, happened_at, recommendation FROM events WHERE kind = 8;

-- Means and deviations come from exact sums of whole milliseconds, so that neither threads nor order change their last bit.
CREATE MACRO mean_of(n, total) AS CASE WHEN n > 0 THEN total::DOUBLE / n::DOUBLE END;
CREATE MACRO deviation_of(n, total, squares) AS
    CASE WHEN n > 0 THEN sqrt((n::HUGEINT * squares::HUGEINT - total::HUGEINT * total::HUGEINT)::DOUBLE) / n::DOUBLE END;

-- The share of a play at as_of(): 1 now, a half after 7 days; in billionths, so that sums are exact.
CREATE MACRO decayed(moment) AS
    round(1e9 * pow(0.5, (epoch_ms(as_of()) - epoch_ms(moment)) / (7 * 86400000.0)))::BIGINT;

-- The last 63 days before as_of()'s day (bit 0: that day itself) as a set of bits: lets the online side go on counting days.
CREATE MACRO day_bit(day) AS
    CASE WHEN date_diff('day', day, as_of()::DATE) BETWEEN 0 AND 62
         THEN 1::BIGINT << date_diff('day', day, as_of()::DATE)::INTEGER ELSE 0::BIGINT END;
