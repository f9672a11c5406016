"""Takes a field and the type of the column it is read from; gives SQL for what its plain cells mean.

There is one meaning of a cell: ``reading.read_cell``, which reads text. The SQL here only knows the plain ways to write
a value, which nearly every cell uses, and gives NULL for any other; those texts, each once, are then read by
``read_cell`` itself. So it may know less than ``read_cell``, but never anything else. A native column stands for its
text: a whole number for its digits, a binary number for its shortest text, a moment for its time in UTC.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct

from tallystick.engine.intake import reasons
from tallystick.engine.query.sql import quote_text
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, YesNoType

Native: TypeAlias = Literal[
    "text", "whole", "float", "double", "decimal", "yes/no", "date", "time", "fine time", "moment", "fine moment"
]
_NATIVE: dict[str, Native] = {
    "VARCHAR": "text",
    '"NULL"': "text",
    "JSON": "text",
    "UUID": "text",
    "FLOAT": "float",
    "DOUBLE": "double",
    "BOOLEAN": "yes/no",
    "DATE": "date",
    "TIMESTAMP": "time",
    "TIMESTAMP_S": "time",
    "TIMESTAMP_MS": "time",
    "TIMESTAMP_NS": "fine time",
    "TIMESTAMP WITH TIME ZONE": "moment",
    "TIMESTAMPTZ": "moment",
    "TIMESTAMPTZ_NS": "fine moment",
    **dict.fromkeys(
        (
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "HUGEINT",
            "UTINYINT",
            "USMALLINT",
            "UINTEGER",
            "UBIGINT",
            "UHUGEINT",
        ),
        "whole",
    ),
}
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_LOCAL = rf"(19|20|21)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}[T ]{CLOCK}"
_OFFSET = "[+-]([01][0-9]|2[0-3]):[0-5][0-9]"
YES = ("yes", "true", "Yes", "True", "YES", "TRUE")
NO = ("no", "false", "No", "False", "NO", "FALSE")
EXACT_DIGITS = 15
"""Two numbers of so many digits never share a DOUBLE, so one that comes back from it is its shortest text."""
_PLAIN_DATES = "DATE '0001-01-01' AND DATE '9999-12-31'"
_PLAIN_MICROSECONDS = "-2208988800000000 AND 7258032000000000"
_PLAIN_TIMES = "TIMESTAMP '1900-01-01' AND TIMESTAMP '2199-12-31'"
_FIRST_TIME = "TIMESTAMP '290309-12-22 (BC) 00:00:00'"
_BEYOND = f"{quote_text(reasons.BEYOND_TEXT[:-1])} || chr(0)"


class Cell(Struct, frozen=True):
    """How a column's cells are read.

    ``text``: the cell as text, NULL or empty when missing. ``value``: what it means, NULL unless it is plainly written.
    ``sure``: the same where every cell is known to be plainly written or missing, and cheaper. ``local``: for times of
    a zone's clocks, the clock's time; then ``value`` is what it means where ``{ahead}`` is how many microseconds those
    clocks are ahead of UTC. ``plain_between``: for moments, all that have so many microseconds are plainly written.
    """

    text: str
    value: str
    local: str | None = None
    sure: str | None = None
    plain_between: str | None = None


def native_of(column_type: str) -> Native | None:
    """Return the kind of a DuckDB column type; None for one that no field can be read from."""
    if column_type.startswith("ENUM("):
        return "text"
    if re.fullmatch(r"DECIMAL\([0-9]+,[0-9]+\)", column_type):
        return "decimal"
    return _NATIVE.get(column_type)


def sql_type(field: Field) -> str:
    """Return the DuckDB type that holds a field's values."""
    match field.type:
        case TextType() | OneOfType():
            return "VARCHAR"
        case YesNoType():
            return "BOOLEAN"
        case DateType():
            return "DATE"
        case TimeType():
            return "TIMESTAMP"
        case NumberType() as type_:
            return f"DECIMAL({whole_digits(type_) + type_.places}, {type_.places})"
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def cell(field: Field, native: Native, column: str) -> Cell:
    """Return how a field is read from ``column``, an SQL expression of the native kind."""
    text = as_text(native, column)
    match field.type:
        case TextType():
            return Cell(text, _plain_text(native, text), sure=_sure_text(native, text))
        case OneOfType(values=values):
            value = _plain_text(native, text) if field.name == "kind" else _one_of(text, values)
            return Cell(text, value, sure=_sure_text(native, text))
        case YesNoType():
            return Cell(text, column if native == "yes/no" else _yes_no(text))
        case DateType():
            return Cell(text, _date(native, column, text))
        case TimeType(zone=zone):
            return _time(native, column, text, zone)
        case NumberType() as type_:
            # A binary number goes by the width at which it was seen to come back as it was.
            exact = f"CAST({column} AS DECIMAL(18, {type_.places}))" if native == "double" else column
            sure = f"CAST({exact} AS {sql_type(field)})" if native in ("whole", "decimal", "double") else None
            return Cell(text, _number(native, column, text, type_), sure=sure)
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def as_text(native: Native | None, column: str) -> str:
    """Return the text for which a native column stands, as SQL."""
    match native:
        case "moment":
            # The least of all moments cannot be cast, and stands for itself: what it is taken for is no moment.
            return f"coalesce(CAST(TRY_CAST({column} AS TIMESTAMP) AS VARCHAR) || 'Z', CAST({column} AS VARCHAR))"
        case "time":
            # Neither can a time of the first day, or one of seconds for which the calendar has no room, be cast. They
            # are gone before the cast: of repeated values the database casts also those that a CASE around it leaves.
            time = f"TRY_CAST({column} AS TIMESTAMP)"
            inside = f"CASE WHEN {time} >= {_FIRST_TIME} OR isinf({time}) THEN {time} END"
            beyond = f"CASE WHEN {column} IS NOT NULL THEN {_BEYOND} END"
            return f"coalesce(CAST({inside} AS VARCHAR), {beyond})"
        case "fine moment":
            return f"(CAST(CAST({column} AS TIMESTAMP_NS) AS VARCHAR) || 'Z')"
        case _:
            return f"CAST({column} AS VARCHAR)"


def _plain_text(native: Native, text: str) -> str:
    if native == "time":
        return f"CASE WHEN {text} <> {_BEYOND} THEN {text} END"
    if native != "text":
        return text
    plain = f"{text} <> '' AND length({text}) <= {reasons.LONGEST_TEXT} AND NOT contains({text}, chr(0))"
    return f"CASE WHEN {plain} THEN {text} END"


def _sure_text(native: Native, text: str) -> str:
    return f"nullif({text}, '')" if native == "text" else text


def _one_of(text: str, values: tuple[str, ...]) -> str:
    return f"CASE WHEN {text} IN ({', '.join(map(quote_text, values))}) THEN {text} END"


def _yes_no(text: str) -> str:
    yes, no = (", ".join(map(quote_text, words)) for words in (YES, NO))
    return f"CASE WHEN {text} IN ({yes}) THEN true WHEN {text} IN ({no}) THEN false END"


def _date(native: Native, column: str, text: str) -> str:
    match native:
        case "date":
            return f"CASE WHEN {column} BETWEEN {_PLAIN_DATES} THEN {column} END"
        case "time" | "fine time":
            # A frame often has no other way to hold a date than a time of midnight, without a zone.
            moment = f"TRY_CAST({column} AS TIMESTAMP)"
            # The day on which the calendar of fine times begins is not in it.
            plain = f"TRY({column} = date_trunc('day', {moment})) AND {moment} BETWEEN {_PLAIN_TIMES}"
            return f"CASE WHEN {plain} THEN CAST({moment} AS DATE) END"
        case _:
            # The year 0000 is not in the calendar of ``read_cell``.
            plain = f"regexp_full_match({text}, {quote_text(_DAY)}) AND NOT starts_with({text}, '0000')"
            return f"CASE WHEN {plain} THEN TRY_CAST({text} AS DATE) END"


def _time(native: Native, column: str, text: str, zone: str | None) -> Cell:
    match native:
        case "moment":
            # Not by a cast, which asks the calendar of a time zone about each of them.
            since = f"epoch_us({column})"
            sure = f"make_timestamp({since})"
            value = f"CASE WHEN {since} BETWEEN {_PLAIN_MICROSECONDS} THEN {sure} END"
            return Cell(text, value, sure=sure, plain_between=_PLAIN_MICROSECONDS)
        case "fine moment" | "time" | "fine time":
            fine = f"CAST({column} AS TIMESTAMP_NS)"
            is_fine = native in ("fine moment", "fine time")
            moment = f"TRY_CAST({fine if is_fine else column} AS TIMESTAMP)"
            whole = f" AND CAST({moment} AS TIMESTAMP_NS) = {fine}" if is_fine else ""
            plain = f"{moment} BETWEEN {_PLAIN_TIMES}{whole}"
            if native == "fine moment":
                return Cell(text, f"CASE WHEN {plain} THEN {moment} END")
            if zone is None:
                return Cell(text, "CAST(NULL AS TIMESTAMP)")
            local = f"CASE WHEN {plain} THEN {moment} END"
            return Cell(text, f"({local}) - to_microseconds({{ahead}})", local)
        case _:
            return _written_time(text, zone)


def _written_time(text: str, zone: str | None) -> Cell:
    in_utc = (
        f"CASE WHEN regexp_full_match({text}, {quote_text(_LOCAL + 'Z')}) THEN TRY_CAST(left({text}, -1) AS TIMESTAMP)"
    )
    minutes = f"TRY_CAST({text}[-5:-4] AS BIGINT) * 60 + TRY_CAST({text}[-2:] AS BIGINT)"
    ahead = f"CASE WHEN {text}[-6] = '-' THEN -1 ELSE 1 END * ({minutes})"
    with_offset = (
        f"WHEN regexp_full_match({text}, {quote_text(_LOCAL + _OFFSET)}) "
        f"THEN TRY_CAST(left({text}, -6) AS TIMESTAMP) - to_minutes({ahead})"
    )
    if zone is None:
        return Cell(text, f"{in_utc} {with_offset} END")
    local = f"CASE WHEN regexp_full_match({text}, {quote_text(_LOCAL)}) THEN TRY_CAST({text} AS TIMESTAMP) END"
    return Cell(text, f"{in_utc} {with_offset} ELSE ({local}) - to_microseconds({{ahead}}) END", local)


def _number(native: Native, column: str, text: str, type_: NumberType) -> str:
    kept = f"DECIMAL({whole_digits(type_) + type_.places}, {type_.places})"
    match native:
        case "whole":
            low, high = type_.low.to_integral_value(ROUND_CEILING), type_.high.to_integral_value(ROUND_FLOOR)
            return f"CASE WHEN {column} BETWEEN {low:f} AND {high:f} THEN TRY_CAST({column} AS {kept}) END"
        case "decimal":
            # Compared as decimals with the places of both, for which the greatest of 38 digits have no room.
            value, same = f"TRY_CAST({column} AS {kept})", f"TRY(TRY_CAST({column} AS {kept}) = {column})"
        case "double":
            exact = f"DECIMAL(18, {type_.places})"
            value = f"TRY_CAST({column} AS {exact})"
            same = f"abs({column}) < 1e{EXACT_DIGITS - type_.places} AND CAST({value} AS DOUBLE) = {column}"
        case _:
            places = rf"(\.[0-9]{{1,{type_.places}}})?" if type_.places else ""
            pattern = rf"-?(0|[1-9][0-9]{{0,{whole_digits(type_) - 1}}}){places}"
            value, same = f"TRY_CAST({text} AS {kept})", f"regexp_full_match({text}, {quote_text(pattern)})"
    inside = f"{value} BETWEEN {_bound(type_.low, type_)} AND {_bound(type_.high, type_)}"
    return f"CASE WHEN {same} AND {inside} THEN TRY_CAST({value} AS {kept}) END"


def _bound(bound: Decimal, type_: NumberType) -> str:
    places = max(type_.places, _places(bound))
    return f"CAST('{bound:f}' AS DECIMAL({whole_digits(type_) + places}, {places}))"


def whole_digits(type_: NumberType) -> int:
    """Return how many digits the greatest of a type's numbers has before the point, at least one."""
    return max(len(f"{abs(bound.to_integral_value(ROUND_FLOOR)):f}") for bound in (type_.low, type_.high))


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
