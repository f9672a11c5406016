"""Takes a person's neighbourhood and a day; gives the actions that could be imagined on it: of which kind, by whom,
with which values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.calendar import moment_of
from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.query.plan_reading import record_exprs, walk
from tallystick.engine.what_if.neighbourhood import Neighbourhood, aggregates
from tallystick.rules.check.intervals import UNSAID
from tallystick.rules.decimals import EXACT
from tallystick.rules.expression import (
    AttributeOf,
    Compare,
    Expr,
    FieldOf,
    In,
    Literally,
    MeasureOf,
    ParameterOf,
    TextTest,
)
from tallystick.rules.measure import HIndex, Pick
from tallystick.rules.once import once
from tallystick.rules.rule import Range, Table
from tallystick.rules.rulebook import ROLES, Field, Rulebook
from tallystick.rules.value import DateType, NumberType, OneOfType, Scalar, TextType, TimeType, YesNoType

Who: TypeAlias = Literal["others", "another", "you", "you to others", "somebody"]
"""Who acts: each time another person who has not acted yet; one other person, each time the same; the person on their
own account; the person toward others, each time another; nobody in particular, where records have no actor."""
MOST_VARIATIONS = 40
"""So many ways to fill in the fields of a kind are tried, from each of two beginnings."""


class Action(Struct, frozen=True):
    """An action that can be imagined any number of times. ``values``: the fields that are the same each time; what is
    in neither is another each time. ``like``: whose attributes the people have who act; None: nobody's, they have
    none."""

    kind: str | None
    who: Who
    values: tuple[tuple[str, Scalar | None], ...]
    actor: str | None = None
    like: str | None = None


class Stage(Struct, frozen=True):
    """Where actions are imagined: a person's rows, how the people are called whom nobody knows, and of which kinds are
    the records that mostly tell what people do on their own account."""

    near: Neighbourhood
    stranger: str
    own: frozenset[str | None] = frozenset()

    def after(self, action: Action, times: int, day: date) -> Neighbourhood:
        """Return the rows on a day on which the action is done so many times."""
        rows = tuple(self._row(action, number, day) for number in range(1, times + 1))
        near = self.near.at(day).with_records(rows)
        if action.like is None:
            return near
        return replace(near, subjects=(*near.subjects, *self._people(action.like, times)))

    def _row(self, action: Action, number: int, day: date) -> Row:
        values = dict(action.values)
        row: list[Scalar | None] = []
        for place, field in enumerate(record_fields(self.near.rulebook)):
            match field.name:
                case "id":
                    row.append(made_up_id(field, number))
                case "subject":
                    row.append(self._stranger(number) if action.who == "you to others" else self.near.subject)
                case "actor":
                    row.append(self._actor(action, number))
                case "kind":
                    row.append(action.kind)
                case "at":
                    row.append(moment_on(field, day, self.near.rulebook.time_zone))
                case name:
                    row.append(values[name] if name in values else self._new(place, name, number))
        return tuple(row)

    def _new(self, place: int, name: str, number: int) -> str:
        """Return a text that no record has, and in which nothing is found that conditions look for in a text."""
        found = any(part in f"imagined {name}".casefold() for part in _looked_for(self.near.rulebook))
        return f"{'~' * (place + 1)}{number}" if found else f"imagined {name} {number}"

    def _actor(self, action: Action, number: int) -> str | None:
        match action.who:
            case "others":
                return self._stranger(number)
            case "another":
                return action.actor
            case "you" | "you to others":
                return self.near.subject
            case "somebody":
                return None

    def _people(self, like: str, times: int) -> Iterator[Row]:
        names = [field.name for field in subject_fields(self.near.rulebook)]
        place = names.index("subject")
        row = next((row for row in self.near.subjects if row[place] == like), None)
        if row is not None:
            for number in range(1, times + 1):
                yield (*row[:place], self._stranger(number), *row[place + 1 :])

    def _stranger(self, number: int) -> str:
        return f"{self.stranger} {number}"


def actions_of(near: Neighbourhood, kind: str | None, *, own: bool = False) -> Iterator[tuple[Action, ...]]:
    """Give, for each who can act, the ways to fill in the fields of one kind; the likeliest first, of both.

    ``own``: records of this kind are mostly of what people do on their own account.
    """
    rulebook = near.rulebook
    values = tuple(fillings(near, kind))
    acting = any(field.name == "actor" for field in record_fields(rulebook))
    alike = _alike(near) if acting else (None,)
    if not acting:
        yield tuple(Action(kind, "somebody", each) for each in values)
        return
    others = tuple(Action(kind, "others", each, like=like) for like in alike for each in values)
    you = tuple(Action(kind, "you", each) for each in values)
    yield you if own else others
    yield others if own else you
    actor = _latest_actor(near)
    if actor is not None:
        yield tuple(Action(kind, "another", each, actor) for each in values)
    if any(each.given and (kind is None or kind in each.kinds) for each in aggregates(rulebook)):
        yield tuple(Action(kind, "you to others", each) for each in values)


def kinds_read(rulebook: Rulebook) -> tuple[str | None, ...]:
    """Return the kinds of record that measures read; None alone where records have no kind."""
    if not any(field.name == "kind" for field in record_fields(rulebook)):
        return (None,) if aggregates(rulebook) else ()
    return tuple(dict.fromkeys(kind for each in aggregates(rulebook) for kind in each.kinds))


# ---- who acts ----------------------------------------------------------------------------------------------------


def _latest_actor(near: Neighbourhood) -> str | None:
    """Return who, other than the person, acted last about them."""
    places = {field.name: place for place, field in enumerate(record_fields(near.rulebook))}
    subject, actor, at = places["subject"], places["actor"], places["at"]
    others = [
        each.row
        for each in near.records
        if each.row[subject] == near.subject and each.row[actor] not in (None, near.subject)
    ]
    latest = max(others, key=lambda row: _moment(row[at]), default=None)
    return None if latest is None else str(latest[actor])


def attributes_of(rulebook: Rulebook, whose: Literal["actor", "subject"]) -> frozenset[str]:
    """Return the attributes that are read of whoever did what a record tells, or of whom it is about."""
    read = (each.op for expr in record_exprs(rulebook) for each in walk(expr))
    return frozenset(op.name for op in read if isinstance(op, AttributeOf) and op.whose == whose)


def _alike(near: Neighbourhood) -> tuple[str | None, ...]:
    """Return whose attributes people nobody knows could have: none; or the person's, or those of who acted last."""
    if not attributes_of(near.rulebook, "actor"):
        return (None,)
    return tuple(dict.fromkeys((near.subject, _latest_actor(near), None)))


# ---- the other fields --------------------------------------------------------------------------------------------


def fillings(near: Neighbourhood, kind: str | None) -> Iterator[tuple[tuple[str, Scalar | None], ...]]:
    """Give ways to fill in the fields that have no role: the likeliest; what the conditions name; then each of these
    with one field otherwise."""
    candidates = {field.name: tuple(_candidates(near, kind, field)) for field in _others(near.rulebook)}
    likeliest = {name: found[0] for name, found in candidates.items()}
    named = likeliest | {
        name: value
        for name, found in candidates.items()
        for value in list(dict.fromkeys(_named(near.rulebook, name)))[:1]
        if value in found
    }
    bases = (likeliest, named)
    varied = [base | {name: value} for base in reversed(bases) for name, found in candidates.items() for value in found]
    yield from dict.fromkeys(_filled(each) for each in (*bases, *varied[: 2 * MOST_VARIATIONS]))


def _filled(values: dict[str, Scalar | _Fresh | None]) -> tuple[tuple[str, Scalar | None], ...]:
    return tuple((name, value) for name, value in values.items() if not isinstance(value, _Fresh))


class _Fresh:
    """Stands for a text that is another each time."""


_FRESH = _Fresh()


def _candidates(near: Neighbourhood, kind: str | None, field: Field) -> Iterator[Scalar | _Fresh | None]:
    """Give the values that a field could have: as in the person's records of the kind, the latest first, or as the
    rules name."""
    named = tuple(_named(near.rulebook, field.name))
    last = _latest(near, kind, field.name)
    match field.type:
        case TextType():
            ranked = _had(near, kind, field.name) if _is_ranked(near.rulebook, field.name) else []
            yield from (*([last] if named and last is not None else []), _FRESH, *_unique((*named, *ranked)))
        case OneOfType(values=values):
            yield from _unique((last, *values))
        case YesNoType():
            yield from _unique((last, True, False))
        case NumberType(low=low, high=high, places=places):
            above = (each + 1 for each in named if isinstance(each, Decimal))
            usual = (last, Decimal(1), *named, *above, *_beyond(near, kind, field), low, high)
            fitting = (found for each in usual if isinstance(each, Decimal) for found in _writable(each, places))
            yield from _unique(each for each in fitting if low <= each <= high)
        case _:
            yield from _unique((last, near.as_of if isinstance(field.type, DateType) else _noon(near.as_of), *named))
    if field.optional:
        yield None


def _is_ranked(rulebook: Rulebook, name: str) -> bool:
    """Say whether an h index asks how many records each value of a field has: one that has some is nearer to more."""
    return any(isinstance(each, HIndex) and each.field == name for each in aggregates(rulebook))


def _beyond(near: Neighbourhood, kind: str | None, field: Field) -> Iterator[Decimal]:
    """Give the numbers next to those that the person's records have, on the side on which the field has no end of its
    own: nobody imagines the last number that can be read."""
    had = [each for each in _had(near, kind, field.name) if isinstance(each, Decimal)]
    if had and isinstance(field.type, NumberType):
        if field.type.high == UNSAID.high:
            yield max(had) + 1
        if field.type.low == UNSAID.low:
            yield min(had) - 1


def _writable(value: Decimal, places: int) -> tuple[Decimal, ...]:
    """Return a number, or where it has more places than a field can have, those next to it that have not."""
    step = Decimal(1).scaleb(-places)
    below = value.quantize(step, ROUND_FLOOR, EXACT)
    return (value,) if below == value else (below, EXACT.add(below, step))


def _others(rulebook: Rulebook) -> tuple[Field, ...]:
    return tuple(field for field in record_fields(rulebook) if field.name not in ROLES)


def _latest(near: Neighbourhood, kind: str | None, name: str) -> Scalar | None:
    """Return a field of the latest record of a kind about the person that has it."""
    at, place, rows = _place(near, "at"), _place(near, name), _with(near, kind, name)
    return max(rows, key=lambda row: _moment(row[at]))[place] if rows else None


def _had(near: Neighbourhood, kind: str | None, name: str) -> list[Scalar | None]:
    """Return the values that a field has in the records of a kind about the person."""
    place = _place(near, name)
    return [row[place] for row in _with(near, kind, name)]


def _with(near: Neighbourhood, kind: str | None, name: str) -> list[Row]:
    """Return the records of a kind about the person that have a field."""
    subject, place = _place(near, "subject"), _place(near, name)
    rows = [each.row for each in near.records if each.row[subject] == near.subject and each.row[place] is not None]
    return rows if kind is None else [row for row in rows if row[_place(near, "kind")] == kind]


def _place(near: Neighbourhood, name: str) -> int:
    """Return the place of a field in a record."""
    return [field.name for field in record_fields(near.rulebook)].index(name)


def _named(rulebook: Rulebook, name: str) -> Iterator[Scalar]:
    """Give the values with which conditions compare a field, and at which the rows of a table of it end."""
    for expr in record_exprs(rulebook):
        for each in walk(expr):
            match each.op:
                case Compare(left=left, right=right):
                    yield from _literals((left, right), name)
                case In(value=value, options=options):
                    yield from _literals((value, *options), name)
                case TextTest(value=value, part=part):
                    yield from _literals((value, part), name)
                case _:
                    pass
    picked = {
        each.name
        for each in rulebook.measures
        if isinstance(each.aggregate, Pick) and each.aggregate.value.op == FieldOf(name)
    }
    for rule in rulebook.rules:
        if isinstance(rule.body, Table) and isinstance(rule.body.by.op, MeasureOf) and rule.body.by.op.name in picked:
            for row in rule.body.rows:
                if isinstance(row.takes, Range):
                    yield from (end for end in (row.takes.low, row.takes.high) if end is not None)


@once(1 << 6)
def _looked_for(rulebook: Rulebook) -> tuple[str, ...]:
    """Return what conditions on records ask of a text whether it begins with, ends with or contains it."""
    tests = (each.op for expr in record_exprs(rulebook) for each in walk(expr))
    parts = (test.part.op for test in tests if isinstance(test, TextTest))
    return tuple(str(part.value).casefold() for part in parts if isinstance(part, Literally | ParameterOf))


def _literals(exprs: tuple[Expr, ...], name: str) -> Iterator[Scalar]:
    if any(isinstance(each.op, FieldOf) and each.op.name == name for each in exprs):
        yield from (each.op.value for each in exprs if isinstance(each.op, Literally | ParameterOf))


def _unique(values: Iterable[Scalar | None]) -> tuple[Scalar, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


# ---- moments -----------------------------------------------------------------------------------------------------


def made_up_id(field: Field, number: int) -> Scalar:
    """Return the id of an imagined record to which nobody gave one."""
    return Decimal(-number) if isinstance(field.type, NumberType) else f"imagined {number}"


def moment_on(field: Field, day: date, zone: str) -> Scalar:
    """Return noon of a day in a zone; where the clocks skip it, the next hour that they show. Where the zone has no
    such hour on that day, or the calendar no such moment, it is noon in UTC."""
    if not isinstance(field.type, TimeType):
        return day
    local = datetime.combine(day, time(12))
    try:
        found = (moment_of(local + timedelta(hours=hours), zone) for hours in range(12))
        return next((each for each in found if each is not None), _noon(day))
    except OverflowError:
        return _noon(day)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _moment(value: Scalar | None) -> datetime:
    match value:
        case datetime():
            return value
        case date():
            return datetime.combine(value, time(), tzinfo=UTC)
        case _:
            return datetime.min.replace(tzinfo=UTC)
