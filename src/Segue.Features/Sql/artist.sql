-- One row for each artist of the catalogue and each that is followed. Counts are those of the artist's tracks taken together;
-- listeners and active days are counted once. likes: listeners' likes of the artist's tracks, one for each track.
-- genre: that of most tracks (equals: the first by name). tags: the ten on most tracks.
WITH known AS (
    SELECT artist, min(artist_name) AS name, count(*) AS tracks FROM catalogue GROUP BY artist
),
genres AS (
    SELECT artist, genre
    FROM (SELECT artist, genre, count(*) AS tracks FROM catalogue WHERE genre IS NOT NULL GROUP BY artist, genre)
    QUALIFY row_number() OVER (PARTITION BY artist ORDER BY tracks DESC, genre) = 1
),
tagged AS (
    SELECT artist, tag, row_number() OVER (PARTITION BY artist ORDER BY count(*) DESC, tag) AS place
    FROM (SELECT artist, unnest(tags) AS tag FROM catalogue)
    GROUP BY artist, tag
),
tags AS (
    SELECT artist, list(tag ORDER BY place) AS tags FROM tagged WHERE place <= 10 GROUP BY artist
),
summed AS (
    SELECT artist,
           sum(plays)::BIGINT AS plays,
           sum(likes)::BIGINT AS likes,
           sum(dislikes)::BIGINT AS dislikes,
           sum(skips)::BIGINT AS skips,
           sum(partial)::BIGINT AS partial,
           sum("full")::BIGINT AS "full",
           sum("unknown")::BIGINT AS "unknown",
           sum(heard_known)::BIGINT AS heard_known,
           sum(heard_ms)::BIGINT AS heard_ms,
           sum(heard_squares)::DECIMAL(38, 0) AS heard_squares,
           min(first_at) AS first_at,
           max(last_at) AS last_at,
           sum(round(trend * 1e9)::BIGINT)::BIGINT AS decayed
    FROM track
    WHERE artist IS NOT NULL
    GROUP BY artist
),
ranked AS (
    SELECT artist, row_number() OVER (ORDER BY decayed DESC, artist) AS trend_rank FROM summed WHERE plays > 0
),
paired AS (
    SELECT artist, count(*) FILTER (plays > 0) AS listeners, count(*) FILTER (follows) AS followers FROM listener_artist GROUP BY artist
),
lately AS (
    SELECT artist, count(*) AS active_days, bit_or(day_bit(day)) AS recent_days
    FROM (SELECT DISTINCT artist, happened_at::DATE AS day FROM plays JOIN catalogue USING (track))
    GROUP BY artist
)
SELECT artist, name, genre, coalesce(tags, []) AS tags,
       coalesce(tracks, 0) AS tracks,
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
FROM known
FULL JOIN paired USING (artist)
LEFT JOIN genres USING (artist)
LEFT JOIN tags USING (artist)
LEFT JOIN summed USING (artist)
LEFT JOIN ranked USING (artist)
LEFT JOIN lately USING (artist)
