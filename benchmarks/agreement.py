"""Takes what a query by hand and the engine wrote; gives a digest of each, equal where every total and line is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
from benchmarks.once import quoted

_MISSING = "'~'"


def digest_of_hand(written: Path, lines: tuple[str, ...]) -> str:
    """Return the digest of the totals and lines that the query by hand wrote."""
    names = (f'"{name}"' for name in ("total", *lines))
    cells = ", ".join(f"coalesce(CAST({name} AS DECIMAL(38, 9))::VARCHAR, {_MISSING})" for name in names)
    line = f"concat_ws(' ', CAST(subject AS VARCHAR), {cells})"
    return _digest(f"SELECT {line} AS line FROM {quoted(written)}")  # noqa: S608  names and a path of ours


def digest_of_run(run: Path, lines: tuple[str, ...]) -> str:
    """Return the digest of the scores and lines in a run's folder."""
    points = (f'"{name}: points"' for name in lines)
    cells = ", ".join(f"coalesce(CAST({each} AS DECIMAL(38, 9))::VARCHAR, {_MISSING})" for each in ("score", *points))
    both = f"{quoted(run / 'scores.parquet')} LEFT JOIN {quoted(run / 'lines.parquet')} USING (subject)"
    return _digest(f"SELECT concat_ws(' ', subject, {cells}) AS line FROM {both}")  # noqa: S608  names and paths of ours


def _digest(query: str) -> str:
    with duckdb.connect() as connection:
        lines = connection.execute(f"SELECT line FROM ({query}) ORDER BY line").fetchall()  # noqa: S608  from here
    digest = hashlib.sha256()
    for (line,) in lines:
        digest.update(f"{line}\n".encode())
    return f"{digest.hexdigest()} of {len(lines):,} people"
