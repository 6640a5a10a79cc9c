-- One row for each track of the catalogue and each that was heard or voted on.
-- trend: plays, each halved for every 7 days of its age; trend_rank: 1 for the greatest, null without plays (equals by id).
-- likes, dislikes: listeners whose newest vote is up, down. followers: of the track's artist.
WITH paired AS (
    SELECT track,
           sum(plays)::BIGINT AS plays,
           count(*) FILTER (plays > 0) AS listeners,
           count(*) FILTER (vote = 1) AS likes,
           count(*) FILTER (vote = -1) AS dislikes,
           sum(skips)::BIGINT AS skips,
           sum(partial)::BIGINT AS partial,
           sum("full")::BIGINT AS "full",
           sum("unknown")::BIGINT AS "unknown",
           sum(heard_known)::BIGINT AS heard_known,
           sum(heard_ms)::BIGINT AS heard_ms,
           sum(heard_squares)::DECIMAL(38, 0) AS heard_squares,
           min(first_at) AS first_at,
           max(last_at) AS last_at
    FROM listener_track
    GROUP BY track
),
daily AS (
    SELECT track, happened_at::DATE AS day, sum(decayed(happened_at)) AS decayed
    FROM plays
    GROUP BY track, day
),
lately AS (
    SELECT track,
           count(*) AS active_days,
           bit_or(day_bit(day)) AS recent_days,
           sum(decayed)::BIGINT AS decayed
    FROM daily
    GROUP BY track
),
ranked AS (
    SELECT *, row_number() OVER (ORDER BY decayed DESC, track) AS trend_rank FROM lately
),
followed AS (
    SELECT artist, count(*) FILTER (follows) AS followers FROM listener_artist GROUP BY artist
)
SELECT track, title, artist, artist_name, genre, coalesce(tags, []) AS tags, length_ms,
       coalesce(plays, 0) AS plays,
       coalesce(listeners, 0) AS listeners,
       coalesce(likes, 0) AS likes,
       coalesce(dislikes, 0) AS dislikes,
       coalesce(skips, 0) AS skips,
       coalesce(partial, 0) AS partial,
       coalesce("full", 0) AS "full",
       coalesce("unknown", 0) AS "unknown",
       coalesce(heard_known, 0) AS heard_known,
       coalesce(heard_ms, 0) AS heard_ms,
       coalesce(heard_squares, 0)::DECIMAL(38, 0) AS heard_squares,
       mean_of(heard_known, heard_ms) AS mean_heard_ms,
       deviation_of(heard_known, heard_ms, heard_squares) AS deviation_heard_ms,
       first_at, last_at,
       coalesce(active_days, 0) AS active_days,
       coalesce(recent_days, 0) AS recent_days,
       coalesce(decayed, 0) / 1e9 AS trend,
       trend_rank,
       coalesce(followers, 0) AS followers
FROM catalogue
FULL JOIN paired USING (track)
LEFT JOIN ranked USING (track)
LEFT JOIN followed USING (artist)
