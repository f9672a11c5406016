"""Takes a field and the type of the column that it is read from; gives Spark's words for what its plain cells mean.

As in ``intake_cells``, there is one meaning of a cell, ``reading.read_cell``. The words here know the plain ways to
write a value and are missing for any other text, which ``read_cell`` then reads. None of them fails on any cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Literal, TypeAlias, assert_never

from tallystick.engine import reasons
from tallystick.engine.dialects.spark import quote_text
from tallystick.engine.intake_cells import sql_type
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

Column: TypeAlias = Literal["text", "whole", "float", "double", "decimal", "yes/no", "date", "time", "moment"]
WHOLE = {"tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT"}
"""Spark's whole numbers, and what DuckDB calls them."""
_COLUMNS: dict[str, Column] = {
    "string": "text",
    "void": "text",
    **dict.fromkeys(WHOLE, "whole"),
    "float": "float",
    "double": "double",
    "boolean": "yes/no",
    "date": "date",
    "timestamp_ntz": "time",
    "timestamp": "moment",
}
_YES, _NO = ("yes", "true", "Yes", "True", "YES", "TRUE"), ("no", "false", "No", "False", "NO", "FALSE")
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_WRITTEN = rf"(19|20|21)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}(Z|[+-](0[0-9]|1[0-7]):[0-5][0-9])"
_DATE = "(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PLAIN_DATES = "DATE'0001-01-01' AND DATE'9999-12-31'"
_PLAIN_TIMES = "TIMESTAMP_NTZ'1900-01-01 00:00:00' AND TIMESTAMP_NTZ'2199-12-31 00:00:00'"
_EXACT_DIGITS = 15
"""Two numbers of so many digits never share a DOUBLE, so one that comes back from it is its shortest text."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column's cells are read. ``text``: the cell as text. ``missing``: whether it is. ``value``: what it means,
    missing unless it is plainly written."""

    text: str
    missing: str
    value: str


def column_of(kind: str) -> Column | None:
    """Return what a column of a type of Spark's holds; None for what no field can be read from."""
    if re.fullmatch(r"decimal\([0-9]+,[0-9]+\)", kind):
        return "decimal"
    return "text" if re.fullmatch(r"(var)?char\([0-9]+\)", kind) else _COLUMNS.get(kind)


def value_type(field: Field) -> str:
    """Return Spark's type for a field's values."""
    return {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}.get(sql_type(field), sql_type(field))


def cell(field: Field, holds: Column, column: str) -> Cell:
    """Return how a field is read from ``column``, quoted already."""
    text = f"CAST({column} AS STRING)"
    if holds == "moment":
        text = f"concat(CAST(CAST({column} AS TIMESTAMP_NTZ) AS STRING), 'Z')"
    missing = f"{column} IS NULL" + (f" OR {text} = ''" if holds == "text" else "")
    return Cell(text, missing, _value(field, holds, column, text))


def _value(field: Field, holds: Column, column: str, text: str) -> str:
    match field.type:
        case TextType():
            return _plain_text(holds, column, text)
        case OneOfType(values=values):
            if field.name == "kind":
                return _plain_text(holds, column, text)
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
            return _number(field, type_, holds, column, text)
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def _plain_text(holds: Column, column: str, text: str) -> str:
    match holds:
        case "text":
            short = f"char_length({text}) BETWEEN 1 AND {reasons.LONGEST_TEXT}"
            return f"CASE WHEN {short} AND NOT contains({text}, chr(0)) THEN {text} END"
        case "whole" | "decimal" | "yes/no":
            return text
        case "date":
            return f"CASE WHEN {column} BETWEEN {_PLAIN_DATES} THEN {text} END"
        case "time" | "moment":
            return f"CASE WHEN CAST({column} AS TIMESTAMP_NTZ) BETWEEN {_PLAIN_TIMES} THEN {text} END"
        case "float" | "double":
            # Spark writes a binary number otherwise than DuckDB.
            return "CAST(NULL AS STRING)"
        case _:
            assert_never(holds)


def _date(holds: Column, column: str, text: str) -> str:
    match holds:
        case "date":
            return f"CASE WHEN {column} BETWEEN {_PLAIN_DATES} THEN {column} END"
        case "time":
            at_midnight = (
                f"{column} = CAST(CAST({column} AS DATE) AS TIMESTAMP_NTZ) AND {column} BETWEEN {_PLAIN_TIMES}"
            )
            return f"CASE WHEN {at_midnight} THEN CAST({column} AS DATE) END"
        case "text":
            return f"CASE WHEN {_is_whole(text, _DATE)} THEN TRY_CAST({text} AS DATE) END"
        case _:
            return "CAST(NULL AS DATE)"


def _time(holds: Column, column: str, text: str) -> str:
    match holds:
        case "moment":
            in_utc = f"CAST({column} AS TIMESTAMP_NTZ)"
            return f"CASE WHEN {in_utc} BETWEEN {_PLAIN_TIMES} THEN {in_utc} END"
        case "text":
            moment = f"CAST(TRY_CAST({text} AS TIMESTAMP_LTZ) AS TIMESTAMP_NTZ)"
            return f"CASE WHEN {_is_whole(text, _WRITTEN)} THEN {moment} END"
        case _:
            # A clock's time means nothing without its zone, of which ``read_cell`` knows.
            return "CAST(NULL AS TIMESTAMP_NTZ)"


def _number(field: Field, type_: NumberType, holds: Column, column: str, text: str) -> str:
    kept = sql_type(field)
    value = f"TRY_CAST({column} AS {kept})"
    match holds:
        case "whole":
            low, high = type_.low.to_integral_value(ROUND_CEILING), type_.high.to_integral_value(ROUND_FLOOR)
            return f"CASE WHEN {column} BETWEEN {low:f} AND {high:f} THEN {value} END"
        case "decimal":
            same = f"{value} = {column}"
        case "double":
            value = f"TRY_CAST({column} AS DECIMAL(18, {type_.places}))"
            same = f"abs({column}) < 1e{_EXACT_DIGITS - type_.places} AND CAST({value} AS DOUBLE) = {column}"
        case "text" | "float":
            places = rf"(\.[0-9]{{1,{type_.places}}})?" if type_.places else ""
            whole = int(kept.partition("(")[2].partition(",")[0]) - type_.places
            value = f"TRY_CAST({text} AS {kept})"
            same = _is_whole(text, rf"-?(0|[1-9][0-9]{{0,{whole - 1}}}){places}")
        case _:
            return f"CAST(NULL AS {kept})"
    inside = f"{value} BETWEEN {type_.low:f} AND {type_.high:f}"
    return f"CASE WHEN {same} AND {inside} THEN TRY_CAST({value} AS {kept}) END"


def _is_whole(text: str, pattern: str) -> str:
    r"""Return whether a pattern fits a text from end to end; ``$`` would let a line end after it."""
    from_end_to_end = rf"\A(?:{pattern})\z"
    return f"{text} RLIKE {quote_text(from_end_to_end)}"
