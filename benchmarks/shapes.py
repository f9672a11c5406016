"""Takes a number of rows and a folder; gives jobs of other shapes: few rules and many, text identifiers, one person
with a twentieth of all records, CSV, JSON Lines. Each has a query by hand for the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.once import Job, quoted
from benchmarks.race import LINES
from benchmarks.records import made_once, records_file

PLAIN = "the reference job"
HOW_MANY_RULES = (1, 8, 40, 200)
KINDS = ("share", "reply", "like", "follow", "post", "endorse", "report", "view", "bookmark", "mention")
_FIRST_WINDOW, _STEP = 8, 8
"""The days of the first window, and by how many each next one is longer, when the kinds are used up."""
_HEAD = """rulebook "{count} rules" version 1.0.0
    owner    "Tallystick"
    purpose  "Measure how fast the engine is."
    measures "How far other people act on what somebody does."
    not for  "anything else"

records
    subject text
    actor   text
    kind    one of {kinds}
    at      time

exclude own_action "what people do to themselves"
    when actor = subject and kind != post
    because "Nobody can vouch for themselves."
"""
_RULE = """
measure {name} "{kind}" / "{kind}s"
    count {kind}
    within {days} days

rule {name} "Counts {name}"
    points {name} * 0.05
    at most 10
    because "It is counted."
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """A job, and the names of its lines."""

    name: str
    job: Job
    lines: tuple[str, ...] = LINES


def shapes(rows: int, folder: Path, threads: int) -> Iterator[Shape]:
    """Give the reference job, and then every other shape of it."""
    records = records_file(rows, folder)
    yield Shape(PLAIN, Job(records, threads=threads))
    for count in HOW_MANY_RULES:
        yield _with_rules(count, records, folder / "shapes", threads)
    for name, file, query, options in _shaped(records):
        stem, ending = file.split(".")
        path = made_once(folder / "shapes" / f"{stem}-{rows}.{ending}", query, options)
        yield Shape(name, Job(path, threads=threads))


def _shaped(records: Path) -> Iterator[tuple[str, str, str, str]]:
    """Give a name, a file, a query for what is in it, and its format for each shape of the records."""
    read = f"read_parquet({quoted(records)})"
    texts = "'person number ' || subject AS subject, 'person number ' || actor AS actor, 'topic ' || topic AS topic"
    query = f"SELECT * REPLACE ({texts}) FROM {read}"  # noqa: S608  names and a path of ours
    yield "text identifiers", "texts.parquet", query, "FORMAT parquet"
    one = "CASE WHEN file_row_number % 20 = 0 THEN 0 ELSE subject END AS subject"
    numbered = f"read_parquet({quoted(records)}, file_row_number = true)"
    query = f"SELECT * EXCLUDE (file_row_number) REPLACE ({one}) FROM {numbered}"  # noqa: S608  see above
    yield "one person with 5 % of all records", "one-large.parquet", query, "FORMAT parquet"
    moment = 'strftime("at", \'%Y-%m-%dT%H:%M:%S.%fZ\') AS "at"'
    query = f"SELECT * REPLACE ({moment}) FROM {read}"  # noqa: S608  see above
    yield "CSV", "plain.csv", query, "FORMAT csv, HEADER"
    yield "JSON Lines", "plain.jsonl", query, "FORMAT json"


def _with_rules(count: int, records: Path, folder: Path, threads: int) -> Shape:
    """Write a rulebook of so many rules, each of a count in a window of its own, and the query for the same."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = [
        (f"r{number}", KINDS[number % len(KINDS)], _FIRST_WINDOW + _STEP * (number // len(KINDS)))
        for number in range(count)
    ]
    rulebook, query = folder / f"rules-{count}.tally", folder / f"rules-{count}.sql"
    blocks = [_RULE.format(name=name, kind=kind, days=days) for name, kind, days in rules]
    score = '\nscore "Activity"\n    sum of all rules\n    rounded to 2 places\n'
    text = _HEAD.format(count=count, kinds=", ".join(KINDS)) + "".join(blocks) + score
    rulebook.write_text(text, encoding="utf-8")
    query.write_text(_by_hand(rules), encoding="utf-8")
    job = Job(records, rulebook=rulebook, by_hand=query, threads=threads)
    return Shape(f"{count} rule{'s' if count > 1 else ''}", job, tuple(name for name, _, _ in rules))


def _by_hand(rules: list[tuple[str, str, int]]) -> str:
    """Write the query for rules that count: one scan, and a count for each of what meets its condition. A ``FILTER``
    in its place takes four times as long for 200 of them."""
    kinds = ", ".join(quoted(kind) for kind in KINDS)
    counts = ",\n        ".join(
        f"least(10, count(CASE WHEN kind = {quoted(kind)} AND age < {days} THEN 1 END) * 0.05) AS {name}"
        for name, kind, days in rules
    )
    names = [name for name, _, _ in rules]
    return f"""-- Each person's total and lines for so many counts: one scan, kinds as ENUM, a count for each.
WITH moves AS (  -- what people do to themselves has no kind, but for posts
    SELECT
        subject,
        (20633 - epoch_us("at") // 86400000000)::INTEGER AS age,
        CASE WHEN actor = subject AND kind <> 'post' THEN NULL ELSE kind END AS kind
    FROM (
        SELECT * REPLACE (kind::ENUM ({kinds}) AS kind)
        FROM read_parquet($records)
    )
), lines AS (
    SELECT
        subject,
        {counts}
    FROM moves
    GROUP BY subject
)
SELECT subject, {" + ".join(names)} AS total, {", ".join(names)}
FROM lines
"""  # noqa: S608  names of ours
