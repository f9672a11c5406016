"""Takes the accepted records in a connection, and a person; gives the records behind the person's measures, each
with its effect.

The compiled steps, stopped before they aggregate, tell of every record what leaves it out and whether it is
returned, which takes looking at other people's records. Only the records that touch the person come out of them;
what a measure then does with each is worked out here, record by record, as the reference does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from tallystick.engine.evaluate import holds
from tallystick.engine.ledger import EvidenceRow
from tallystick.engine.reading import Row, record_fields, subject_fields
from tallystick.engine.reference import Person
from tallystick.engine.reference_measures import evidence_rows, measuring_of
from tallystick.engine.reference_records import Record, Records
from tallystick.engine.sql import quote_name
from tallystick.engine.sql_steps import SUBJECTS
from tallystick.rules.rulebook import Field, Rulebook, Scalar

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Ask = Callable[[str], Iterator[EvidenceRow]]


class PersonRecords(Records):
    """The records that touch a person, with what the query found out about them by looking at all others."""

    def __init__(
        self,
        rulebook: Rulebook,
        rows: tuple[Row, ...],
        subjects: tuple[Row, ...],
        as_of: date,
        left_out: tuple[int, ...],
        returned_after: tuple[int | None, ...],
    ) -> None:
        """Know of each row the place of the exclusion that takes it (0: none), and after how many days it is
        returned."""
        super().__init__(rulebook, rows, subjects, as_of)
        self._left_out = left_out
        self._returned_after = returned_after

    @cached_property
    def exclusion(self) -> Mapping[int, str]:
        """The name of the exclusion that takes a record, by the record's number."""
        names = [exclude.name for exclude in self.rulebook.excludes]
        return {number: names[place - 1] for number, place in enumerate(self._left_out) if place > 0}

    def returned(self, record: Record, within: Decimal) -> bool:
        """Say whether a record is returned."""
        after = self._returned_after[record.number]
        return after is not None and after < within


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who can be asked for evidence. ``query`` gives the records that touch the person called ``$name``."""

    connection: DuckDBPyConnection
    rulebook: Rulebook
    as_of: date
    query: str

    def __call__(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures, measure by measure; none for who was not admitted."""
        records = self._records(name)
        measurings = {measure.name: measuring_of(measure, records) for measure in self.rulebook.measures}
        person = Person(name, records, measurings)
        if any(holds(each.when, person) is not True for each in self.rulebook.requires if not each.reads_measures):
            return
        if self.rulebook.subjects is not None and name not in records.attributes:
            return
        for measure in self.rulebook.measures:
            measured = person.measured(measure.name)
            if measured is not None:
                yield from evidence_rows(name, measured)

    def _records(self, name: str) -> PersonRecords:
        found = [] if self.rulebook.records is None else self.connection.execute(self.query, {"name": name}).fetchall()
        rows = tuple(tuple(_scalar(value) for value in row[2:]) for row in found)
        names = {name}
        for place, field in enumerate(record_fields(self.rulebook) if found else ()):
            if field.name in {"subject", "actor"}:
                names |= {str(row[place]) for row in rows if row[place] is not None}
        return PersonRecords(
            self.rulebook,
            rows,
            self._subjects(names),
            self.as_of,
            tuple(row[0] for row in found),
            tuple(row[1] for row in found),
        )

    def _subjects(self, names: set[str]) -> tuple[Row, ...]:
        if self.rulebook.subjects is None:
            return ()
        columns = _columns(subject_fields(self.rulebook))
        found = self.connection.execute(
            f"SELECT {columns} FROM {quote_name(SUBJECTS)} WHERE CAST(subject AS VARCHAR) IN (SELECT unnest($names))",
            {"names": sorted(names)},
        ).fetchall()
        return tuple(tuple(_scalar(value) for value in row) for row in found)


def _columns(fields: tuple[Field, ...]) -> str:
    return ", ".join(
        "CAST(subject AS VARCHAR)" if field.name == "subject" else quote_name(field.name) for field in fields
    )


def _scalar(value: object) -> Scalar | None:
    match value:
        case datetime():
            return value.replace(tzinfo=UTC)
        case None | bool() | str() | Decimal() | date():
            return value
        case _:
            raise AssertionError(type(value))
