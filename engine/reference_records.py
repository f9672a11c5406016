"""Takes the accepted rows of a run; gives each record with its day and the first exclusion that takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct

from tallystick.engine.calendar import day_of, days_between, in_utc
from tallystick.engine.evaluate import holds
from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.pauses import Pause, paused_days, stretches
from tallystick.rules.expression import Expr
from tallystick.rules.rulebook import Exclude, Rulebook
from tallystick.rules.value import Scalar

Order: TypeAlias = tuple[tuple[bool, Decimal | str | bool | date], ...]
"""What orders records by their declared fields: each field's value, missing last."""
Key = TypeVar("Key")


class Record(Struct, frozen=True, eq=False):
    """An accepted record. ``number`` is its place in the rows given; ``moment`` its ``at``, for what is earlier."""

    number: int
    row: Row
    values: Mapping[str, Scalar | None]
    day: date
    moment: datetime
    order: Order

    @property
    def subject(self) -> str | None:
        """Whose score it counts toward."""
        return self._text("subject")

    @property
    def actor(self) -> str | None:
        """Who did it."""
        return self._text("actor")

    @property
    def kind(self) -> str | None:
        """What was done."""
        return self._text("kind")

    def _text(self, name: str) -> str | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, str)  # noqa: S101  the checker's promise
        return value


class Records:
    """All records of a run, and what takes looking at several of them: exclusions and favours returned."""

    def __init__(
        self,
        rulebook: Rulebook,
        rows: tuple[Row, ...],
        subjects: tuple[Row, ...],
        as_of: date,
        pauses: Iterable[Pause] = (),
        voided: tuple[Row, ...] = (),
    ) -> None:
        """Give every row its day; keep apart those that are not yet and those whose kind is not listed.

        ``voided`` are the rows that a correction struck out: nothing looks at them but who asks for them by name.
        """
        self.rulebook = rulebook
        self.as_of = as_of
        self.attributes = _attributes(rulebook, subjects)
        self.away = stretches(pauses, as_of)
        """Everybody's absences up to the as-of day."""
        self.all = tuple(_record(rulebook, number, row, as_of) for number, row in enumerate(rows))
        self.seen = tuple(record for record in self.all if not self.not_yet(record) and not self.unlisted(record))
        """Those that exclusions, ``repeats``, ``returned`` and ``diluted`` look at."""
        self.voided = tuple(_record(rulebook, number, row, as_of) for number, row in enumerate(voided, start=len(rows)))
        self.measure_of: Callable[[str, str], Decimal | None] = _nobody
        """Takes a measure of a person; whoever takes measures sets it."""
        self._earned: dict[tuple[str, str], Decimal | None] = {}

    def not_yet(self, record: Record) -> bool:
        """Say whether a record is later than the as-of day."""
        return record.day > self.as_of

    def unlisted(self, record: Record) -> bool:
        """Say whether a record's kind is none of those declared."""
        kinds = self.rulebook.kinds
        return bool(kinds) and record.kind not in kinds

    def is_voided(self, record: Record) -> bool:
        """Say whether a correction struck a record out."""
        return record.number >= len(self.all)

    def age(self, record: Record) -> int:
        """Return the days between a record's day and the as-of day."""
        return days_between(record.day, self.as_of)

    def paused(self, record: Record, person: str) -> int:
        """Return on how many days after a record's, up to and with the as-of day, a person was away."""
        return paused_days(self.away.get(person, ()), record.day, self.as_of)

    def holds(self, condition: Expr | None, record: Record) -> bool:
        """Say whether a condition is true of a record; None is no condition."""
        return condition is None or holds(condition, RecordLook(self, record)) is True

    @cached_property
    def about(self) -> Mapping[str | None, list[Record]]:
        """The records about each person, in the order given."""
        return _listed((record.subject, record) for record in self.all)

    @cached_property
    def seen_of_kind(self) -> Mapping[str | None, list[Record]]:
        """The records seen of each kind, in the order given."""
        return _listed((record.kind, record) for record in self.seen)

    def about_of(self, person: str, kinds: tuple[str, ...]) -> list[Record]:
        """Return the records of these kinds about a person, in the order given."""
        return _in_order(self._about_of_kind, person, kinds)

    def given_by_of(self, person: str, kinds: tuple[str, ...]) -> list[Record]:
        """Return the records of these kinds whose actor a person is, in the order given."""
        return _in_order(self._given_by_of_kind, person, kinds)

    @cached_property
    def _about_of_kind(self) -> Mapping[tuple[str | None, str | None], list[Record]]:
        return _listed(((record.subject, record.kind), record) for record in self.all)

    @cached_property
    def _given_by_of_kind(self) -> Mapping[tuple[str | None, str | None], list[Record]]:
        return _listed(((record.actor, record.kind), record) for record in self.all)

    @cached_property
    def exclusion(self) -> Mapping[int, str]:
        """The name of the first exclusion that takes a record, by the record's number."""
        taken: dict[int, str] = {}
        for exclude in self.rulebook.excludes:
            left = [record for record in self.seen if record.number not in taken]
            for record in self._taken_by(exclude, left):
                taken[record.number] = exclude.name
        return taken

    def returned(self, record: Record, within: Decimal) -> bool:
        """Say whether, in the days up to the record's, its subject had done the same kind to its actor."""
        if record.actor is None or record.subject is None or self.is_voided(record):
            return False
        return any(
            earlier.moment <= record.moment and days_between(earlier.day, record.day) < within
            for earlier in self._done.get((record.subject, record.actor, record.kind), ())
        )

    @cached_property
    def _done(self) -> Mapping[tuple[str | None, str | None, str | None], list[Record]]:
        """The records of each kind that one person did to another: (actor, subject, kind)."""
        done = defaultdict(list)
        for record in self.seen:
            done[(record.actor, record.subject, record.kind)].append(record)
        return done

    def earned(self, actor: str, name: str) -> Decimal | None:
        """Return a measure of somebody who acted; missing where ``subjects`` are declared and have no row of theirs."""
        if self.rulebook.subjects is not None and actor not in self.attributes:
            return None
        if (actor, name) not in self._earned:
            self._earned[actor, name] = self.measure_of(actor, name)
        return self._earned[actor, name]

    def _taken_by(self, exclude: Exclude, left: list[Record]) -> list[Record]:
        """Return those of the records left that an exclusion takes."""
        meant = [record for record in left if self.holds(exclude.when, record)]
        if exclude.repeats is None:
            return meant
        agreeing = defaultdict(list)
        for record in meant:
            values = tuple(record.values[name] for name in exclude.repeats)
            if None not in values:
                agreeing[(record.subject, values)].append(record)
        firsts = {min(records, key=_earliest).number for records in agreeing.values()}
        return [record for records in agreeing.values() for record in records if record.number not in firsts]


class RecordLook(Struct, frozen=True):
    """What the names in a record's expression stand for."""

    records: Records
    record: Record

    @property
    def as_of(self) -> date:
        """The last day taken in."""
        return self.records.as_of

    @property
    def zone(self) -> str:
        """The rulebook's time zone."""
        return self.records.rulebook.time_zone

    def field(self, name: str) -> Scalar | None:
        """Return a field of the record."""
        return self.record.values[name]

    def attribute(self, name: str, whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return an attribute of the record's subject or actor; missing for somebody without a row of attributes."""
        person = self.record.subject if whose == "subject" else self.record.actor
        return None if person is None else self.records.attributes.get(person, {}).get(name)

    def measure(self, name: str) -> Decimal | None:
        """Refuse: a record's expression reads no measure of its subject."""
        raise AssertionError(name)

    def earned(self, name: str) -> Decimal | None:
        """Return a measure of the record's actor; missing where there is none."""
        actor = self.record.actor
        return None if actor is None else self.records.earned(actor, name)

    def returned(self, within: Decimal) -> bool:
        """Say whether the record is returned."""
        return self.records.returned(self.record, within)


def _nobody(_person: str, name: str) -> Decimal | None:
    """Refuse: no measures have been taken yet."""
    raise AssertionError(name)


def latest_first(record: Record) -> tuple[int, Order, int]:
    """Order records by the latest day, then the least in the declared order of fields, then as they came."""
    return (-record.day.toordinal(), record.order, record.number)


def _earliest(record: Record) -> tuple[datetime, Order, int]:
    return (record.moment, record.order, record.number)


def _record(rulebook: Rulebook, number: int, row: Row, as_of: date) -> Record:
    values = {field.name: value for field, value in zip(record_fields(rulebook), row, strict=True)}
    at = values.get("at")
    match at:
        case datetime():
            moment = in_utc(at)
            day = day_of(moment, rulebook.time_zone)
        case date():
            day = at
            moment = in_utc(datetime.combine(at, time()))
        case _:
            # Records without an ``at`` have no age.
            day = as_of
            moment = in_utc(datetime.combine(as_of, time()))
    return Record(number, row, values, day, moment, _order(row))


def _order(row: Row) -> Order:
    """Make what compares rows field by field, with missing last."""
    return tuple((value is None, False if value is None else value) for value in row)


def _attributes(rulebook: Rulebook, rows: tuple[Row, ...]) -> Mapping[str, Mapping[str, Scalar | None]]:
    """Return everybody's attributes by name."""
    names = [field.name for field in subject_fields(rulebook)]
    people = {}
    for row in rows:
        values = dict(zip(names, row, strict=True))
        people[str(values["subject"])] = values
    return people


def _listed(pairs: Iterable[tuple[Key, Record]]) -> Mapping[Key, list[Record]]:
    groups: dict[Key, list[Record]] = {}
    for key, record in pairs:
        groups.setdefault(key, []).append(record)
    return groups


def _in_order(
    groups: Mapping[tuple[str | None, str | None], list[Record]], person: str, kinds: tuple[str, ...]
) -> list[Record]:
    found = [record for kind in dict.fromkeys(kinds) for record in groups.get((person, kind), ())]
    return found if len(kinds) == 1 else sorted(found, key=_number)


def _number(record: Record) -> int:
    return record.number
