"""Takes records that somebody imagines, as files or as a line of text; gives them read as a rulebook reads records."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.reading import Rejected, Row, as_scalar, read_cell, record_fields, written
from tallystick.engine.intake.rows import TakenIn, rejected_rows
from tallystick.engine.intake.taking import find_inputs, take_in_given
from tallystick.engine.query.sql import quote_name
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import RejectedRow, RunRows
from tallystick.engine.what_if.actions import made_up_id, moment_on
from tallystick.engine.what_if.neighbourhood import as_declared
from tallystick.engine.workshop import open_workshop
from tallystick.rules.questions.by import values_of
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import Scalar

MOST_IMAGINED = 10_000
"""No more records than this are imagined at once."""
_MOST_NAMED = 5


def imagined_from(rulebook: Rulebook, given: Sequence[str], mapping: str | Path | Mapping | None) -> tuple[Row, ...]:
    """Read files of imagined records, in any format of records. Raises ``DataRefusal`` when a row cannot be read."""
    alone = rulebook if rulebook.subjects is None else _without_subjects(rulebook)
    inputs = find_inputs(alone, list(given), None, mapping)
    workshop = open_workshop(reads=inputs.parquet)
    try:
        taken = take_in_given(workshop, alone, inputs, Decimal(1), lambda _doing, _rows: None).records
        assert taken is not None  # noqa: S101  records were given
        if taken.rejected > 0:
            raise _refused([f"{each.file}:{each.line}: {_why(alone, each)}" for each in rejected_rows(workshop, taken)])
        return _rows(workshop.connection.execute(_query(rulebook, taken)).fetchall())
    finally:
        workshop.close()


def imagined_record(rulebook: Rulebook, text: str, *, subject: str, as_of: date, number: int) -> Row:
    """Read one imagined record, written as ``kind=share actor=zoe``; a value with blanks stands in quotes.

    What is left out is the person, noon of the as-of day in the rulebook's time zone, and an id that says that it is
    imagined, and the one value where the score is by a field; another field is missing. Raises ``UsageRefusal`` where
    the text is no such record.
    """
    fields = record_fields(rulebook)
    cells = _cells(fields, text)
    moment = next((written(moment_on(each, as_of, rulebook.time_zone)) for each in fields if each.name == "at"), None)
    by = {} if rulebook.score.by is None else dict.fromkeys([rulebook.score.by], values_of(rulebook)[0])
    usual = by | {"subject": subject, "at": moment}
    row: list[Scalar | None] = []
    for field in fields:
        if field.name == "id" and "id" not in cells:
            row.append(made_up_id(field, number))
            continue
        value = read_cell(field, cells.get(field.name, usual.get(field.name)))
        if isinstance(value, Rejected):
            other = _of_another_value(rulebook, field.name, value.value)
            shown = "is missing" if value.value is None else f"`{value.value}` is {value.reason}"
            message = f"the imagined record `{text}` cannot be read: {other or f'`{field.name}` {shown}'}"
            raise UsageRefusal(message, help=f"a record has {', '.join(f'`{each.name}`' for each in fields)}")
        row.append(value)
    return tuple(row)


def gives_id(rulebook: Rulebook, text: str) -> bool:
    """Tell whether a text of one imagined record says its id; else that is made up."""
    return "id" in _cells(record_fields(rulebook), text)


def refuse_taken_ids(rows: RunRows, rulebook: Rulebook, imagined: tuple[Row, ...]) -> None:
    """Raise ``DataRefusal`` where an imagined record has the id of another, imagined or of the run."""
    place = next((place for place, field in enumerate(record_fields(rulebook)) if field.name == "id"), None)
    if place is None or not imagined:
        return
    ids = [written(row[place]) for row in imagined if row[place] is not None]
    twice = sorted({each for each in ids if each is not None and ids.count(each) > 1})
    if rows.records is not None and not twice:
        column = as_declared(record_fields(rulebook)[place])
        found = rows.connection.execute(
            f"SELECT {column} FROM ({rows.records}) WHERE {quote_name('id')} IS NOT NULL"
        ).fetchall()
        there = {written(as_scalar(each)) for (each,) in found}
        twice = sorted(each for each in ids if each in there and each is not None)
    if twice:
        message = f"an imagined record has the id `{twice[0]}`, which another record has"
        raise DataRefusal(message, help="give it an id of its own")


def _without_subjects(rulebook: Rulebook) -> Rulebook:
    return replace(rulebook, subjects=None)


def _query(rulebook: Rulebook, taken: TakenIn) -> str:
    columns = ", ".join(as_declared(field) for field in record_fields(rulebook))
    return f'SELECT {columns} FROM ({taken.relation.select}) ORDER BY "#row" LIMIT {MOST_IMAGINED + 1}'


def _rows(found: list[tuple[object, ...]]) -> tuple[Row, ...]:
    if len(found) > MOST_IMAGINED:
        message = f"more than {MOST_IMAGINED:,} records are imagined"
        raise DataRefusal(message, help="score them with `tally score`")
    return tuple(tuple(as_scalar(value) for value in row) for row in found)


def _why(rulebook: Rulebook, rejected: RejectedRow) -> str:
    where = f"`{rejected.field}`: " if rejected.field else ""
    why = f"{where}{rejected.reason}" + (f": `{rejected.value[:40]}`" if rejected.value else "")
    return _of_another_value(rulebook, rejected.field, rejected.value) or why


def _of_another_value(rulebook: Rulebook, field: str, value: str | None) -> str | None:
    """Say so where a record is not of the one value that a score by a field is asked for."""
    if field != rulebook.score.by or not value:
        return None
    return f"its `{field}` is `{value[:40]}`, and this is the score of `{values_of(rulebook)[0]}` alone"


def _refused(places: list[str]) -> DataRefusal:
    rows = f"{len(places)} imagined records" if len(places) > 1 else "an imagined record"
    more = (f"and {len(places) - _MOST_NAMED} more",) if len(places) > _MOST_NAMED else ()
    return DataRefusal(f"{rows} cannot be read", notes=(*places[:_MOST_NAMED], *more), help="repair the file")


def _cells(fields: tuple[Field, ...], text: str) -> dict[str, str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        message = f"the imagined record `{text}` has a quote that does not end"
        raise UsageRefusal(message) from error
    names = {field.name for field in fields}
    cells: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in names or name in cells:
            what = "stands twice in" if name in cells else "is no field of a record in"
            message = f"`{name}` {what} the imagined record `{text}`"
            raise UsageRefusal(message, help="write FIELD=VALUE for each field, such as `kind=share actor=zoe`")
        cells[name] = value
    return cells
