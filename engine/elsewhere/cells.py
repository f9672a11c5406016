"""Takes a field, what the column holds that it is read from, and the words of a database; gives what its plain cells
mean, in those words.

As in ``engine/intake/cells.py``, there is one meaning of a cell, ``reading.read_cell``. The words here know the plain
ways to write a value and are missing for any other text, which ``read_cell`` then reads. None of them fails on any
cell: a text is only cast where its form leaves no doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct

from tallystick.engine.elsewhere.dialects.script import Dialect
from tallystick.engine.intake import reasons
from tallystick.engine.intake.cells import CLOCK, EXACT_DIGITS, NO, YES, sql_type, whole_digits
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, YesNoType

Holds: TypeAlias = Literal["text", "whole", "float", "double", "decimal", "yes/no", "date", "time", "moment"]
BINARY = {"float": "FLOAT", "double": "DOUBLE"}
"""What DuckDB calls binary numbers; one stands for the text that DuckDB writes of it."""
_DAY = "(0[1-9]|1[0-9]|2[0-8])"
_MONTHS = f"((0[1-9]|1[0-2])-{_DAY}|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
"""Months with days that they have in every year; 29 February is left to ``read_cell``."""
_DATE = rf"(?!0000)[0-9]{{4}}-{_MONTHS}"
_LOCAL = rf"(19|20|21)[0-9]{{2}}-{_MONTHS}[T ]{CLOCK}"
_MOMENT = rf"{_LOCAL}(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"


class CellWords(Struct, frozen=True):
    """What is said of cells in a dialect. ``holds``: what a column of a type of its database's holds; None for what no
    field can be read from. ``fits``: whether a pattern fits a text from end to end. ``has_nul``: whether a text holds
    the character NUL; None where none can."""

    dialect: Dialect
    holds: Callable[[str], Holds | None]
    fits: Callable[[str, str], str]
    has_nul: Callable[[str], str] | None = None

    def typed(self, value: str, field: Field) -> str:
        """Return a value as the type of a field's values, missing where it has no room there."""
        return self.dialect.tried(value, *_parts(sql_type(field)))

    def cast(self, value: str, of: str) -> str:
        """Return a value, which has room there, as a type of DuckDB's."""
        return self.dialect.cast(value, *_parts(of))

    def one_of(self, text: str, texts: tuple[str, ...]) -> str:
        """Return whether a text is one of some."""
        return f"{text} IN ({', '.join(map(self.dialect.text, texts))})"

    @property
    def plain_dates(self) -> str:
        """The least and the greatest date that are plainly written."""
        return " AND ".join(self.dialect.cast(f"'{each}'", "DATE", ()) for each in ("0001-01-01", "9999-12-31"))

    @property
    def plain_times(self) -> str:
        """The least and the greatest time that are plainly written."""
        ends = ("1900-01-01 00:00:00", "2199-12-31 00:00:00")
        return " AND ".join(self.dialect.cast(f"'{each}'", "TIMESTAMP", ()) for each in ends)


def _parts(of: str) -> tuple[str, tuple[int, ...]]:
    """Take a type of DuckDB's apart into its name and its sizes."""
    kind, _, sizes = of.rstrip(")").partition("(")
    return kind, tuple(map(int, sizes.split(", "))) if sizes else ()


class Cell(Struct, frozen=True):
    """How a column's cells are read. ``text``: the cell as text. ``missing``: whether it is. ``value``: what it means,
    missing unless it is plainly written. ``local``: for times of a zone's clocks, the clock's time; then ``{ahead}`` in
    ``value`` is how many microseconds those clocks are ahead of UTC."""

    text: str
    missing: str
    value: str
    local: str | None = None


def cell(words: CellWords, field: Field, holds: Holds, column: str) -> Cell:
    """Return how a field is read from ``column``, quoted already."""
    text = words.dialect.cast(column, "VARCHAR", ())
    if holds == "moment":
        text = f"({words.dialect.cast(words.dialect.cast(column, 'TIMESTAMP', ()), 'VARCHAR', ())} || 'Z')"
    missing = f"{column} IS NULL" + (f" OR {text} = ''" if holds == "text" else "")
    local = _local(words, field, holds, column, text)
    value = _value(words, field, holds, column, text)
    if local is not None:
        whole_seconds = words.dialect.call("//", ["{ahead}", "1000000"])
        in_utc = f"({local}) - {words.dialect.call('to_seconds', [whole_seconds])}"
        value = f"coalesce({value}, {in_utc})"
    return Cell(text, missing, value, local)


def _value(words: CellWords, field: Field, holds: Holds, column: str, text: str) -> str:
    match field.type:
        case TextType():
            return _plain_text(words, holds, column, text)
        case OneOfType(values=values):
            if field.name == "kind":
                return _plain_text(words, holds, column, text)
            return f"CASE WHEN {words.one_of(text, values)} THEN {text} END"
        case YesNoType():
            told = f"WHEN {words.one_of(text, YES)} THEN true WHEN {words.one_of(text, NO)} THEN false"
            return column if holds == "yes/no" else f"CASE {told} END"
        case DateType():
            return _date(words, field, holds, column, text)
        case TimeType():
            return _time(words, field, holds, column, text)
        case NumberType() as type_:
            return _number(words, field, type_, holds, column, text)
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def _plain_text(words: CellWords, holds: Holds, column: str, text: str) -> str:
    match holds:
        case "text":
            plain = f"{text} <> '' AND char_length({text}) <= {reasons.LONGEST_TEXT}"
            plain += "" if words.has_nul is None else f" AND NOT {words.has_nul(text)}"
            return f"CASE WHEN {plain} THEN {text} END"
        case "whole" | "decimal" | "yes/no":
            return text
        case "date":
            return f"CASE WHEN {column} BETWEEN {words.plain_dates} THEN {text} END"
        case "time" | "moment":
            in_utc = words.dialect.cast(column, "TIMESTAMP", ())
            return f"CASE WHEN {in_utc} BETWEEN {words.plain_times} THEN {text} END"
        case "float" | "double":
            # Each database writes a binary number in a way of its own.
            return words.dialect.cast("NULL", "VARCHAR", ())
        case _:
            assert_never(holds)


def _date(words: CellWords, field: Field, holds: Holds, column: str, text: str) -> str:
    match holds:
        case "date":
            return f"CASE WHEN {column} BETWEEN {words.plain_dates} THEN {column} END"
        case "time":
            date = words.dialect.cast(column, "DATE", ())
            at_midnight = f"{column} = {words.dialect.cast(date, 'TIMESTAMP', ())}"
            return f"CASE WHEN {at_midnight} AND {column} BETWEEN {words.plain_times} THEN {date} END"
        case "text":
            return f"CASE WHEN {words.fits(text, _DATE)} THEN {words.typed(text, field)} END"
        case _:
            return words.typed("NULL", field)


def _time(words: CellWords, field: Field, holds: Holds, column: str, text: str) -> str:
    match holds:
        case "moment":
            in_utc = words.dialect.cast(column, "TIMESTAMP", ())
            return f"CASE WHEN {in_utc} BETWEEN {words.plain_times} THEN {in_utc} END"
        case "text":
            moment = words.dialect.cast(words.dialect.tried(text, "TIMESTAMPTZ", ()), "TIMESTAMP", ())
            return f"CASE WHEN {words.fits(text, _MOMENT)} THEN {moment} END"
        case _:
            # A clock's time means nothing without its zone.
            return words.typed("NULL", field)


def _local(words: CellWords, field: Field, holds: Holds, column: str, text: str) -> str | None:
    """Return the time of a zone's clocks; None where the column has none, or means nothing without."""
    if not isinstance(field.type, TimeType) or field.type.zone is None:
        return None
    match holds:
        case "time":
            return f"CASE WHEN {column} BETWEEN {words.plain_times} THEN {column} END"
        case "text":
            return f"CASE WHEN {words.fits(text, _LOCAL)} THEN {words.typed(text, field)} END"
        case _:
            return None


def _number(words: CellWords, field: Field, type_: NumberType, holds: Holds, column: str, text: str) -> str:
    low, high, value = f"{type_.low:f}", f"{type_.high:f}", words.typed(column, field)
    match holds:
        case "whole":
            low, high = (
                f"{type_.low.to_integral_value(ROUND_CEILING):f}",
                f"{type_.high.to_integral_value(ROUND_FLOOR):f}",
            )
            plain = f"{column} BETWEEN {low} AND {high}"
        case "decimal":
            plain = f"{column} BETWEEN {low} AND {high} AND {value} = {column}"
        case "double":
            # Two numbers of so many digits never share a DOUBLE, so one that comes back from it is its shortest text.
            narrow = words.dialect.tried(column, "DECIMAL", (18, type_.places))
            comes_back = f"{words.dialect.cast(narrow, 'DOUBLE', ())} = {column}"
            few_digits = f"abs({column}) < 1e{EXACT_DIGITS - type_.places}"
            plain = f"{few_digits} AND {comes_back} AND {narrow} BETWEEN {low} AND {high}"
        case "text" | "float":
            places = rf"(\.[0-9]{{1,{type_.places}}})?" if type_.places else ""
            form = rf"-?(0|[1-9][0-9]{{0,{whole_digits(type_) - 1}}}){places}"
            value = words.typed(text, field)
            # One within the other, since no database promises in which order it looks at what AND joins.
            plain = f"CASE WHEN {words.fits(text, form)} THEN {value} END BETWEEN {low} AND {high}"
        case _:
            return words.typed("NULL", field)
    return f"CASE WHEN {plain} THEN {value} END"
