"""Takes what the query by hand and the engine wrote; gives a digest of each, equal where every total and line is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
from benchmarks.once import quoted

LINES = ("shared", "answered", "liked", "followed", "posting", "praised", "discussed", "reported")
_MISSING = "'~'"


def digest_of_hand(written: Path) -> str:
    """Return the digest of the totals and lines that the query by hand wrote."""
    cells = ", ".join(f"coalesce(CAST({name} AS DECIMAL(38, 9))::VARCHAR, {_MISSING})" for name in ("total", *LINES))
    line = f"concat_ws(' ', CAST(subject AS VARCHAR), {cells})"
    return _digest(f"SELECT {line} AS line FROM {quoted(written)}")  # noqa: S608  names and a path of ours


def digest_of_run(run: Path) -> str:
    """Return the digest of the scores and lines in a run's folder."""
    lines = ", ".join(f"coalesce((any_value(points) FILTER (rule = '{name}'))::VARCHAR, {_MISSING})" for name in LINES)
    scores, of_rules = quoted(run / "scores.parquet"), quoted(run / "lines.parquet")
    line = f"concat_ws(' ', subject, any_value(score)::VARCHAR, {lines})"
    both = f"{scores} AS scores LEFT JOIN {of_rules} AS lines USING (subject)"
    return _digest(f"SELECT {line} AS line FROM {both} GROUP BY subject")  # noqa: S608  names and paths of ours


def _digest(query: str) -> str:
    with duckdb.connect() as connection:
        lines = connection.execute(f"SELECT line FROM ({query}) ORDER BY line").fetchall()  # noqa: S608  from here
    digest = hashlib.sha256()
    for (line,) in lines:
        digest.update(f"{line}\n".encode())
    return f"{digest.hexdigest()} of {len(lines):,} people"
