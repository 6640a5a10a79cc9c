CREATE TABLE artist (
    id text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    followers bigint                         -- as the service counts them; null when nobody tells
);

CREATE TABLE track (
    id text NOT NULL PRIMARY KEY,
    artist_id text NOT NULL REFERENCES artist (id),
    title text NOT NULL,
    length_ms bigint CHECK (length_ms > 0),
    genre text,
    tags text NOT NULL,                      -- JSON array of strings
    mbid text,                               -- MusicBrainz recording id, lower case
    isrc text,                               -- 12 letters and digits
    released_on text                         -- day, yyyy-mm-dd; of a known year alone its first day
);

CREATE INDEX track_artist ON track (artist_id);
