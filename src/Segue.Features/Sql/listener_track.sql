-- One row for each listener and track with a play, a failed listen or a vote between them: the base of the counts of tracks.
-- vote: the newest vote that holds (1, -1; 0 withdrawn; null: never voted); of equal times the greater key is the newer.
WITH heard AS (
    SELECT listener, track,
           count(*) FILTER (NOT failed) AS plays,
           count(*) FILTER (NOT failed AND completion = 'skipped') AS skips,
           count(*) FILTER (NOT failed AND completion = 'partial') AS partial,
           count(*) FILTER (NOT failed AND completion = 'full') AS "full",
           count(*) FILTER (NOT failed AND completion = 'unknown') AS "unknown",
           count(*) FILTER (failed) AS failed,
           count(heard_ms) FILTER (NOT failed) AS heard_known,
           coalesce(sum(heard_ms) FILTER (NOT failed), 0)::BIGINT AS heard_ms,
           coalesce(sum(heard_ms * heard_ms) FILTER (NOT failed), 0)::DECIMAL(38, 0) AS heard_squares,
           min(happened_at) FILTER (NOT failed) AS first_at,
           max(happened_at) FILTER (NOT failed) AS last_at
    FROM all_listens
    GROUP BY listener, track
),
voted AS (
    SELECT listener, track, max({'at': happened_at, 'key': key, 'value': value}) AS newest
    FROM votes
    GROUP BY listener, track
)
SELECT listener, track,
       coalesce(plays, 0) AS plays,
       coalesce(skips, 0) AS skips,
       coalesce(partial, 0) AS partial,
       coalesce("full", 0) AS "full",
       coalesce("unknown", 0) AS "unknown",
       coalesce(failed, 0) AS failed,
       coalesce(heard_known, 0) AS heard_known,
       coalesce(heard_ms, 0) AS heard_ms,
       coalesce(heard_squares, 0)::DECIMAL(38, 0) AS heard_squares,
       first_at, last_at,
       newest.value AS vote, newest.at AS vote_at, newest.key AS vote_key
FROM heard FULL JOIN voted USING (listener, track)
