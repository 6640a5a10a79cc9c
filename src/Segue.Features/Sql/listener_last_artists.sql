-- The 100 artists whom a listener played last, each once: place 1 is the newest (equal times by artist id). The facts are the artist's.
WITH last AS (
    SELECT listener, artist, last_at, plays AS own_plays,
           row_number() OVER (PARTITION BY listener ORDER BY last_at DESC, artist) AS place
    FROM listener_artist
    WHERE plays > 0
    QUALIFY place <= 100
)
SELECT listener, place, artist, last.last_at, own_plays,
       name, active_days, trend_rank, genre, followers, likes, mean_heard_ms, deviation_heard_ms
FROM last JOIN artist USING (artist)
