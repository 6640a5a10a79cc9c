-- One row for each account that was open before as_of() and each listener who did something.
-- tenure_days: whole days from the day of registration to as_of()'s day; null where registration is not known.
-- active_days: UTC days with an act. first_at, last_at: of acts.
WITH days AS (
    SELECT listener, happened_at::DATE AS day, min(happened_at) AS first_at, max(happened_at) AS last_at
    FROM acts
    GROUP BY listener, day
),
active AS (
    SELECT listener,
           count(*) AS active_days,
           bit_or(day_bit(day)) AS recent_days,
           min(first_at) AS first_at,
           max(last_at) AS last_at
    FROM days
    GROUP BY listener
),
counted AS (
    SELECT listener, count(*) AS sessions FROM sessions GROUP BY listener
),
known AS (
    SELECT * FROM accounts WHERE registered_on IS NULL OR registered_on < as_of()
)
SELECT listener,
       coalesce(age_band, 'Unknown') AS age_band,
       coalesce(gender, 'Unknown') AS gender,
       country, area, city, registered_on,
       date_diff('day', registered_on, as_of()::DATE)::INTEGER AS tenure_days,
       coalesce(active_days, 0) AS active_days,
       coalesce(recent_days, 0) AS recent_days,
       coalesce(sessions, 0) AS sessions,
       first_at, last_at
FROM known
FULL JOIN active USING (listener)
LEFT JOIN counted USING (listener)
