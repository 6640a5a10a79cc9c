-- The 100 tracks that a listener played last, each once: place 1 is the newest (equal times by track id). The facts are the track's.
WITH last AS (
    SELECT listener, track, last_at, plays AS own_plays,
           row_number() OVER (PARTITION BY listener ORDER BY last_at DESC, track) AS place
    FROM listener_track
    WHERE plays > 0
    QUALIFY place <= 100
)
SELECT listener, place, track, last.last_at, own_plays,
       title AS name, artist, active_days, trend_rank, genre, followers, likes, mean_heard_ms, deviation_heard_ms
FROM last JOIN track USING (track)
