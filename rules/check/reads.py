"""Takes the head, ``records`` and ``subjects`` as written; gives what a rulebook says of itself and what it reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

from msgspec import Struct

from tallystick.rules import decimals, syntax
from tallystick.rules.check import intervals
from tallystick.rules.check.clauses import signed
from tallystick.rules.check.names import Site, Sort
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.check_errors import reads
from tallystick.rules.placed import nodes
from tallystick.rules.rulebook import Field
from tallystick.rules.source import Span
from tallystick.rules.value import DateType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType

_KEY = "subject"
_ROLES: dict[str, tuple[tuple[type[Type], ...], str]] = {
    "id": ((TextType, NumberType), "text"),
    "subject": ((TextType,), "text"),
    "actor": ((TextType,), "text"),
    "kind": ((OneOfType, TextType), "one of …"),
    "at": ((TimeType, DateType), "time"),
}
"""The fields with a fixed role: the types each may have, and what to write."""
_MAY_LACK = ("actor",)
_NEEDED = (("subject", "subject text"), ("at", "at time"))


class Head(Struct, frozen=True):
    """What a rulebook says of itself."""

    texts: dict[str, str]
    effective: date | None
    noise: syntax.NumberLiteral | None


def head(check: Check, written: syntax.Head) -> Head:
    """Read the head: each line once, a time zone that exists."""
    texts: dict[str, str] = {}
    effective: date | None = None
    noise: syntax.NumberLiteral | None = None
    seen: dict[str, Span] = {}
    for item in written.items:
        match item:
            case syntax.HeadText(key=key, text=text, span=span):
                if _again(check, key, span, seen):
                    continue
                texts[key] = text.value
                if key == "time zone":
                    _zone(check, text)
            case syntax.HeadEffective(date=day, span=span):
                if not _again(check, "effective", span, seen):
                    effective = day.value
            case syntax.HeadNoise(value=value, span=span):
                if not _again(check, "noise", span, seen):
                    noise = value
    return Head(texts, effective, noise)


def fields(check: Check, written: tuple[syntax.Field, ...], sort: Sort) -> tuple[Field, ...]:
    """Read the fields of ``records`` or ``subjects`` and enter their names."""
    made: list[Field] = []
    key: Site | None = None
    for each in written:
        kind = _type(check, each.type)
        name = each.name.text
        if sort == "attribute" and name == _KEY:
            site = Site(name, sort, each.name.span)
            if key is not None:
                check.report(say_name.declared_twice(check.source, each.name.span, name, key))
            key = key or site
            _key(check, each, kind)
            continue
        if not enter(check, each.name, sort) or kind is None:
            continue
        column = name if each.column is None else each.column.value
        title = None if each.title is None else each.title.value
        field = Field(name, column, kind, each.optional, title, each.span, each.private)
        if sort == "field" and not _plays_its_role(check, each, field):
            continue
        made.append(field)
        (check.names.fields if sort == "field" else check.names.attributes)[name] = field
    return tuple(made)


def needed(check: Check, written: syntax.Records) -> None:
    """Report the fields without which no record can be placed."""
    for name, form in _NEEDED:
        if not check.names.is_poison(name) and not check.lost("records"):
            check.report(reads.role_needed(check.source, written.span, name, form))
            check.names.silent.add(name)


def warn_of_zone(check: Check, head: Head) -> None:
    """Warn where moments of which the days count are those of a zone's clocks, and nothing says in which zone days
    begin: those of records, or else another's that ``days since`` or the like reads."""
    if "time zone" in head.texts:
        return
    names, read = check.names, _days_read(check)
    known = {**names.attributes, **names.fields}
    for each in (*names.fields.values(), *names.attributes.values()):
        if (each.name == "at" and each.name in names.fields) or (each.name in read and known[each.name] is each):
            zone = each.type.zone if isinstance(each.type, TimeType) else None
            if zone is not None and _is_ahead(zone):
                check.report(reads.zone_unsaid(check.source, each.span, each.name, zone))
                return


def _days_read(check: Check) -> set[str]:
    """Return the names whose days, or years, are counted."""
    counted = [
        each
        for each in nodes(check.file.declarations)
        if isinstance(each, syntax.Since) or (isinstance(each, syntax.FromTo) and each.unit == "days")
    ]
    inside = [each for one in counted for each in nodes(one)]
    return {each.text for each in inside if isinstance(each, syntax.Name)} | {
        each.name.text for each in inside if isinstance(each, syntax.Dotted)
    }


def _is_ahead(zone: str) -> bool:
    """Whether the clocks of a zone ever show something else than UTC in a year of today."""
    shown = (datetime(2026, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)) for month in (1, 7))
    return any(each.utcoffset() for each in shown)


def enter(check: Check, word: syntax.Word, sort: Sort) -> bool:
    """Enter a name into the space that fields, attributes, parameters and measures share; False where it is taken."""
    first = check.names.sites.get(word.text)
    if first is not None:
        check.report(say_name.declared_twice(check.source, word.span, word.text, first))
        check.names.twice.add(word.text)
        return False
    check.names.sites[word.text] = Site(word.text, sort, word.span)
    return True


def _again(check: Check, keyword: str, span: Span, seen: dict[str, Span]) -> bool:
    first = seen.setdefault(keyword, span)
    if first is span:
        return False
    check.report(say_name.block_twice(check.source, span, keyword, first))
    return True


def _zone(check: Check, text: syntax.Text) -> None:
    zones = zone_names()
    if text.value not in zones:
        check.report(reads.zone_unknown(check.source, text.span, text.value, zones))


def zone_names() -> tuple[str, ...]:
    """Return every time zone there is, whatever machine this is."""
    return tuple((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def _type(check: Check, written: syntax.FieldType) -> Type | None:
    match written.name:
        case "text":
            return TextType()
        case "yes/no":
            return YesNoType()
        case "date":
            return DateType()
        case "time":
            if written.zone is None:
                return TimeType()
            _zone(check, written.zone)
            return TimeType(written.zone.value)
        case "one of":
            return _one_of(check, written)
        case "number" | "whole number":
            return _number(check, written)


def _one_of(check: Check, written: syntax.FieldType) -> Type:
    seen: dict[str, Span] = {}
    for word in written.values:
        first = seen.setdefault(word.text, word.span)
        if first is not word.span:
            check.report(reads.value_twice(check.source, word.span, word.text, first))
    return OneOfType(tuple(seen))


def _number(check: Check, written: syntax.FieldType) -> Type | None:
    whole = written.name == "whole number"
    places = 0 if whole else intervals.UNSAID.places
    if written.places is not None:
        places_span = written.places.span
        if whole:
            check.report(reads.whole_with_places(check.source, places_span))
            return None
        if not is_places(written.places.value):
            check.report(reads.places_range(check.source, places_span, written.places.value))
            return None
        places = int(written.places.value)
    low = None if written.low is None else signed(written.low)
    high = None if written.high is None else signed(written.high)
    for bound, value in ((written.low, low), (written.high, high)):
        if bound is not None and value is not None:
            if not intervals.fits(intervals.point(value)):
                check.report(say_number.literal_too_large(check.source, bound.span))
                return None
            if decimals.places_of(value) > places:
                check.report(reads.bound_places(check.source, bound.span, value, "the field's values", places))
                return None
    low = -intervals.MOST if low is None else low
    high = max(intervals.MOST, low) if high is None else high
    if low > high:
        check.report(reads.range_empty(check.source, written.span, low, high))
        return None
    return NumberType(low, high, places)


def is_places(value: Decimal) -> bool:
    """Say whether a number can be a number of decimal places."""
    return decimals.places_of(value) == 0 and 0 <= value <= decimals.PLACES


def _plays_its_role(check: Check, written: syntax.Field, field: Field) -> bool:
    """Say whether a field with a fixed role has a type for it; else report it."""
    if field.name not in _ROLES:
        return True
    types, form = _ROLES[field.name]
    if not isinstance(field.type, types):
        check.report(reads.role_type(check.source, written.type.span, field.name, field.type, form))
        return False
    if field.optional and field.name not in _MAY_LACK:
        check.report(reads.role_optional(check.source, written.span, field.name))
        return False
    return True


def _key(check: Check, written: syntax.Field, kind: Type | None) -> None:
    """The key of ``subjects`` may be named, as what it is; it says nothing more."""
    if kind is not None and not isinstance(kind, TextType):
        check.report(reads.role_type(check.source, written.type.span, _KEY, kind, "text"))
    elif written.optional:
        check.report(reads.role_optional(check.source, written.span, _KEY))
    elif written.column is not None:
        check.report(reads.key_column(check.source, written.column.span))
