"""Takes rows, read or as texts; gives Parquet files of them, typed as a program would write them or as texts alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from generators.rulebooks import Case
from ledgers.in_duckdb import typed

from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.pauses import PAUSE_FIELDS
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.rules.rulebook import Field


def typed_file(path: Path, fields: Sequence[Field], rows: Sequence[Row]) -> Path:
    """Write rows that have been read, each column of the type of its field."""
    with duckdb.connect() as connection:
        select = typed(connection, "rows", fields, rows)
        columns = ", ".join(f"{_moment(field)} AS {quote_name(field.column)}" for field in fields)
        connection.execute(f"COPY (SELECT {columns} FROM ({select})) TO {quote_text(str(path))} (FORMAT parquet)")  # noqa: S608  a query of the test's own
    return path


def text_file(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Path:
    """Write rows of texts."""
    with duckdb.connect() as connection:
        names = ", ".join(f"{quote_name(column)} VARCHAR" for column in columns)
        connection.execute(f"CREATE TABLE rows ({names})")
        if rows:
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO rows VALUES ({marks})", [list(row) for row in rows])  # noqa: S608  a query of the test's own
        connection.execute(f"COPY rows TO {quote_text(str(path))} (FORMAT parquet)")
    return path


def subjects_file(folder: Path, case: Case) -> Path | None:
    """Write a case's subjects; None where it declares none."""
    if case.subjects is None:
        return None
    return typed_file(folder / "subjects.parquet", subject_fields(case.rulebook), case.read_subjects.rows)


def pauses_file(folder: Path, case: Case) -> Path | None:
    """Write a case's pauses; None where there are none."""
    if not case.pauses:
        return None
    rows = [(each.subject, each.first, each.last) for each in case.pauses]
    return typed_file(folder / "pauses.parquet", PAUSE_FIELDS, rows)


def records_file(folder: Path, case: Case) -> Path:
    """Write a case's records that could be read."""
    return typed_file(folder / "records.parquet", record_fields(case.rulebook), case.read_records.rows)


def _moment(field: Field) -> str:
    """Return a column; a time is written as a moment, for one without a zone says nothing."""
    name = quote_name(field.name)
    return f"CAST({name} AS TIMESTAMPTZ)" if type(field.type).__name__ == "TimeType" else name
