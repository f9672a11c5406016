"""Takes a number of rows; gives the Parquet file of the reference job's records, made once."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
ROWS_A_PERSON = 100


def records_file(rows: int, folder: Path) -> Path:
    """Return the file of so many records in a folder, made if it is not there."""
    path = folder / f"records-{rows}.parquet"
    if path.exists():
        return path
    print(f"making {rows:,} records", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {"$rows": str(rows), "$people": str(max(1, rows // ROWS_A_PERSON))}
    query = (HERE / "records.sql").read_text()
    for name, number in numbers.items():
        query = query.replace(name, number)
    partly = path.with_suffix(".partly")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"COPY ({query}) TO '{str(partly).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    partly.rename(path)
    return path
