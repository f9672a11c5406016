"""Takes nothing; gives records of every type, of which the digest of each day is the same wherever they lie."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tallystick.engine.query.sql import quote_name, quote_text

RULES = """rulebook "Digests" version 1.0.0
    owner "Us"
records
    id      text
    subject text
    kind    one of post, like
    at      time
    amount  number -1000000000000000000 to 1000000000000000000 with 9 places optional
    whole   whole number -1000000000000000000 to 1000000000000000000 optional
    ready   yes/no optional
    seen    date optional
    note    text optional
measure posts "post" / "posts"
    count post
rule posts "Posts"
    points posts
    because "They count."
score "Digests"
    sum of all rules
"""
NAMES = ("id", "subject", "kind", "at", "amount", "whole", "ready", "seen", "note")
KINDS = ("integer", "text", "text", "timestamptz", "decimal(38, 9)", "decimal(30, 0)", "boolean", "date", "text")
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "ada", "post", "2026-03-01 10:00:00Z", "1.5", "10", True, "2026-02-28", "plain"),
    (2, "ada", "like", "2026-03-01 23:59:59.999999Z", "100", "100", False, "0001-01-01", "Größe – \U0001d4b3"),
    (3, "bo", "post", "2026-03-02 00:00:00Z", "0.000000001", "0", None, None, None),
    (4, "bo", "post", "2026-03-02 00:00:00Z", "0", None, None, None, "two\nlines, a 'quote' and a \\"),
    (5, "bo", "rest", "2026-03-03 12:00:00.5Z", "-12345678901234567.000000010", "-1000", True, "2024-02-29", "3:ada"),
    (6, "bo", "post", "1999-12-31 12:00:00Z", None, "999999999999999999", True, "9999-12-31", " "),
)
"""The first two and the next two are of a day each."""


def records_file(to: Path, without: int | None = None) -> Path:
    """Write the records into a Parquet file, but for the one of an id."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    columns = ", ".join(f"{quote_name(name)} {kind}" for name, kind in zip(NAMES, KINDS, strict=True))
    connection.execute(f"CREATE TABLE given ({columns})")
    marks = ", ".join("?" * len(NAMES))
    connection.executemany(f"INSERT INTO given VALUES ({marks})", [row for row in ROWS if row[0] != without])  # noqa: S608  ours
    connection.execute(f"COPY given TO {quote_text(str(to))} (FORMAT parquet)")
    connection.close()
    return to
