"""Takes the accepted records in a connection, and a person; gives the records behind the person's measures, each
with its effect.

The compiled steps, stopped before they aggregate, tell of every record what leaves it out and whether it is
returned, which takes looking at other people's records. Only the records that touch the person come out of them;
what a measure then does with each is worked out here, record by record, as the reference does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.attributes import Attributes
from tallystick.engine.evaluate import holds
from tallystick.engine.intake.reading import Row, as_scalar, record_fields, subject_fields
from tallystick.engine.ledger import EvidenceRow, InputRow
from tallystick.engine.pauses import Pause, Stretch, reads_pauses
from tallystick.engine.query.compile import WHOLE
from tallystick.engine.query.pauses import pauses_in, stretches_in
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.steps import EARNED, EARNER, SUBJECTS, VOIDED
from tallystick.engine.query.voided import voided_evidence
from tallystick.engine.reference import Person
from tallystick.engine.reference_measures import evidence_rows, measuring_of
from tallystick.engine.reference_records import Record, Records
from tallystick.rules.questions.earned import levels
from tallystick.rules.rulebook import Field, Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class PersonRecords(Records):
    """The records that touch a person, with what the query found out about them by looking at all others."""

    def __init__(  # noqa: PLR0913, PLR0917  one parameter for each thing that was found out
        self,
        rulebook: Rulebook,
        rows: tuple[Row, ...],
        subjects: tuple[Row, ...],
        as_of: date,
        left_out: tuple[int, ...],
        returned_after: tuple[int | None, ...],
        pauses: tuple[Pause, ...],
        voided: tuple[Row, ...],
        earned: Mapping[str, Mapping[str, Decimal | None]],
    ) -> None:
        """Know of each row the place of the exclusion that takes it (0: none), and after how many days it is
        returned; ``voided`` are those that a correction struck out; ``earned`` what each actor earned, by measure."""
        super().__init__(rulebook, rows, subjects, as_of, pauses, voided)
        self._earned_by = earned
        self._left_out = left_out
        self._returned_after = returned_after

    @cached_property
    def exclusion(self) -> Mapping[int, str]:
        """The name of the exclusion that takes a record, by the record's number."""
        names = [exclude.name for exclude in self.rulebook.excludes]
        return {number: names[place - 1] for number, place in enumerate(self._left_out) if place > 0}

    def returned(self, record: Record, within: Decimal) -> bool:
        """Say whether a record is returned."""
        if self.is_voided(record):
            return False
        after = self._returned_after[record.number]
        return after is not None and after < within

    def earned(self, actor: str, name: str) -> Decimal | None:
        """Return a measure of somebody who acted."""
        return self._earned_by[actor][name] if actor in self._earned_by else None


class Evidence(Struct, frozen=True):
    """Who can be asked for evidence. ``query`` gives the records that touch the person called ``$name``; ``kept`` gives
    what ``of_many_query`` reads, of everybody; ``people`` is what was read about them."""

    connection: DuckDBPyConnection
    rulebook: Rulebook
    as_of: date
    query: str
    kept: str
    of_many_query: str
    people: Attributes

    def __call__(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures, measure by measure; none for who was not admitted."""
        found = [] if self.rulebook.records is None else self.connection.execute(self.query, {"name": name}).fetchall()
        yield from self._of(name, found, self._voided(name))

    def of_many(self, names: Sequence[str]) -> Iterator[tuple[str, tuple[EvidenceRow, ...]]]:
        """Give the same of many people, one after another; what looks at everybody's records is worked out once."""
        found: dict[str, list[tuple[object, ...]]] = {name: [] for name in names}
        if self.rulebook.records is not None:
            self.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {quote_name(WHOLE)} AS {self.kept}")
            for name, *row in self.connection.execute(self.of_many_query, {"names": list(names)}).fetchall():
                found[str(name)].append(tuple(row))
        any_voided = self._any_voided()
        for name, rows in found.items():
            yield name, tuple(self._of(name, rows, self._voided(name) if any_voided else ()))

    def _of(self, name: str, found: list[tuple[object, ...]], voided: tuple[Row, ...]) -> Iterator[EvidenceRow]:
        """Give the records behind a person's measures, from those that touch the person."""
        records = self._records(name, found, voided)
        measurings = {measure.name: measuring_of(measure, records) for measure in self.rulebook.measures}
        person = Person(name, records, measurings)
        if any(holds(each.when, person) is not True for each in self.rulebook.requires if not each.reads_measures):
            return
        if self.rulebook.subjects is not None and name not in records.attributes:
            return
        named = self.rulebook.subjects is None or self.rulebook.score.by is not None
        if named and all(map(records.not_yet, records.about.get(name, ()))):
            return
        for measure in self.rulebook.measures:
            measured = person.measured(measure.name)
            if measured is not None:
                yield from evidence_rows(name, measured)

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """Give one person's absences up to the as-of day, put together."""
        if not reads_pauses(self.rulebook):
            return ()
        return stretches_in(self.connection, name, self.as_of)

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """Give what was read about one person."""
        return self.people.of(name)

    def _records(self, name: str, found: list[tuple[object, ...]], voided: tuple[Row, ...]) -> PersonRecords:
        rows = tuple(tuple(as_scalar(value) for value in row[2:]) for row in found)
        names = {name}
        for place, field in enumerate(record_fields(self.rulebook)):
            if field.name in {"subject", "actor"}:
                names |= {str(row[place]) for row in (*rows, *voided) if row[place] is not None}
        return PersonRecords(
            self.rulebook,
            rows,
            self._subjects(names),
            self.as_of,
            tuple(int(str(row[0])) for row in found),
            tuple(None if row[1] is None else int(str(row[1])) for row in found),
            pauses_in(self.connection, name) if reads_pauses(self.rulebook) else (),
            voided,
            self._earned(names),
        )

    def _earned(self, names: set[str]) -> Mapping[str, Mapping[str, Decimal | None]]:
        """Return what people earned, where records read it of their actors."""
        measures = [name for level in levels(self.rulebook.measures) for name in level]
        if not measures:
            return {}
        found = self.connection.execute(
            f"SELECT {', '.join(map(quote_name, (EARNER, *measures)))} FROM {quote_name(EARNED)} "
            f"WHERE {quote_name(EARNER)} IN (SELECT unnest($names))",
            {"names": sorted(names)},
        ).fetchall()
        return {person: dict(zip(measures, values, strict=True)) for person, *values in found}

    def _any_voided(self) -> bool:
        """Say whether any record at all was struck out."""
        if self.rulebook.records is None:
            return False
        ((found,),) = self.connection.execute(f"SELECT count(*) > 0 FROM {quote_name(VOIDED)}").fetchall()
        return bool(found)

    def _voided(self, name: str) -> tuple[Row, ...]:
        """Return the records that touch a person and were struck out."""
        if self.rulebook.records is None:
            return ()
        found = self.connection.execute(voided_evidence(self.rulebook), {"name": name}).fetchall()
        return tuple(tuple(as_scalar(value) for value in row) for row in found)

    def _subjects(self, names: set[str]) -> tuple[Row, ...]:
        if self.rulebook.subjects is None:
            return ()
        columns = _columns(subject_fields(self.rulebook))
        found = self.connection.execute(
            f"SELECT {columns} FROM {quote_name(SUBJECTS)} WHERE CAST(subject AS VARCHAR) IN (SELECT unnest($names))",
            {"names": sorted(names)},
        ).fetchall()
        return tuple(tuple(as_scalar(value) for value in row) for row in found)


def _columns(fields: tuple[Field, ...]) -> str:
    return ", ".join(
        "CAST(subject AS VARCHAR)" if field.name == "subject" else quote_name(field.name) for field in fields
    )
