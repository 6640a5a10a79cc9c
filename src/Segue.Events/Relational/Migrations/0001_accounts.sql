-- What is kept of an account. No column can name a person: see docs/accounts.md.
CREATE TABLE account (
    listener text NOT NULL PRIMARY KEY,      -- pseudonym
    age_band text NOT NULL,                  -- name of Segue.Core.AgeBand
    gender text NOT NULL,                    -- name of Segue.Core.Gender
    country text,                            -- ISO 3166, two letters
    area text,                               -- first-level division by GeoNames code, such as US.NC
    city text,
    geoname_id bigint,                       -- of the city
    registered_on text                       -- day, yyyy-mm-dd, UTC
);

-- The generation of keys that made the pseudonyms of this database: one row, or none before the first account.
CREATE TABLE pseudonym_generation (
    only_row bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
    generation bigint NOT NULL
);
