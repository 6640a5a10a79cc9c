-- One row for each listener with a listen, a vote, a click or an impression.
-- against_average: time heard of the plays with a known time, over what all listeners hear of the same tracks on average
-- (each track's mean, to the millisecond); 1.1 is ten per cent longer than others. Null without such plays.
-- clicks_per_100, plays_per_100: of clicks and plays that came from a recommendation, per 100 impressions; null without impressions.
WITH heard AS (
    SELECT listener,
           sum(p.plays)::BIGINT AS plays,
           sum(p.skips)::BIGINT AS skips,
           sum(p.partial)::BIGINT AS partial,
           sum(p."full")::BIGINT AS "full",
           sum(p."unknown")::BIGINT AS "unknown",
           sum(p.failed)::BIGINT AS failed,
           sum(p.heard_known)::BIGINT AS heard_known,
           sum(p.heard_ms)::BIGINT AS heard_ms,
           sum(p.heard_squares)::DECIMAL(38, 0) AS heard_squares,
           sum(p.heard_known * round(t.mean_heard_ms)::BIGINT) AS average_ms,
           count(*) FILTER (vote = 1) AS likes,
           count(*) FILTER (vote = -1) AS dislikes
    FROM listener_track AS p JOIN track AS t USING (track)
    GROUP BY listener
),
answered AS (
    SELECT listener,
           count(*) FILTER (kind = 8) AS impressions,
           count(*) FILTER (kind = 5) AS clicks,
           count(*) FILTER (kind = 5 AND recommendation IS NOT NULL) AS clicks_recommended,
           count(*) FILTER (kind = 1 AND end_reason <> 4 AND recommendation IS NOT NULL) AS plays_recommended
    FROM events
    WHERE kind IN (1, 5, 8)
    GROUP BY listener
)
SELECT listener,
       coalesce(plays, 0) AS plays,
       coalesce(skips, 0) AS skips,
       coalesce(partial, 0) AS partial,
       coalesce("full", 0) AS "full",
       coalesce("unknown", 0) AS "unknown",
       coalesce(failed, 0) AS failed,
       coalesce(heard_known, 0) AS heard_known,
       coalesce(heard_ms, 0) AS heard_ms,
       coalesce(heard_squares, 0)::DECIMAL(38, 0) AS heard_squares,
       mean_of(heard_known, heard_ms) AS mean_heard_ms,
       deviation_of(heard_known, heard_ms, heard_squares) AS deviation_heard_ms,
       mean_of(average_ms, heard_ms) AS against_average,
       coalesce(likes, 0) AS likes,
       coalesce(dislikes, 0) AS dislikes,
       coalesce(impressions, 0) AS impressions,
       coalesce(clicks, 0) AS clicks,
       coalesce(clicks_recommended, 0) AS clicks_recommended,
       coalesce(plays_recommended, 0) AS plays_recommended,
       mean_of(impressions, 100 * clicks_recommended) AS clicks_per_100,
       mean_of(impressions, 100 * plays_recommended) AS plays_per_100
FROM heard FULL JOIN answered USING (listener)
