"""Takes files of corrections and the records read; gives every correction with what it changes, or refuses them all.

A correction is somebody's deliberate act: unlike a row of records, one that does not fit is not rejected and counted,
it ends the run before anything is scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.corrections import (
    NOW_MISSING,
    QUOTED_DASH,
    Action,
    correction_fields,
    id_field,
    value_columns,
)
from tallystick.engine.intake import reasons
from tallystick.engine.intake.additional import take_in_fixed
from tallystick.engine.intake.batch import Column, insert_batch
from tallystick.engine.intake.earlier import Earlier
from tallystick.engine.intake.faults import Faults
from tallystick.engine.intake.reading import Rejected, as_scalar, read_cell, written
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.sources import Inputs
from tallystick.engine.intake.table import BATCH, Progress
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.voided import as_read
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import OneOfType, Scalar, TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tallystick.engine.elsewhere.part import Elsewhere

CORRECTIONS = "corrections made"
"""The table of corrections that fit: ``#row`` of the record struck out, ``#instead`` of the one in its place (missing
of a void), ``record``, ``action``, ``reason``, ``who``, ``when``, and the record's values ``before`` and ``after``
(missing of a void) as canonical texts in the order of the declared fields."""
SAID = 'record, action, reason, who, "when", before, after'
COLUMNS = f'"#row", "#instead", {SAID}'
KINDS = {
    "#row": "BIGINT",
    "#instead": "BIGINT",
    "record": "VARCHAR",
    "action": "VARCHAR",
    "reason": "VARCHAR",
    "who": "VARCHAR",
    "when": "DATE",
    "before": "VARCHAR[]",
    "after": "VARCHAR[]",
}


def take_in_corrections(
    workshop: Workshop,
    rulebook: Rulebook,
    records: TakenIn,
    given: Inputs,
    progress: Progress,
    earlier: Earlier | None = None,
    elsewhere: Elsewhere | None = None,
) -> tuple[TakenIn, TakenIn]:
    """Read corrections of the records read into the table ``CORRECTIONS``, with those taken in ``earlier``; return them
    and the records read: of those that lie ``elsewhere``, the ones that are corrected.

    Raises ``UsageRefusal`` where records cannot be named, ``DataRefusal`` where any correction does not fit.
    """
    key = id_field(rulebook)
    if key is None:
        message = "a correction names a record by its id, and the rulebook's records have none"
        raise UsageRefusal(message, help="declare `id` among the fields of `records`")
    fields = correction_fields(rulebook, key)
    taken = take_in_fixed(workshop, "corrections", fields, given, progress, closed=True, earlier=earlier)
    create_table(workshop.connection)
    if elsewhere is not None:
        ids = f"SELECT record FROM {quote_name('corrections read')}"
        select = elsewhere.named(workshop.connection, key, ids, "records corrected")
        records = replace(records, relation=replace(records.relation, select=select))
    _Fitting(workshop, rulebook, key, records, taken).fit()
    return taken, records


def create_table(connection: DuckDBPyConnection) -> None:
    """Make the table of corrections, empty."""
    columns = ", ".join(f"{quote_name(name)} {kind}" for name, kind in KINDS.items())
    connection.execute(f"CREATE TABLE {quote_name(CORRECTIONS)} ({columns})")


class _Asked(Struct, frozen=True):
    """A correction as it was read: where it stands, what it asks for, and the record that it names, if there is one."""

    file: int
    line: int
    place: int
    record: Scalar
    action: Action
    reason: str
    who: str
    when: object
    first: tuple[int, int] | None
    row: int | None
    new: tuple[str | None, ...]
    old: tuple[Scalar | None, ...]


class _Made(Struct, frozen=True):
    """The record's values with a correction's in place, and what is wrong with it."""

    values: tuple[Scalar | None, ...]
    wrong: tuple[str, ...]


class _Fitting(Struct, frozen=True):
    """The work of holding corrections against the records that they name."""

    workshop: Workshop
    rulebook: Rulebook
    key: Field
    records: TakenIn
    taken: TakenIn

    def fit(self) -> None:
        faults = Faults("corrections", self.taken, self.workshop)
        made: list[tuple[object, ...]] = []
        for asked in self._asked():
            result = self._made(asked)
            for words in result.wrong:
                faults.add(asked.file, asked.line, words)
            if not result.wrong:
                made.append(self._row(asked, result.values))
            if len(made) >= BATCH:
                self._insert(made)
                made.clear()
        self._insert(made)
        faults.refuse("write each so that it fits: they are all made, or none is")

    def _asked(self) -> Iterator[_Asked]:
        """Give the corrections in the order of their files, each with the record of its id."""
        fields = self.records.relation.fields
        key, text = quote_name(self.key.name), isinstance(self.key.type, TextType)
        same = f"CAST(c.record AS VARCHAR) = CAST(r.{key} AS VARCHAR)" if text else f"c.record = r.{key}"
        new = ", ".join(f"CAST(c.{quote_name(name)} AS VARCHAR)" for name, _ in value_columns(self.rulebook))
        old = ", ".join(f"r.{quote_name(field.name)}" for field in fields)
        read = ", ".join(as_read(field) for field in fields)
        record = "CAST(c.record AS VARCHAR)" if text else "c.record"
        cursor = self.workshop.connection.cursor().execute(
            f'SELECT c."#file", c."#line", c."#row", {record}, c.action, CAST(c.reason AS VARCHAR), '
            f'CAST(c.who AS VARCHAR), c."when", CASE WHEN c.nth > 1 THEN c.first END, r."#row", {new}, {old} '
            f'FROM (SELECT *, row_number() OVER same AS nth, first_value(("#file", "#line")) OVER same AS first '
            f'FROM {quote_name("corrections read")} WINDOW same AS (PARTITION BY record ORDER BY "#row")) AS c '
            f'LEFT JOIN (SELECT "#row", {read} FROM ({self.records.relation.select})) AS r ON {same} ORDER BY c."#row"'
        )
        while rows := cursor.fetchmany(BATCH):
            for row in rows:
                head, cells = row[:10], row[10:]
                file, line, place, record_, action, reason, who, when, first, number = head
                old_values = tuple(map(as_scalar, cells[len(fields) :]))
                yield _Asked(
                    file,
                    line,
                    place,
                    record_,
                    action,
                    reason,
                    who,
                    when,
                    first,
                    number,
                    tuple(cells[: len(fields)]),
                    old_values,
                )

    def _made(self, asked: _Asked) -> _Made:
        name = f"record `{written(asked.record)}`"
        if asked.row is None:
            why = f"{name}: no record that was read has this id; write the id as the records have it"
            return _Made((), (why,))
        if asked.first is not None:
            file, line = asked.first
            why = f"{name} is corrected already, at `{self.taken.files[file].name}`:{line}; correct a record once"
            return _Made((), (why,))
        given = [column for (column, _), text in zip(self._columns, asked.new, strict=True) if text]
        if asked.action == "void":
            words = f"{name}: a void takes no new values, and `{', '.join(given)}` has one; empty it, or say `replace`"
            return _Made(asked.old, (words,) if given else ())
        values: list[Scalar | None] = []
        wrong: list[str] = []
        for (column, field), text, old in zip(self._columns, asked.new, asked.old, strict=True):
            value = self._value(field, text, old)
            if isinstance(value, Rejected):
                shown = f" `{text[:40]}`" if text else ""
                wrong.append(f"{name}: `{column}`{shown}: {value.reason}; write a value that fits")
            elif field.name == self.key.name and value != old:
                wrong.append(f"{name}: a record keeps its id; void it, and add another record")
            values.append(old if isinstance(value, Rejected) else value)
        if not wrong and tuple(values) == asked.old:
            wrong.append(f"{name}: it changes nothing; give the field that is wrong its new value, or say `void`")
        return _Made(tuple(values), tuple(wrong))

    @property
    def _columns(self) -> tuple[tuple[str, Field], ...]:
        return value_columns(self.rulebook)

    def _value(self, field: Field, text: str | None, old: Scalar | None) -> Scalar | Rejected | None:
        """Return what a field is to be: as it was, missing, or what the text means."""
        if not text:
            return old
        value = read_cell(field, None if text == NOW_MISSING else NOW_MISSING if text == QUOTED_DASH else text)
        match field.type:
            # A kind that is not listed is read in records, where it may be one for others; here it is a slip.
            case OneOfType(values=values) as type_ if isinstance(value, str) and values and value not in values:
                return Rejected(field.name, reasons.not_one_of(type_), text)
            case _:
                return value

    def _row(self, asked: _Asked, values: tuple[Scalar | None, ...]) -> tuple[object, ...]:
        voided = asked.action == "void"
        return (
            asked.row,
            None if voided else self.records.rows + asked.place,
            written(asked.record),
            asked.action,
            asked.reason,
            asked.who,
            asked.when,
            [written(value) for value in asked.old],
            None if voided else [written(value) for value in values],
        )

    def _insert(self, rows: list[tuple[object, ...]]) -> None:
        """Add corrections to the table, all at once: one after another takes a thousand times as long."""
        if not rows:
            return
        columns, select = dict[str, Column](), list[str]()
        for place, (name, kind) in enumerate(KINDS.items()):
            cells = [row[place] for row in rows]
            if kind != "VARCHAR[]":
                columns[f"c{place}"] = ("object", [None if cell is None else str(cell) for cell in cells])
                select.append(f"CAST(c{place} AS {kind})")
                continue
            size = len(self.records.relation.fields)
            for index in range(size):
                values = [cell[index] if isinstance(cell, list) else None for cell in cells]
                columns[f"c{place}x{index}"] = ("object", values)
            listed = ", ".join(f"CAST(c{place}x{index} AS VARCHAR)" for index in range(size))
            absent = " WHEN c1 IS NULL THEN NULL" if name == "after" else " WHEN false THEN NULL"
            select.append(f"CASE{absent} ELSE [{listed}] END")
        insert_batch(self.workshop.connection, CORRECTIONS, columns, select)
