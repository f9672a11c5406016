-- The records of the reference job: drawn from digests of their row numbers, so that every machine makes the same ones.
-- Half a year, sorted by time; one person for each hundred rows; a few people meet many. $people and $rows are numbers.
WITH numbered AS (
    SELECT i, md5_number(i::VARCHAR) AS drawn FROM range($rows) AS rows (i)
), copied AS (  -- one row in fifty is a copy of the one before it
    SELECT i, CASE WHEN drawn % 50 = 0 AND i > 0 THEN i - 1 ELSE i END AS source FROM numbered
), chances AS (
    SELECT
        i,
        source,
        source % 100 AS place,
        (d & 1048575)::BIGINT AS chance_of_return,
        ((d >> 20) & 1048575)::BIGINT AS how_long_before,
        ((d >> 40) & 1048575)::BIGINT AS chance_of_self,
        ((d >> 60) & 1048575)::BIGINT AS topic_drawn,
        ((d >> 80) & 1048575)::BIGINT AS value_drawn
    FROM (SELECT *, md5_number('chance ' || source) AS d FROM copied)
), meetings AS (  -- one endorsement in ten returns one of the last hundred thousand rows
    SELECT
        *,
        CASE
            WHEN place BETWEEN 80 AND 89 AND chance_of_return % 10 = 0 AND source >= 100000
                THEN source - 100 * (1 + how_long_before % 1000)
            ELSE source
        END AS met
    FROM chances
), pairs AS (  -- one row in ten comes from a small pool of pairs
    SELECT
        *,
        md5_number('pair ' || CASE
            WHEN (d & 1048575)::BIGINT % 10 = 0 THEN -1 - ((d >> 20) & 1099511627775)::BIGINT % greatest($people // 10, 1)
            ELSE met
        END) AS pair
    FROM (SELECT *, md5_number('meeting ' || met) AS d FROM meetings)
), people AS (  -- a person's share of all rows falls with the person's number
    SELECT
        * EXCLUDE (pair),
        floor(100 * (pow(1 + $people / 100.0, (pair & 4503599627370495)::BIGINT / 4503599627370496.0) - 1))::BIGINT % $people AS one,
        floor(100 * (pow(1 + $people / 100.0, ((pair >> 60) & 4503599627370495)::BIGINT / 4503599627370496.0) - 1))::BIGINT % $people AS other
    FROM pairs
), turned AS (
    SELECT *, CASE WHEN met <> source THEN other ELSE one END AS about, CASE WHEN met <> source THEN one ELSE other END AS by_whom
    FROM people
)
SELECT
    about AS subject,
    CASE WHEN place BETWEEN 70 AND 79 OR chance_of_self % 20 = 0 THEN about ELSE by_whom END AS actor,
    CASE
        WHEN place < 25 THEN 'like'
        WHEN place < 40 THEN 'view'
        WHEN place < 52 THEN 'reply'
        WHEN place < 62 THEN 'share'
        WHEN place < 70 THEN 'follow'
        WHEN place < 80 THEN 'post'
        WHEN place < 90 THEN 'endorse'
        WHEN place < 95 THEN 'mention'
        WHEN place < 99 THEN 'bookmark'
        ELSE 'report'
    END AS kind,
    (TIMESTAMP '2026-01-01' + to_microseconds((source::HUGEINT * 15552000000000 // $rows)::BIGINT))::TIMESTAMPTZ AS "at",
    (topic_drawn % 500)::INTEGER AS topic,
    ((value_drawn % 100000) / 100.0)::DECIMAL(9, 2) AS value
FROM turned
ORDER BY i
