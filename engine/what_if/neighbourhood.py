"""Takes the rows of a run and a person; gives the few of them that settle this person's ledger, ready to be asked
what if.

INVARIANT: the reference over these rows gives the person the ledger that the run gave, whatever the as-of day, the
parameters, and whichever of the rows are left out. Which rows those are follows from the rulebook's form alone:

- those about the person; those by the person, where a measure looks at what is ``given``;
- where records read what their actors earned: the same of each of those actors, and of the actors of those, as often
  as it is read of them in turn;
- where records are ``diluted``: what the actors of those did in the days of those;
- where an ``exclude`` takes ``repeats``: what agrees with one of those in its fields, again and again;
- where something asks whether a record is ``returned``: what its subject did to its actor.

The last are looked at and not judged: nothing depends on whether an exclusion takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import Row, as_scalar, record_fields, subject_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.pauses import Pause
from tallystick.engine.query.plan_reading import kinds_for, record_exprs, walk
from tallystick.engine.query.sql import quote_name, quote_text, quote_value
from tallystick.engine.reference import ReferenceRun, Settled, refer
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import RunRows
from tallystick.rules.epochs import on_day
from tallystick.rules.expression import Returned
from tallystick.rules.measure import Formula, Measure, RecordAggregate
from tallystick.rules.questions.earned import levels, opened, reads_earned
from tallystick.rules.rulebook import Exclude, Field, Rulebook
from tallystick.rules.value import Scalar, TextType, TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_ROWS = 200_000
"""More records than this are not worked through one by one."""
_ALL, _JUDGED = quote_name("neighbours all"), quote_name("neighbours judged")
_IMAGINED, _OWN = quote_name("neighbours imagined"), quote_name("neighbours own")
_ROW, _AT = quote_name("#row"), quote_name("at")


class Fetch(Protocol):
    """What brings records here that lie elsewhere, before they are looked for."""

    def __call__(self, keys: str, same: str, where: str) -> None:
        """Bring the records ``a`` that agree with any of the ``keys`` ``k``, of those for which ``where`` holds."""


class NearRecord(Struct, frozen=True):
    """A record of a neighbourhood: its ``#row`` in the run (below 0: imagined), and its values."""

    number: int
    row: Row


class Neighbourhood(Struct, frozen=True):
    """The rows that settle one person's ledger, in the order in which the run read them, imagined ones last."""

    rulebook: Rulebook
    subject: str
    as_of: date
    records: tuple[NearRecord, ...]
    subjects: tuple[Row, ...]
    pauses: tuple[Pause, ...] = ()

    def run(self, settled: Settled | None = None) -> ReferenceRun:
        """Score these rows by the reference; only the ledger of ``subject`` is right in it."""
        rows = tuple(each.row for each in self.records)
        return refer(self.rulebook, rows, self.subjects, self.as_of, self.pauses, settled=settled)

    def ledger(self, settled: Settled | None = None) -> SubjectLedger | None:
        """Return the person's ledger; None where these rows do not name the person."""
        return self.run(settled).subject(self.subject)

    def at(self, as_of: date) -> Neighbourhood:
        """Return the same rows on another day."""
        return replace(self, rulebook=on_day(self.rulebook, as_of), as_of=as_of)

    def with_records(self, rows: Iterable[Row]) -> Neighbourhood:
        """Return the rows with more records about the person, by somebody of whom the run has no record.

        For any others ask ``neighbourhood`` with the records as ``imagined``: more of the run's may have to do with
        them.
        """
        last = min((each.number for each in self.records), default=0)
        more = tuple(NearRecord(min(last, 0) - place, row) for place, row in enumerate(rows, start=1))
        return replace(self, records=(*self.records, *more))

    def with_people(self, rows: Iterable[Row]) -> Neighbourhood:
        """Return the rows with the attributes of people whom nobody knows."""
        return replace(self, subjects=(*self.subjects, *rows))

    def without_records(self, numbers: Iterable[int]) -> Neighbourhood:
        """Return the rows without the records of these numbers."""
        gone = frozenset(numbers)
        return replace(self, records=tuple(each for each in self.records if each.number not in gone))

    def attribute(self, name: str) -> Scalar | None:
        """Return an attribute of the person."""
        names = [field.name for field in subject_fields(self.rulebook)]
        if name not in names:
            return None
        own = (row for row in self.subjects if row[names.index("subject")] == self.subject)
        return next((row[names.index(name)] for row in own), None)

    def with_attributes(self, values: Mapping[str, Scalar | None]) -> Neighbourhood:
        """Return the rows with other attributes of the person; who has no row of attributes gets none."""
        names = [field.name for field in subject_fields(self.rulebook)]
        place = names.index("subject")
        changed = tuple(
            tuple(values.get(name, value) for name, value in zip(names, row, strict=True))
            if row[place] == self.subject
            else row
            for row in self.subjects
        )
        return replace(self, subjects=changed)


def neighbourhood(
    rows: RunRows,
    rulebook: Rulebook,
    subject: str,
    as_of: date,
    *,
    imagined: tuple[Row, ...] = (),
    fetch: Fetch | None = None,
    earning: frozenset[str] | None = None,
) -> Neighbourhood:
    """Find the rows that settle a person's ledger, ``imagined`` records among them.

    ``rows`` hold the fields that ``rulebook`` declares, with its types; ``fetch`` brings those of them that are not
    there yet; ``earning``: the actors whose measures are to be settled, too, if not of all. Raises ``DataRefusal``
    where there are more than ``MOST_ROWS``.
    """
    rulebook = on_day(rulebook, as_of)
    records: tuple[NearRecord, ...] = ()
    if rulebook.records is not None and (rows.records is not None or imagined):
        records = _Search(rows.connection, rulebook, rows.records, subject, imagined, fetch, earning).records()
    people = _subjects(rows, rulebook, subject, records)
    return Neighbourhood(rulebook, subject, as_of, records, people, _pauses(rows, rulebook, subject, records))


class _Search(Struct, frozen=True):
    """The search for one person's records, in tables of the connection's own."""

    connection: DuckDBPyConnection
    rulebook: Rulebook
    select: str | None
    subject: str
    imagined: tuple[Row, ...]
    fetch: Fetch | None
    earning: frozenset[str] | None

    def records(self) -> tuple[NearRecord, ...]:
        self._show()
        self._judge()
        wanted = f"SELECT * FROM {_JUDGED}"
        if self._asks_returned:
            wanted += f" UNION {self._returned()}"
        found = self.connection.execute(
            f"SELECT * FROM ({wanted}) ORDER BY {_ROW} < 0, abs({_ROW}) LIMIT {MOST_ROWS + 1}"
        ).fetchall()
        if len(found) > MOST_ROWS:
            message = f"more than {MOST_ROWS:,} records have to do with `{self.subject}`: too many to try what if"
            raise DataRefusal(message)
        return tuple(NearRecord(row[0], tuple(as_scalar(value) for value in row[1:])) for row in found)

    def _show(self) -> None:
        """Make one view of the records read and of those imagined; ids that are whole numbers become texts."""
        fields = record_fields(self.rulebook)
        columns = ", ".join(as_declared(field) for field in fields)
        typed = ", ".join(f"{quote_name(field.name)} {sql_type(field)}" for field in fields)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_IMAGINED} ({_ROW} BIGINT, {typed})")
        for place, row in enumerate(self.imagined, start=1):
            values = ", ".join("NULL" if value is None else quote_value(value) for value in row)
            self.connection.execute(f"INSERT INTO {_IMAGINED} VALUES (-{place}, {values})")
        kept = "" if self.select is None else f"SELECT {_ROW}, {columns} FROM ({self.select}) UNION ALL "
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {_ALL} AS {kept}SELECT * FROM {_IMAGINED}")

    def _judge(self) -> None:
        """Find the records of which it matters whether they count."""
        name = quote_text(self.subject)
        who = own = f"subject = {name}"
        given = tuple(dict.fromkeys(kind for each in aggregates(self.rulebook) if each.given for kind in each.kinds))
        if given and self._has("actor"):
            who += f" OR actor = {name} AND {self._of(given)}"
        if (given and self._has("actor")) or self._asks_returned:
            own += f" OR actor = {name}"
        self._bring(f"SELECT {name} AS person", "a.subject = k.person")
        if own != f"subject = {name}":
            self._bring(f"SELECT {name} AS person", "a.actor = k.person")
        # One look at all records for everything that names the person: often there is no need for another.
        fields = ", ".join(quote_name(field.name) for field in record_fields(self.rulebook))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_OWN} AS SELECT {_ROW}, {fields} FROM {_ALL} WHERE {own}"
        )
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_JUDGED} AS SELECT * FROM {_OWN} WHERE {who}")
        for names in reversed(levels(self.rulebook.measures)):
            self._add_earned(names)
        for measure in self.rulebook.measures:
            if measure.diluted and self._has("actor"):
                self._add_company(measure)
        repeats = [each for each in self.rulebook.excludes if each.repeats is not None]
        # One repetition leads to the next only where two exclusions group the records differently.
        more = True
        while more:
            more = sum(self._add_repeated(each) for each in repeats) > 0 and len(repeats) > 1

    def _add_earned(self, names: tuple[str, ...]) -> None:
        """Add the records that settle these measures of everybody who is the actor of a record judged: those about
        them, and those by them where such a measure looks at what is ``given``."""
        taken = aggregates(replace(self.rulebook, measures=opened(self.rulebook.measures, names)))
        keys = f"SELECT DISTINCT actor AS person FROM {_JUDGED} WHERE actor IS NOT NULL"
        if self.earning is not None:
            keys += f" AND actor IN ({', '.join(map(quote_text, sorted(self.earning)))})"
        for whose, given in (("subject", False), ("actor", True)):
            kinds = sorted({kind for each in taken if each.given is given for kind in each.kinds})
            if kinds:
                self._add(keys, f"a.{whose} = k.person", where=self._of(kinds, "a.kind"))

    def _add_company(self, measure: Measure) -> None:
        """Add what the actors of a diluted measure's records did in the days of those.

        In a zone other than UTC the two days before and after them, too: it is the reference that tells the day, and
        days on which clocks were put back by a day, as at a date line that moved, have lasted two.
        """
        assert not isinstance(measure.aggregate, Formula)  # noqa: S101  the checker's promise: formulas dilute nothing
        kinds = measure.aggregate.kinds
        apart = 0 if self.rulebook.time_zone == "UTC" or not self._has_moments() else 2
        days = f"unnest(range(-{apart}, {apart + 1}))"
        self._add(
            f"SELECT DISTINCT actor, CAST(CAST({_AT} AS DATE) + CAST({days} AS INTEGER) AS DATE) AS day "
            f"FROM {_JUDGED} WHERE {self._of(kinds)} AND actor IS NOT NULL",
            f"a.actor = k.actor AND CAST(a.{_AT} AS DATE) = k.day",
            where=self._of(kinds, "a.kind"),
        )

    def _add_repeated(self, exclude: Exclude) -> int:
        """Add what agrees with the records judged in the fields of an exclusion; say how many those are."""
        fields = tuple(dict.fromkeys(("subject", *(exclude.repeats or ()))))
        names = ", ".join(quote_name(name) for name in fields)
        same = " AND ".join(f"a.{quote_name(name)} = k.{quote_name(name)}" for name in fields)
        others = f"subject != {quote_text(self.subject)}"
        where = f"a.{others}"
        kinds = kinds_for(exclude.when, self.rulebook.kinds)
        if kinds != frozenset(self.rulebook.kinds):
            others += f" AND {self._of(sorted(kinds))}"
            where += f" AND {self._of(sorted(kinds), 'a.kind')}"
        return self._add(f"SELECT DISTINCT {names} FROM {_JUDGED} WHERE {others}", same, where=where)

    def _add(self, keys: str, same: str, *, where: str) -> int:
        if not self._any(keys):
            return 0
        self._bring(keys, same, where)
        ((before,),) = self.connection.execute(f"SELECT count(*) FROM {_JUDGED}").fetchall()
        self.connection.execute(
            f"INSERT INTO {_JUDGED} SELECT a.* FROM (SELECT * FROM {_ALL} AS a WHERE {where}) AS a "
            f"SEMI JOIN ({keys}) AS k ON {same} ANTI JOIN {_JUDGED} AS j ON j.{_ROW} = a.{_ROW}"
        )
        ((after,),) = self.connection.execute(f"SELECT count(*) FROM {_JUDGED}").fetchall()
        return int(after) - int(before)

    def _returned(self) -> str:
        """Return a query for what the subjects of the records judged did to their actors, and for all that the person
        did: a record still to be imagined may return it."""
        name = quote_text(self.subject)
        own = f"SELECT * FROM {_OWN} WHERE actor = {name}"
        kind, same = ("", "") if not self._has("kind") else (", kind", " AND a.kind IS NOT DISTINCT FROM k.kind")
        others = f"SELECT DISTINCT subject, actor{kind} FROM {_JUDGED} WHERE subject != {name}"
        if not self._any(others):
            return own
        columns = ", ".join(f"a.{quote_name(field.name)}" for field in record_fields(self.rulebook))
        both = f"a.actor = k.subject AND a.subject = k.actor{same}"
        self._bring(others, both)
        return f"{own} UNION SELECT a.{_ROW}, {columns} FROM {_ALL} AS a SEMI JOIN ({others}) AS k ON {both}"

    def _bring(self, keys: str, same: str, where: str = "true") -> None:
        """Have the records brought that agree with some keys, where they lie elsewhere."""
        if self.fetch is not None:
            self.fetch(keys, same, where)

    def _any(self, query: str) -> bool:
        """Say whether a query gives any row."""
        return self.connection.execute(f"SELECT 1 FROM ({query}) LIMIT 1").fetchone() is not None

    @property
    def _asks_returned(self) -> bool:
        return asks_returned(self.rulebook) and self._has("actor")

    def _of(self, kinds: Iterable[str], kind: str = "kind") -> str:
        """Return SQL for a record's being of one of some kinds."""
        return f"{kind} IN ({', '.join(map(quote_text, kinds)) or 'NULL'})" if self._has("kind") else "true"

    def _has(self, name: str) -> bool:
        return any(field.name == name for field in record_fields(self.rulebook))

    def _has_moments(self) -> bool:
        return any(field.name == "at" and isinstance(field.type, TimeType) for field in record_fields(self.rulebook))


def is_settled(near: Neighbourhood, ledger: SubjectLedger | None) -> bool:
    """Say whether these rows give a person's numbers in a run; what of attributes stands there may be written otherwise
    since somebody was removed, and records struck out settle nothing."""
    found = near.ledger()
    return (None if found is None else _numbers(found)) == (None if ledger is None else _numbers(ledger))


def _numbers(ledger: SubjectLedger) -> SubjectLedger:
    return replace(ledger, inputs=(), accounts=tuple(row for row in ledger.accounts if row.fate != "voided"))


def asks_returned(rulebook: Rulebook) -> bool:
    """Say whether anything in a rulebook asks whether a record is returned."""
    return any(isinstance(each.op, Returned) for expr in record_exprs(rulebook) for each in walk(expr))


def aggregates(rulebook: Rulebook) -> tuple[RecordAggregate, ...]:
    """Return how each measure of records is taken."""
    return tuple(each.aggregate for each in rulebook.measures if not isinstance(each.aggregate, Formula))


def as_declared(field: Field) -> str:
    """Return SQL for a field's column under its name; ids that are whole numbers become texts."""
    name = quote_name(field.name)
    return f"CAST({name} AS VARCHAR) AS {name}" if isinstance(field.type, TextType) else name


def _subjects(rows: RunRows, rulebook: Rulebook, subject: str, records: tuple[NearRecord, ...]) -> tuple[Row, ...]:
    """Return the attributes of everybody whom these records name."""
    if rulebook.subjects is None or rows.subjects is None:
        return ()
    names = _named(rulebook, subject, records)
    fields = subject_fields(rulebook)
    found = rows.connection.execute(
        f"SELECT {', '.join(as_declared(field) for field in fields)} FROM ({rows.subjects}) "
        "WHERE CAST(subject AS VARCHAR) IN (SELECT unnest($names)) ORDER BY CAST(subject AS VARCHAR)",
        {"names": sorted(names)},
    ).fetchall()
    return tuple(tuple(as_scalar(value) for value in row) for row in found)


def _named(rulebook: Rulebook, subject: str, records: tuple[NearRecord, ...]) -> set[str]:
    """Return the person and everybody whom these records name."""
    places = [place for place, field in enumerate(record_fields(rulebook)) if field.name in {"subject", "actor"}]
    return {subject} | {str(each.row[place]) for each in records for place in places if each.row[place] is not None}


def _pauses(rows: RunRows, rulebook: Rulebook, subject: str, records: tuple[NearRecord, ...]) -> tuple[Pause, ...]:
    """Return the person's own pauses; nobody else's stop the fading of this person's measures, but those of actors the
    fading of what they earned."""
    if rows.pauses is None:
        return ()
    names = _named(rulebook, subject, records) if reads_earned(rulebook) else {subject}
    found = rows.connection.execute(
        f'SELECT CAST(subject AS VARCHAR), "from", "to" FROM ({rows.pauses}) '
        "WHERE CAST(subject AS VARCHAR) IN (SELECT unnest($names)) ORDER BY ALL",
        {"names": sorted(names)},
    ).fetchall()
    return tuple(Pause(name, first, last) for name, first, last in found)
