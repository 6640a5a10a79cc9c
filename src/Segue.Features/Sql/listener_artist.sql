-- One row for each listener and artist with a play of one of the artist's tracks or a follow between them.
-- follows: whether the newest follow event began a following; null: there was none. Tracks outside the catalogue have no artist.
WITH heard AS (
    SELECT listener, artist, sum(plays)::BIGINT AS plays, max(last_at) AS last_at
    FROM listener_track JOIN catalogue USING (track)
    WHERE plays > 0
    GROUP BY listener, artist
),
followed AS (
    SELECT listener, artist, max({'at': happened_at, 'key': key, 'value': value}) AS newest
    FROM follows
    GROUP BY listener, artist
)
SELECT listener, artist,
       coalesce(plays, 0) AS plays,
       last_at,
       newest.value = 1 AS follows, newest.at AS follow_at, newest.key AS follow_key
FROM heard FULL JOIN followed USING (listener, artist)
