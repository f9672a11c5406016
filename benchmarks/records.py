"""Takes a number of rows; gives the Parquet file of the reference job's records, made once."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
from benchmarks.once import HERE, quoted

ROWS_A_PERSON = 100
MEMORY = "4GB"
"""So much is held in memory while records are made; the rest waits on the disk."""


def records_file(rows: int, folder: Path) -> Path:
    """Return the file of so many records in a folder, made if it is not there."""
    path = folder / f"records-{rows}.parquet"
    numbers = {"$rows": str(rows), "$people": str(max(1, rows // ROWS_A_PERSON))}
    query = (HERE / "records.sql").read_text(encoding="utf-8")
    for name, number in numbers.items():
        query = query.replace(name, number)
    return made_once(path, query)


def made_once(path: Path, query: str, options: str = "FORMAT parquet") -> Path:
    """Return a file, written from what a query gives if it is not there; never half written."""
    if path.exists():
        return path
    print(f"making {path.name}", file=sys.stderr)
    path.parent.mkdir(parents=True, exist_ok=True)
    partly = path.with_suffix(".partly")
    with tempfile.TemporaryDirectory(dir=path.parent) as spilled, duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET memory_limit = {quoted(MEMORY)}")
        connection.execute(f"SET temp_directory = {quoted(spilled)}")
        connection.execute(f"COPY ({query}) TO {quoted(partly)} ({options})")
    partly.rename(path)
    return path
