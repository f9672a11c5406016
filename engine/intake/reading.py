"""Takes rows of text cells and the fields declared; gives the values that they mean, and why a row is rejected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct

from tallystick.engine.arithmetic import text_of
from tallystick.engine.calendar import in_utc, moment_of
from tallystick.engine.intake import reasons
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, Scalar, TextType, TimeType, YesNoType

Row: TypeAlias = tuple[Scalar | None, ...]
"""The values of one row, in the order of the declared fields."""

_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_PLACES_OF_A_SECOND = 6
_MOST_EXPONENT_DIGITS = 6
_FARTHEST_DIGIT = 40
"""No declared number has so many digits before the point."""
_LAST_HOUR, _LAST_MINUTE = 23, 59
_FIRST_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
_AFTER_LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class Rejected(Struct, frozen=True):
    """A cell that makes its row rejected: the field, one of ``reasons``, and the text as it was (None: missing)."""

    field: str
    reason: str
    value: str | None


class RejectedRow(Struct, frozen=True):
    """A rejected row, by its place among the rows given (from 0)."""

    index: int
    because: Rejected


class Read(Struct, frozen=True):
    """What rows of cells mean: the accepted rows and the rejected ones as they came, and how many copies there were."""

    rows: tuple[Row, ...]
    rejected: tuple[RejectedRow, ...]
    copies: int


def record_fields(rulebook: Rulebook) -> tuple[Field, ...]:
    """Return the fields of a record, in the order declared; none where records are not declared."""
    return rulebook.records or ()


def subject_fields(rulebook: Rulebook) -> tuple[Field, ...]:
    """Return the fields of a row of subjects: those declared, after the key ``subject`` if it is not among them."""
    declared = rulebook.subjects or ()
    if any(field.name == "subject" for field in declared):
        return declared
    return (Field("subject", "subject", TextType(), optional=False, title=None), *declared)


def read_rows(
    fields: Sequence[Field],
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    key: Literal["id", "subject"] | None = None,
) -> Read:
    """Read rows of cells whose columns bear the names of fields; a field without a column is missing in every row.

    Rows that share the ``key`` are one if they are equal in every field (the others are copies), else all are rejected.
    """
    places = {name: place for place, name in enumerate(columns)}
    rejected: list[RejectedRow] = []
    accepted: list[tuple[int, Row]] = []
    for index, cells in enumerate(rows):
        row = _read_row(fields, [cells[places[f.name]] if f.name in places else None for f in fields])
        if isinstance(row, Rejected):
            rejected.append(RejectedRow(index, row))
        else:
            accepted.append((index, row))
    names = [field.name for field in fields]
    if key is None or key not in names:
        return Read(tuple(row for _, row in accepted), tuple(rejected), copies=0)
    return _without_copies(accepted, rejected, key, names.index(key))


def read_cell(field: Field, text: str | None) -> Scalar | Rejected | None:
    """Return the value that a cell's text means in a field; None for a missing one, where that may be."""
    if text is None or text == "":
        return None if field.optional else Rejected(field.name, reasons.MISSING, text)
    found = _too_long_or_nul(text) or _value(field, text)
    return Rejected(field.name, found.reason, text) if isinstance(found, _Refused) else found


def as_scalar(value: object) -> Scalar | None:
    """Return a value that the database gave as the reader of texts has it."""
    match value:
        case datetime():
            return value.replace(tzinfo=UTC)
        case None | bool() | str() | Decimal() | date():
            return value
        case _:
            raise AssertionError(type(value))


def written(value: Scalar | None) -> str | None:
    """Return canonical text: ``yes``, ``2026-01-31``, ``2026-01-31T09:00:00.5Z``, ``1.5``; None if missing."""
    match value:
        case None | str():
            return value
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return text_of(value)
        case datetime():
            text = in_utc(value).replace(tzinfo=None).isoformat()
            return (text.rstrip("0") if "." in text else text) + "Z"
        case date():
            return value.isoformat()
        case _:
            assert_never(value)


class _Refused(Struct, frozen=True):
    """Why a text is not a value of its field."""

    reason: str


def _read_row(fields: Sequence[Field], cells: Sequence[str | None]) -> Row | Rejected:
    """Read a row's cells; the first one in the order of the fields that cannot be read rejects it."""
    values: list[Scalar | None] = []
    for field, cell in zip(fields, cells, strict=True):
        value = read_cell(field, cell)
        if isinstance(value, Rejected):
            return value
        values.append(value)
    return tuple(values)


def _without_copies(
    accepted: list[tuple[int, Row]], rejected: list[RejectedRow], key: Literal["id", "subject"], place: int
) -> Read:
    """Make one of the rows that share a key and are equal; reject those that share a key and differ."""
    different: dict[Scalar, set[Row]] = {}
    for _, row in accepted:
        name = row[place]
        if name is not None:
            different.setdefault(name, set()).add(row)
    reason = reasons.ID_SHARED if key == "id" else reasons.SUBJECT_SHARED
    kept: list[Row] = []
    seen: set[Scalar] = set()
    copies = 0
    for index, row in accepted:
        name = row[place]
        if name is None:
            kept.append(row)
        elif len(different[name]) > 1:
            rejected.append(RejectedRow(index, Rejected(key, reason, written(name))))
        elif name in seen:
            copies += 1
        else:
            seen.add(name)
            kept.append(row)
    return Read(tuple(kept), tuple(sorted(rejected, key=lambda each: each.index)), copies)


def _too_long_or_nul(text: str) -> _Refused | None:
    if len(text) > reasons.LONGEST_TEXT:
        return _Refused(reasons.TOO_LONG)
    if text == reasons.BEYOND_TEXT:
        return _Refused(reasons.BEYOND)
    return _Refused(reasons.HOLDS_NUL) if "\0" in text else None


def _value(field: Field, text: str) -> Scalar | _Refused:
    match field.type:
        case TextType():
            return text
        case YesNoType():
            value = _YES_NO.get(text.lower()) if text.isascii() else None
            return _Refused(reasons.NOT_YES_NO) if value is None else value
        case OneOfType(values=values) as type_:
            # A kind that is not listed is read as it is: its record is unused, not rejected.
            return text if text in values or field.name == "kind" else _Refused(reasons.not_one_of(type_))
        case DateType():
            return _date(text)
        case TimeType(zone=zone):
            return _time(text, zone)
        case NumberType() as type_:
            return _number(text, type_)
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def _date(text: str) -> date | _Refused:
    if not _DATE.fullmatch(text):
        return _Refused(reasons.NOT_A_DATE)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _Refused(reasons.NOT_A_DATE)


def _time(text: str, zone: str | None) -> datetime | _Refused:
    found = _TIME.fullmatch(text)
    if found is None:
        return _Refused(reasons.NOT_A_TIME)
    year, month, day, hour, minute, second, places, offset = found.groups()
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or "0"))  # noqa: DTZ001
    except ValueError:
        return _Refused(reasons.NOT_A_TIME)
    if places is not None:
        if len(places) > _PLACES_OF_A_SECOND:
            return _Refused(reasons.TOO_FINE)
        local = local.replace(microsecond=int(places.ljust(_PLACES_OF_A_SECOND, "0")))
    return _in_range(_moment(local, offset, zone))


def _moment(local: datetime, offset: str | None, zone: str | None) -> datetime | _Refused:
    """Return the moment at which the clocks of an offset, or without one of a zone, show ``local``."""
    try:
        if offset is not None:
            ahead = _ahead(offset)
            return _Refused(reasons.NOT_A_TIME) if ahead is None else local.replace(tzinfo=UTC) - ahead
        if zone is None:
            return _Refused(reasons.NO_OFFSET)
        moment = moment_of(local, zone)
    except OverflowError:
        return _Refused(reasons.OUT_OF_TIME)
    return _Refused(reasons.never_comes(zone)) if moment is None else moment


def _ahead(offset: str) -> timedelta | None:
    """Return how far ahead of UTC an offset (``Z``, ``+01:00``) is; None if there is no such offset."""
    if offset == "Z":
        return timedelta(0)
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > _LAST_HOUR or minutes > _LAST_MINUTE:
        return None
    size = timedelta(hours=hours, minutes=minutes)
    return -size if offset[0] == "-" else size


def _in_range(moment: datetime | _Refused) -> datetime | _Refused:
    if isinstance(moment, datetime) and not _FIRST_MOMENT <= moment < _AFTER_LAST_MOMENT:
        return _Refused(reasons.OUT_OF_TIME)
    return moment


def _number(text: str, type_: NumberType) -> Decimal | _Refused:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return _Refused(reasons.NOT_A_NUMBER)
    sign, whole, places, exponent_sign, exponent = found.groups()
    if not whole and not places:
        return _Refused(reasons.NOT_A_NUMBER)
    digits = (whole + (places or "")).lstrip("0")
    short = digits.rstrip("0")
    if not short:
        return Decimal(0) if type_.low <= 0 <= type_.high else _Refused(reasons.outside(type_))
    # The value is the whole number ``short`` with its point moved by ``last`` places.
    last = _exponent(exponent_sign, exponent) - len(places or "") + len(digits) - len(short)
    if -last > type_.places:
        return _Refused(reasons.too_many_places(type_))
    if len(short) + last > _FARTHEST_DIGIT:
        return _Refused(reasons.outside(type_))
    value = Decimal((int(sign == "-"), tuple(map(int, short)), last))
    return value if type_.low <= value <= type_.high else _Refused(reasons.outside(type_))


def _exponent(sign: str | None, digits: str | None) -> int:
    """Return a written exponent; one too long to matter is held at a million."""
    if not digits:
        return 0
    significant = digits.lstrip("0")
    size = 10**_MOST_EXPONENT_DIGITS if len(significant) > _MOST_EXPONENT_DIGITS else int(significant or "0")
    return -size if sign == "-" else size
