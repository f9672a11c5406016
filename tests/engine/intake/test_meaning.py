"""Whatever stands in cells: the SQL intake accepts the rows, and gives the reasons, that the plain reading does."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.intake.reading import Read, read_rows
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType

Cells = tuple[str, ...]
HOSTILE = (
    *("", " ", "-", "NULL", "null", "{ahead}", "'; drop table x; --", '"', ",", "a\nb", "a\r\nb", "\r", 'a"b', "\x1f"),
    *("a\0b", "\u2028", "é", "😀", "x" * 10_000, "x" * 10_001, "😀" * 10_000, "a ", " a", "A", "c", "q'uote"),
    *("0", "-0", "+1", "1.", ".5", ".", "1e3", "1E-05", "1e-7", "1e999999999", "-1e-999999999", "0e99", "00012"),
    *("1_000", "\uff11", "\u0661", "1.50", "1.500", "2.250", "2.26", "-1.5", "-1.51", "100", "101", "1000000000000"),
    *("1000000000000.1", "1000000000000.000001", "0.000001", "0.0000001", "nan", "inf", "Infinity", "1e24", "1" * 30),
    *("yes", "YES", "yEs", "no", "true", "FALSE", "Ye\u017f", "y"),
    *("2020-02-29", "2021-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2020-1-1", "2020-01-01 ", "20200101"),
    *("2020-01-01T00:00:00Z", "2020-01-01 00:00:00Z", "2020-01-01T00:00Z", "2020-01-01T00:00:00", "2020-W01-1"),
    *("2020-01-01T24:00:00Z", "2020-01-01T23:59:60Z", "2020-01-01T00:00:00.123456Z", "2020-01-01T00:00:00.1234567Z"),
    *("2020-01-01T00:00:00.Z", "2020-01-01T00:00:00+02:00", "2020-01-01T00:00:00-23:59", "2020-01-01T00:00:00+24:00"),
    *("2020-01-01T00:00:00+0200", "2020-01-01t00:00:00z", "2020-01-01T00:00:0\uff11Z", "0001-01-01T00:00:00Z"),
    *("0001-01-02T00:00:00Z", "9999-12-31T00:00:00Z", "9999-12-30T23:59:59.999999Z", "1900-01-01T00:00:00+23:59"),
    *("2199-12-31T23:59:59-23:59", "2020-03-29T02:30:00", "2020-03-29T01:59:59.999999", "2020-03-29T03:00:00"),
    *("2020-10-25T02:30:00", "2020-10-25T02:00:00", "2020-10-25T03:00:00", "1893-04-01T00:03:00", "1900-01-01T00:00"),
)
"""Cells that look like a value, or are one written in an uncommon way, or try to be more than a value."""
TYPES: dict[str, tuple[Type, Cells]] = {
    "id": (TextType(), tuple("0123456789")),
    "subject": (TextType(), ("ada", "bob")),
    "kind": (OneOfType(("a", "b")), ("a", "b", "unlisted")),
    "at": (TimeType(), ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5+01:00")),
    "local": (TimeType("Europe/Berlin"), ("2020-06-01T12:00:00", "2020-01-01 00:00:00", "2020-01-01T00:00:00Z")),
    "day": (DateType(), ("2020-01-01", "1969-12-31")),
    "agreed": (YesNoType(), ("yes", "no", "True")),
    "colour": (OneOfType(("red", "q'uote")), ("red", "q'uote")),
    "number": (NumberType(Decimal(-(10**12)), Decimal(10**12), 6), ("1", "1.5", "1e2", "-3.25")),
    "whole": (NumberType(Decimal(0), Decimal(100), 0), ("5", "1e1", "07")),
    "small": (NumberType(Decimal("-1.5"), Decimal("2.25"), 2), ("1.5", "2", "1e0")),
    "great": (NumberType(Decimal(-(10**24)), Decimal(10**24), 9), ("1", "1e20", "0.000000001")),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[tuple[Field, ...], list[list[str]]]:
    """Make up fields and rows of cells, most of them right, some hostile, some rows twice."""
    names = ["subject", *draw(st.lists(st.sampled_from([n for n in TYPES if n != "subject"]), unique=True))]
    fields = tuple(Field(name, name, TYPES[name][0], draw(st.booleans()), None) for name in names)
    right = st.tuples(*(st.sampled_from(TYPES[name][1]) for name in names)).map(list)
    rows = draw(st.lists(right, max_size=12))
    rows += [list(row) for row in rows[: draw(st.integers(0, 3))]]
    if rows:
        for _ in range(draw(st.integers(0, 8))):
            draw(st.sampled_from(rows))[draw(st.integers(0, len(names) - 1))] = draw(st.sampled_from(HOSTILE))
    return fields, rows


def plain(expected: Read) -> tuple[list[tuple[object, ...]], list[tuple[int, str, str]]]:
    """Return what the plain reading says in the form of the intake's answer."""
    return list(expected.rows), [(each.index, each.because.field, each.because.reason) for each in expected.rejected]


def written(fields: tuple[Field, ...], rows: list[list[str]], path: Path, **how: object) -> Path:
    """Write a CSV file as Python's own writer does."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, **how)  # type: ignore[arg-type]
        writer.writerow([field.name for field in fields])
        writer.writerows(rows)
    return path


@given(tables(), st.sampled_from(["\r\n", "\n"]))
@settings(max_examples=settings().max_examples // 5)
def test_csv_means_what_the_plain_reading_says(
    reading: Callable[..., object], table: tuple[tuple[Field, ...], list[list[str]]], ending: str
) -> None:
    """The same rows are accepted with the same values, and the same rejected for the same reasons, from CSV."""
    fields, rows = table
    expected = plain(read_rows(fields, [field.name for field in fields], rows, "id"))
    with TemporaryDirectory() as folder:
        path = written(fields, rows, Path(folder) / "r.csv", lineterminator=ending, quoting=csv.QUOTE_ALL)
        found = reading(path, fields)
    assert found.rows == expected[0]
    assert [(row.field, row.reason) for row in found.rejected] == [each[1:] for each in expected[1]]


@given(tables())
@settings(max_examples=settings().max_examples // 5)
def test_json_means_what_the_plain_reading_says(
    reading: Callable[..., object], table: tuple[tuple[Field, ...], list[list[str]]]
) -> None:
    """The same holds for JSON Lines, and the line of a rejected row is its own."""
    fields, rows = table
    expected = plain(read_rows(fields, [field.name for field in fields], rows, "id"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.jsonl"
        names = [field.name for field in fields]
        path.write_text("".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows))
        found = reading(path, fields)
    assert found.rows == expected[0]
    assert found.reasons == [(index + 1, field, reason) for index, field, reason in expected[1]]


@given(tables())
@settings(max_examples=settings().max_examples // 10)
def test_frames_of_text_mean_what_the_plain_reading_says(
    reading: Callable[..., object], table: tuple[tuple[Field, ...], list[list[str]]]
) -> None:
    """The same holds for text columns of Parquet, Arrow, pandas and polars; the line is the number of the row."""
    fields, rows = table
    expected = plain(read_rows(fields, [field.name for field in fields], rows, "id"))
    reasons = [(index + 1, field, reason) for index, field, reason in expected[1]]
    columns = {field.name: [row[place] for row in rows] for place, field in enumerate(fields)}
    arrow = pa.table(columns, schema=pa.schema([(field.name, pa.string()) for field in fields]))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.parquet"
        pq.write_table(arrow, path)
        given_as = (
            path,
            arrow,
            pd.DataFrame(columns, dtype=object),
            pl.DataFrame(columns, schema={field.name: pl.String for field in fields}),
        )
        for each in given_as:
            found = reading(each, fields)
            assert found.rows == expected[0]
            assert found.reasons == reasons
