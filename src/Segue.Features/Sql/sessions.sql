-- One row for each session: acts of one listener, cut where 30 minutes or more pass from one act to the next.
-- number counts a listener's sessions from 1.
WITH gaps AS (
    SELECT listener, happened_at, key, kind, end_reason,
           happened_at - lag(happened_at) OVER (PARTITION BY listener ORDER BY happened_at, key) < INTERVAL 30 MINUTES AS goes_on
    FROM acts
),
numbered AS (
    SELECT *, count(*) FILTER (goes_on IS NOT TRUE) OVER (PARTITION BY listener ORDER BY happened_at, key ROWS UNBOUNDED PRECEDING) AS number
    FROM gaps
)
SELECT listener, number,
       min(happened_at) AS started_at,
       max(happened_at) AS ended_at,
       count(*) AS acts,
       count(*) FILTER (kind = 1 AND end_reason <> 4) AS plays
FROM numbered
GROUP BY listener, number
