"""Takes a field and the type of the column that it is read from; gives PostgreSQL's words for what its plain cells
mean.

As in ``intake_cells``, there is one meaning of a cell, ``reading.read_cell``. The words here know the plain ways to
write a value and are missing for any other text, which ``read_cell`` then reads. None of them fails on any cell: a text
is only cast where its form leaves no doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, TypeAlias, assert_never

from tallystick.engine import reasons
from tallystick.engine.dialects.postgres import quote_text
from tallystick.rules.rulebook import (
    DateType,
    DurationType,
    Field,
    NumberType,
    OneOfType,
    TextType,
    TimeType,
    YesNoType,
)

Column: TypeAlias = Literal["text", "whole", "binary", "decimal", "yes/no", "date", "time", "moment"]
_COLUMNS: dict[str, Column] = {
    **dict.fromkeys(("text", "character varying", "character", "name", "uuid", "enum", "citext"), "text"),
    **dict.fromkeys(("smallint", "integer", "bigint"), "whole"),
    **dict.fromkeys(("real", "double precision"), "binary"),
    "numeric": "decimal",
    "boolean": "yes/no",
    "date": "date",
    "timestamp without time zone": "time",
    "timestamp with time zone": "moment",
}
_YES, _NO = ("yes", "true", "Yes", "True", "YES", "TRUE"), ("no", "false", "No", "False", "NO", "FALSE")
_DAY = "(0[1-9]|1[0-9]|2[0-8])"
_MONTHS = f"((0[1-9]|1[0-2])-{_DAY}|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
"""Months with days that they have in every year; 29 February is left to ``read_cell``."""
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_WRITTEN = rf"^(19|20|21)[0-9]{{2}}-{_MONTHS}[T ]{_CLOCK}(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"
_DATE = rf"^(?!0000)[0-9]{{4}}-{_MONTHS}$"
_PLAIN_DATES = "DATE '0001-01-01' AND DATE '9999-12-31'"
_PLAIN_TIMES = "TIMESTAMP '1900-01-01' AND TIMESTAMP '2199-12-31'"


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column's cells are read. ``text``: the cell as text. ``missing``: whether it is. ``value``: what it means,
    missing unless it is plainly written. ``type``: PostgreSQL's of the value. ``local``: for the moments of a zone's
    clocks, the clock's time; then ``{ahead}`` in ``value`` is how many microseconds those clocks are ahead of UTC."""

    text: str
    missing: str
    value: str
    type: str
    local: str | None = None


def column_of(kind: str) -> Column | None:
    """Return what a column of a type holds; None for what no field can be read from."""
    return _COLUMNS.get(kind)


def value_type(field: Field) -> str:
    """Return PostgreSQL's type for a field's values."""
    match field.type:
        case TextType() | OneOfType():
            return "text"
        case YesNoType():
            return "boolean"
        case DateType():
            return "date"
        case TimeType():
            return "timestamp"
        case NumberType():
            return "numeric"
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def cell(field: Field, holds: Column, column: str) -> Cell:
    """Return how a field is read from ``column``, quoted already."""
    text = _text(holds, column)
    missing = f"{column} IS NULL" + (f" OR {text} = ''" if holds == "text" else "")
    if isinstance(field.type, TimeType) and field.type.zone is not None and holds == "time":
        local = f"CASE WHEN {column} BETWEEN {_PLAIN_TIMES} THEN {column} END"
        value = f"({local}) - {{ahead}} * INTERVAL '1 microsecond'"
        return Cell(text, missing, value, value_type(field), local)
    return Cell(text, missing, _value(field, holds, column, text), value_type(field))


def _text(holds: Column, column: str) -> str:
    if holds == "moment":
        return f"(CAST({column} AT TIME ZONE 'UTC' AS text) || 'Z')"
    return f'CAST({column} AS text) COLLATE "C"'


def _value(field: Field, holds: Column, column: str, text: str) -> str:
    match field.type:
        case TextType():
            return _plain_text(holds, text)
        case OneOfType(values=values):
            if field.name == "kind":
                return _plain_text(holds, text)
            return f"CASE WHEN {text} IN ({', '.join(map(quote_text, values))}) THEN {text} END"
        case YesNoType():
            yes, no = (", ".join(map(quote_text, words)) for words in (_YES, _NO))
            told = f"CASE WHEN {text} IN ({yes}) THEN true WHEN {text} IN ({no}) THEN false END"
            return column if holds == "yes/no" else told
        case DateType():
            return _date(holds, column, text)
        case TimeType():
            return _time(holds, column, text)
        case NumberType() as type_:
            return _number(holds, column, text, type_)
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def _plain_text(holds: Column, text: str) -> str:
    plain = f"{text} <> '' AND length({text}) <= {reasons.LONGEST_TEXT}"
    return f"CASE WHEN {plain} THEN {text} END" if holds == "text" else text


def _date(holds: Column, column: str, text: str) -> str:
    match holds:
        case "date":
            return f"CASE WHEN {column} BETWEEN {_PLAIN_DATES} THEN {column} END"
        case "time":
            at_midnight = f"{column} = date_trunc('day', {column}) AND {column} BETWEEN {_PLAIN_TIMES}"
            return f"CASE WHEN {at_midnight} THEN CAST({column} AS date) END"
        case "text":
            return f"CASE WHEN {text} ~ {quote_text(_DATE)} THEN CAST({text} AS date) END"
        case _:
            return "CAST(NULL AS date)"


def _time(holds: Column, column: str, text: str) -> str:
    match holds:
        case "moment":
            in_utc = f"({column} AT TIME ZONE 'UTC')"
            return f"CASE WHEN {in_utc} BETWEEN {_PLAIN_TIMES} THEN {in_utc} END"
        case "text":
            moment = f"CAST({text} AS timestamptz) AT TIME ZONE 'UTC'"
            return f"CASE WHEN {text} ~ {quote_text(_WRITTEN)} THEN {moment} END"
        case _:
            # A clock's time means nothing without its zone.
            return "CAST(NULL AS timestamp)"


def _number(holds: Column, column: str, text: str, type_: NumberType) -> str:
    between = f"BETWEEN {type_.low:f} AND {type_.high:f}"
    match holds:
        case "whole":
            low, high = type_.low.to_integral_value(ROUND_CEILING), type_.high.to_integral_value(ROUND_FLOOR)
            inside = f"CAST({column} AS numeric) BETWEEN {low:f} AND {high:f}"
            return f"CASE WHEN {inside} THEN CAST({column} AS numeric) END"
        case "decimal" | "binary":
            # A binary number stands for the shortest text that is read as it.
            number = column if holds == "decimal" else f"CAST(CAST({column} AS text) AS numeric)"
            same = f"{number} {between} AND round({number}, {type_.places}) = {number}"
            return f"CASE WHEN {same} THEN round({number}, {type_.places}) END"
        case "text":
            places = rf"(\.[0-9]{{1,{type_.places}}})?" if type_.places else ""
            form = quote_text(rf"^-?(0|[1-9][0-9]{{0,{_digits(type_) - 1}}}){places}$")
            number = f"CASE WHEN {text} ~ {form} THEN CAST({text} AS numeric) END"
            return f"CASE WHEN {number} {between} THEN round(CAST({text} AS numeric), {type_.places}) END"
        case _:
            return "CAST(NULL AS numeric)"


def _digits(type_: NumberType) -> int:
    """Return how many digits the greatest of a type's numbers has before the point, at least one."""
    return max(len(f"{abs(Decimal(bound).to_integral_value(ROUND_FLOOR)):f}") for bound in (type_.low, type_.high))
