"""Takes a rulebook; gives small imagined worlds in which somebody has a score, and crowds of records to put into them.

Nothing in them is drawn by chance: the same rulebook gives the same worlds in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.calendar import days_before, days_between
from tallystick.engine.gaming.newcomer import NEWCOMER, newcomer
from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.query.plan_reading import record_exprs, rule_exprs, walk
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.what_if.actions import fillings, kinds_read, moment_on
from tallystick.engine.what_if.neighbourhood import Neighbourhood
from tallystick.rules.expression import Literally
from tallystick.rules.measure import Formula
from tallystick.rules.rule import Range, Table, Values
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, NumberType, OneOfType, Scalar, TextType, TimeType, YesNoType

PERSON, FRIEND = NEWCOMER, "friend"
"""How the person is called whose score is looked at, and the one other who acts again and again."""
Who: TypeAlias = Literal["others", "friend", "person", "person to others", "friend to others"]
"""Who acts: each time another; one other, always the same; the person on their own account, or toward others, each time
another; that one other, toward others."""
Spread: TypeAlias = Literal["that day", "daily", "weekly"]
_MONDAY = date(2026, 6, 29)
"""The first day of a week: the week before is one day old, which is as young as it can be."""
_COUNTS = (1, 2, 3, 5, 10, 30, 100)
MOST_AT_ONCE = 300
_MOST_DAYS = 5_000
_FILLINGS = 6
_PROFILES = 12
_DATES = 12
"""On so many of the days on which rules get other values somebody is imagined, the earliest."""
_FEBRUARY = 2
_MOST_YEARS = 150
"""The greatest number of years that a rule may turn at."""


class World(Struct, frozen=True):
    """Records and people that nobody knows, on a day."""

    rulebook: Rulebook
    as_of: date
    records: tuple[Row, ...]
    subjects: tuple[Row, ...]

    def run(self) -> ReferenceRun:
        """Score everybody by the reference."""
        return refer(self.rulebook, self.records, self.subjects, self.as_of)

    def score(self) -> Decimal | None:
        """Return the person's score by the reference; None where there is none."""
        ledger = self.run().subject(PERSON)
        return None if ledger is None else ledger.score.score

    def later(self, days: int) -> World:
        """Return the same records, so many days later."""
        return replace(self, as_of=self.as_of + timedelta(days=days))

    def without(self, actor: str) -> World:
        """Return the world without all records of an actor."""
        place = place_of(self.rulebook, "actor")
        return replace(self, records=tuple(row for row in self.records if row[place] != actor))

    def plus(self, rows: tuple[Row, ...]) -> World:
        """Return the world with more records, and with a row of attributes for whoever they name who has none."""
        if self.rulebook.subjects is None or not self.subjects:
            return replace(self, records=(*self.records, *rows))
        key = [field.name for field in subject_fields(self.rulebook)].index("subject")
        known = {row[key] for row in self.subjects}
        names = dict.fromkeys(name for row in rows for name in _people(self.rulebook, row) if name not in known)
        like = self.subjects[0]
        people = tuple((*like[:key], name, *like[key + 1 :]) for name in names)
        return replace(self, records=(*self.records, *rows), subjects=(*self.subjects, *people))


class Crowd(Struct, frozen=True):
    """Records of one kind: who does them, how many, from how many days ago, over which time, with which values.

    ``name``: what tells its people and texts from those of another crowd. ``same``: they are all about the same.
    ``ids``: what the ids of its records begin with.
    """

    kind: str | None
    who: Who
    times: int
    ago: int = 0
    spread: Spread = "that day"
    values: tuple[tuple[str, Scalar | None], ...] = ()
    name: str = "a"
    same: bool = False
    ids: str = ""

    def rows(self, world: World) -> tuple[Row, ...]:
        """Return its records."""
        return tuple(self._row(world, number) for number in range(self.times))

    def _row(self, world: World, number: int) -> Row:
        given = dict(self.values)
        each = number if not self.same else 0
        actor, subject = self._parties(number)
        days = self.ago + number * {"that day": 0, "daily": 1, "weekly": 7}[self.spread]
        row: list[Scalar | None] = []
        for field in record_fields(world.rulebook):
            match field.name:
                case "id":
                    row.append(self._id(field, len(world.records) + number + 1, number))
                case "subject":
                    row.append(subject)
                case "actor":
                    row.append(actor)
                case "kind":
                    row.append(self.kind)
                case "at":
                    day = days_before(world.as_of, min(days, _MOST_DAYS))
                    row.append(moment_on(field, day, world.rulebook.time_zone))
                case name:
                    text = isinstance(field.type, TextType) and name not in given
                    row.append(f"{name} {self.name}{each + 1}" if text else given.get(name))
        return tuple(row)

    def _id(self, field: Field, place: int, number: int) -> Scalar:
        return field.type.low + place if isinstance(field.type, NumberType) else f"{self.ids}{number + 1}"

    def _parties(self, number: int) -> tuple[str, str]:
        other = f"{self.name}-{number + 1}"
        match self.who:
            case "others":
                return other, PERSON
            case "friend":
                return FRIEND, PERSON
            case "person":
                return PERSON, PERSON
            case "person to others":
                return PERSON, other
            case "friend to others":
                return FRIEND, other


def place_of(rulebook: Rulebook, name: str) -> int:
    """Return where a field stands in a record's row."""
    return [field.name for field in record_fields(rulebook)].index(name)


def has_field(rulebook: Rulebook, name: str) -> bool:
    """Say whether records have a field."""
    return any(field.name == name for field in record_fields(rulebook))


def _people(rulebook: Rulebook, row: Row) -> Iterator[str]:
    for name in ("subject", "actor"):
        if has_field(rulebook, name):
            value = row[place_of(rulebook, name)]
            if isinstance(value, str):
                yield value


# ---- where somebody has a score --------------------------------------------------------------------------------------


def day_of_worlds(rulebook: Rulebook) -> date:
    """Return a Monday on which the rulebook is in force; the last day of the calendar where that has none."""
    if rulebook.effective is None or rulebook.effective <= _MONDAY:
        return _MONDAY
    until_monday = -rulebook.effective.weekday() % 7
    return rulebook.effective + timedelta(days=min(until_monday, days_between(rulebook.effective, date.max)))


def beginnings(rulebook: Rulebook, days: int = 0) -> tuple[World, ...]:
    """Return worlds in which the person has a score: with the fewest records, with one attribute otherwise, and on the
    days on which the rules get other values, or where days pass on the day before. There are none where so many days
    later nothing is in the calendar."""
    found = list(_first_world(rulebook, day_of_worlds(rulebook), days))
    for world in islice(profiles(found[0], days), _PROFILES * 4) if found else ():
        if len(found) < _PROFILES and world not in found and world.score() is not None:
            found.append(world)
    starts = sorted({each.start for parameter in rulebook.parameters for each in parameter.dated})
    for start in starts[:_DATES]:
        found += _first_world(rulebook, days_before(start, min(days, 1)), days)
    return tuple(found)


def _first_world(rulebook: Rulebook, as_of: date, days: int) -> Iterator[World]:
    """Give the world of the fewest records on a day, where there is one."""
    too_early = rulebook.effective is not None and as_of < rulebook.effective
    if too_early or days > days_between(as_of, date.max):
        return
    try:
        near = newcomer(rulebook, as_of).ground.near
    except UsageRefusal:
        return
    yield World(rulebook, as_of, tuple(each.row for each in near.records), near.subjects)


def profiles(world: World, days: int) -> Iterator[World]:
    """Give the world with each of the person's attributes otherwise: with those values at which the rules turn."""
    near = Neighbourhood(world.rulebook, PERSON, world.as_of, (), world.subjects)
    named = tuple(dict.fromkeys(thresholds(world.rulebook)))
    for field in subject_fields(world.rulebook):
        if field.name != "subject":
            for value in _values(field.type, world.as_of, named, days):
                yield replace(world, subjects=near.with_attributes({field.name: value}).subjects)


def _values(kind: object, as_of: date, named: tuple[Decimal, ...], days: int) -> Iterator[Scalar]:
    match kind:
        case YesNoType():
            yield from (True, False)
        case OneOfType(values=values):
            yield from values
        case NumberType(low=low, high=high, places=places):
            usual = (*named, *(each - 1 for each in named), high, low)
            yield from (each for each in usual if low <= each <= high and each == round(each, places))
        case DateType():
            yield from (days_before(as_of, each) for each in (5 * 366, 365 - days // 2, 2 * 365 - days // 2, 1))
            yield from _since(days_before(as_of, -((days + 1) // 2)), named)
        case TimeType() | TextType() | _:
            return


def _since(day: date, named: tuple[Decimal, ...]) -> Iterator[date]:
    """Give the dates since which it is, on a day, as many years or days as the rules turn at."""
    for each in named:
        if each == int(each) and 0 < each <= _MOST_DAYS:
            if each <= _MOST_YEARS and each < day.year:
                yield day.replace(
                    year=day.year - int(each), day=min(day.day, 28) if day.month == _FEBRUARY else day.day
                )
            yield days_before(day, int(each))


def thresholds(rulebook: Rulebook) -> Iterator[Decimal]:
    """Give the numbers at which a rule turns: the ends of rows, what is compared, what fills a level."""
    for rule in rulebook.rules:
        if isinstance(rule.body, Table):
            for row in rule.body.rows:
                match row.takes:
                    case Range(low=low, high=high):
                        yield from (end for end in (low, high) if isinstance(end, Decimal))
                    case Values(values=values):
                        yield from (each for each in values if isinstance(each, Decimal))
                    case _:
                        pass
    formulas = [each.aggregate.value for each in rulebook.measures if isinstance(each.aggregate, Formula)]
    exprs = (*formulas, *(expr for rule in rulebook.rules for expr in rule_exprs(rule)), *record_exprs(rulebook))
    for expr in exprs:
        for part in walk(expr):
            if isinstance(part.op, Literally) and isinstance(part.op.value, Decimal):
                yield part.op.value


# ---- what to put into them -------------------------------------------------------------------------------------------


def kinds_of(rulebook: Rulebook) -> tuple[str | None, ...]:
    """Return the kinds that anything reads; None where records have no kind."""
    return () if rulebook.records is None else tuple(kinds_read(rulebook))


def counts_of(rulebook: Rulebook) -> tuple[int, ...]:
    """Return how many records to try: few, many, and as many as a rule turns at."""
    turns = {int(each) for each in thresholds(rulebook) if 0 < each <= MOST_AT_ONCE}
    near = {each + by for each in turns for by in (-1, 0) if 0 < each + by <= MOST_AT_ONCE}
    return tuple(sorted({*_COUNTS, *near}))


def fillings_of(world: World, kind: str | None) -> tuple[tuple[tuple[str, Scalar | None], ...], ...]:
    """Return ways to fill in the fields of a kind that have no role."""
    near = Neighbourhood(world.rulebook, PERSON, world.as_of, (), world.subjects)
    return tuple(islice(fillings(near, kind), _FILLINGS))


def windows(rulebook: Rulebook) -> tuple[int, ...]:
    """Return how many days ago records are the last inside a window."""
    found = {int(each.within.value) - 1 for each in rulebook.measures if each.within is not None}
    return tuple(sorted(each for each in found if each <= _MOST_DAYS))


def whose(rulebook: Rulebook) -> tuple[Who, ...]:
    """Return who can act."""
    return ("others", "friend", "person", "person to others") if has_field(rulebook, "actor") else ("others",)
