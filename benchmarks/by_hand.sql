-- The reference job as somebody would write it who has an afternoon for it: the fastest query that we know.
-- It gives each person's total and eight lines, to the last digit what benchmarks/reference_job.tally gives as of 2026-06-29.
--
-- What made it fast: one scan that every rule reads; kinds as ENUM, so that no text is compared twice; different values counted by
-- grouping twice, which counts their records, too; the weekly limit from counts per day, with a running sum in place of numbered rows; whole numbers wherever sums are made;
-- a weight in billionths for each day of age; logarithm and root once for each person. The last day is the 20,633rd since 1970.
WITH moves AS (  -- what people do to themselves has no kind, but for posts; a person whom only such records name still has a row
    SELECT
        subject,
        actor,
        topic,
        "at",
        (20633 - epoch_us("at") // 86400000000)::INTEGER AS age,
        CASE WHEN actor = subject AND kind <> 'post' THEN NULL ELSE kind END AS kind
    FROM (
        SELECT * REPLACE (TRY_CAST(kind AS ENUM ('share', 'reply', 'like', 'follow', 'post', 'endorse', 'report')) AS kind)
        FROM read_parquet($records)
    )
), plain AS (
    SELECT
        subject,
        count(*) FILTER (kind = 'like') AS likes,
        count(*) FILTER (kind = 'report') AS reports
    FROM moves
    GROUP BY subject
), weights AS (
    SELECT age::INTEGER AS age, round(1e9 * pow(2, -age / 30.0))::BIGINT AS weight FROM range(90) AS ages (age)
), share_days AS (
    SELECT subject, actor, age, count(*) AS n FROM moves WHERE kind = 'share' AND age < 90 GROUP BY ALL
), share_weeks AS (  -- the first day of 1970 was a Thursday, and a week begins on Monday
    SELECT subject, age, n, sum(n) OVER (PARTITION BY subject, actor, (20633 - age + 3) // 7 ORDER BY age) AS running
    FROM share_days
), shares AS (
    SELECT subject, sum((least(5, running) - least(5, running - n)) * weight)::BIGINT AS shares
    FROM share_weeks JOIN weights USING (age)
    GROUP BY subject
), repliers AS (
    SELECT subject, count(*) AS repliers, sum(n)::BIGINT AS replies
    FROM (SELECT subject, actor, count(*) AS n FROM moves WHERE kind = 'reply' GROUP BY ALL)
    GROUP BY subject
), followers AS (
    SELECT subject, count(*) AS followers
    FROM (SELECT subject, actor FROM moves WHERE kind = 'follow' GROUP BY ALL)
    GROUP BY subject
), own AS (
    SELECT subject, sum(least(10, n))::BIGINT AS own, sum(n)::BIGINT AS posts
    FROM (SELECT subject, count(*) AS n FROM moves WHERE kind = 'post' GROUP BY subject, age)
    GROUP BY subject
), words AS (
    SELECT subject, actor, topic, min("at") AS first FROM moves WHERE kind = 'endorse' GROUP BY ALL
), firsts AS (
    SELECT subject, actor, min(first) AS first FROM words GROUP BY ALL
), endorsed AS (  -- of an actor and topic the highest counts: whole if the first was given before any came back
    SELECT words.subject, sum(CASE WHEN firsts.first <= words.first THEN 1 ELSE 2 END)::BIGINT AS endorsed
    FROM words LEFT JOIN firsts ON firsts.subject = words.actor AND firsts.actor = words.subject
    GROUP BY words.subject
), lines AS (
    SELECT
        subject,
        round(40 * round(ln(1 + least(coalesce(shares, 0), 500000000000) / 1e9) / ln(501), 9)::DECIMAL(18, 9), 2) AS shared,
        round(20 * round(sqrt(least(coalesce(repliers, 0), 100) / 100.0), 9)::DECIMAL(18, 9), 2) AS answered,
        round(least(10, likes * 0.1), 2) AS liked,
        least(10, coalesce(followers, 0) * 0.02) AS followed,
        round(least(10, coalesce(own, 0) * 0.5), 2) AS posting,
        least(10, coalesce(endorsed, 0)) AS praised,
        CASE WHEN posts >= 5 THEN round(least(5, ((2 * coalesce(replies, 0) * 1000000000 + posts) // (2 * posts)) * 0.000000001), 2) END AS discussed,
        greatest(-10, -reports) AS reported
    FROM plain
    LEFT JOIN shares USING (subject)
    LEFT JOIN repliers USING (subject)
    LEFT JOIN followers USING (subject)
    LEFT JOIN own USING (subject)
    LEFT JOIN endorsed USING (subject)
)
SELECT
    subject,
    (shared + answered + liked + followed + posting + praised + coalesce(discussed, 0) + reported)::DECIMAL(18, 2) AS total,
    shared::DECIMAL(18, 2) AS shared,
    answered::DECIMAL(18, 2) AS answered,
    liked::DECIMAL(18, 2) AS liked,
    followed::DECIMAL(18, 2) AS followed,
    posting::DECIMAL(18, 2) AS posting,
    praised::DECIMAL(18, 2) AS praised,
    discussed::DECIMAL(18, 2) AS discussed,
    reported::DECIMAL(18, 2) AS reported
FROM lines
