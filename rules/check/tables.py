"""Takes a table as written; gives it resolved, once its rows cover every value and none overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from tallystick.rules import decimals, syntax
from tallystick.rules.check import clauses, expressions, intervals
from tallystick.rules.check.narrowing import Facts, Known, meet, present
from tallystick.rules.check.scope import Check, Here
from tallystick.rules.check_errors import tables as say
from tallystick.rules.expression import Expr, Literally, Since
from tallystick.rules.format.clauses import cells_text
from tallystick.rules.rule import AnyOther, Missing, Range, Row, Table, Values
from tallystick.rules.source import Span
from tallystick.rules.value import DateType, NumberType, OneOfType, Scalar, TextType, Type, YesNoType

_Takes = Range | Values | Missing | AnyOther
_LOOKED_AT = NumberType | DateType | TextType | OneOfType | YesNoType
_FIRST_DAY, _LAST_DAY = date.min.toordinal(), date.max.toordinal()


class _Grid(Struct, frozen=True):
    """The values that a number or a date can have, as whole steps."""

    low: int
    high: int
    places: int | None
    """Decimal places of a number; None for dates."""

    def step(self, bound: Decimal | date, *, up: bool) -> int:
        """Return the step at a bound, or the next one up or down where the bound lies between two."""
        if isinstance(bound, date):
            return bound.toordinal()
        scaled = decimals.EXACT.scaleb(bound, self.places or 0)
        return int(decimals.ceiling(scaled) if up else decimals.floor(scaled))

    def at(self, step: int) -> Decimal | date:
        """Return the value of a step."""
        if self.places is None:
            return date.fromordinal(step)
        return decimals.EXACT.scaleb(Decimal(step), -self.places)

    def is_on(self, bound: Decimal | date) -> bool:
        """Say whether the value can be exactly this."""
        return isinstance(bound, date) or decimals.places_of(bound) <= (self.places or 0)


class _Stretch(Struct, frozen=True):
    """The steps from ``low`` to ``high`` that a row takes in."""

    low: int
    high: int
    row: syntax.Row


def table(check: Check, written: syntax.Table, here: Here, *, tolerant: bool) -> Table | None:
    """Check a table; ``tolerant`` where the rule itself says what a missing value gives."""
    has_missing = any(isinstance(row.cells, syntax.MissingCell) for row in written.rows)
    has_other = any(isinstance(row.cells, syntax.OtherwiseCell) for row in written.rows)
    reading = here.tolerating() if tolerant or has_missing or has_other else here
    by = expressions.typed(written.by, reading)
    if by is not None and not isinstance(by.type, _LOOKED_AT):
        check.report(say.no_table(check.source, by.span, check.text(by.span), by.type))
        by = None
    if by is None:
        for row in written.rows:
            _row_points(row, here, {})
        return None
    takes = [_takes(check, row, by, here) for row in written.rows]
    points = [_row_points(row, here, _told(take, written.by)) for row, take in zip(written.rows, takes, strict=True)]
    fine = _whole(check, written, by, takes)
    rows: list[Row] = []
    for row, take, value in zip(written.rows, takes, points, strict=True):
        if take is None or value is None:
            return None
        words = None if row.words is None else row.words.value
        reason = None if row.reason is None else row.reason.text
        rows.append(Row(take, value, words, reason, cells_text(row.cells), row.span))
    return Table(by, tuple(rows)) if fine else None


def _row_points(row: syntax.Row, here: Here, told: Facts) -> Expr | None:
    return expressions.number(row.points, here.behind(told))


def _told(take: _Takes | None, by: syntax.Expr) -> Facts:
    """Return what is known of the value in a row that takes it."""
    there = present({}, by)
    match take:
        case Range(low=low, high=high):
            return meet(
                there,
                {
                    by: Known(
                        low=low if isinstance(low, Decimal) else None, high=high if isinstance(high, Decimal) else None
                    )
                },
            )
        case Values(values=values):
            if all(isinstance(value, str) for value in values):
                return meet(there, {by: Known(values=frozenset(str(value) for value in values))})
            return there
        case _:
            return {}


def _takes(check: Check, row: syntax.Row, by: Expr, here: Here) -> _Takes | None:
    """Resolve the left side of a row."""
    match row.cells:
        case syntax.MissingCell():
            return Missing()
        case syntax.OtherwiseCell():
            return AnyOther()
        case syntax.RangeCells():
            return _range(check, row.cells, by, here)
        case syntax.ValueCells(values=values):
            found = [_cell(check, value, by.type, here) for value in values]
            cells = [cell for cell in found if cell is not None]
            return Values(tuple(cells)) if len(cells) == len(found) else None
        case _:
            assert_never(row.cells)


def _range(check: Check, cells: syntax.RangeCells, by: Expr, here: Here) -> Range | None:
    if not isinstance(by.type, NumberType | DateType):
        check.report(say.no_range(check.source, cells.span, check.text(by.span), by.type))
        return None
    ends: list[Decimal | date | None] = []
    for end in (cells.low, cells.high):
        found = None if end is None else _cell(check, end, by.type, here)
        if end is not None and not isinstance(found, Decimal | date):
            return None
        ends.append(found if isinstance(found, Decimal | date) else None)
    low, high = ends
    if low is not None and high is not None:
        empty = low == high and (cells.low_open or cells.high_open)
        if _after(low, high) or empty:
            check.report(say.row_empty(check.source, cells.span, _said(low), _said(high)))
            return None
    return Range(low, cells.low_open, high, cells.high_open)


def _after(low: Decimal | date, high: Decimal | date) -> bool:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low > high
    return isinstance(low, date) and isinstance(high, date) and low > high


def _cell(check: Check, written: syntax.Expr, kind: Type, here: Here) -> Scalar | None:
    """Return the value of a bound or a named value; None, and a mistake, where it does not fit."""
    match kind, written:
        case NumberType(), _:
            found = clauses.number(check, written, "a bound in a table")
            return None if found is None else found.value
        case DateType(), syntax.DateLiteral(value=day):
            return day
        case TextType(), syntax.TextLiteral(value=text):
            return text
        case OneOfType(values=values), syntax.TextLiteral(value=text) if text in values:
            # The page writes the values of a row in quotes, whatever the type; a name does as well.
            return text
        case OneOfType(), syntax.Name() | syntax.TextLiteral():
            value = expressions.typed(written, here, kind)
            if value is None:
                return None
            if isinstance(value.op, Literally) and isinstance(value.type, OneOfType):
                return value.op.value
        case YesNoType(), syntax.Name(text="yes" | "no" as text):
            return text == "yes"
        case _:
            pass
    check.report(say.cell_type(check.source, written.span, check.text(written.span), kind))
    return None


# ---- cover and overlap -------------------------------------------------------------------------------------------


def _whole(
    check: Check,
    written: syntax.Table,
    by: Expr,
    takes: list[_Takes | None],
) -> bool:
    """Say whether the rows take every value once; else report what is left out or taken twice."""
    fine = _single(check, written, syntax.MissingCell, "missing") & _single(
        check, written, syntax.OtherwiseCell, "otherwise"
    )
    missing = next((row for row in written.rows if isinstance(row.cells, syntax.MissingCell)), None)
    other = next((row for row in written.rows if isinstance(row.cells, syntax.OtherwiseCell)), None)
    if missing is not None and not by.optional:
        check.report(say.never_missing(check.source, missing.cells.span, check.text(by.span)))
    if any(take is None for take in takes):
        return False
    text = check.text(by.span)
    rows = [(row, take) for row, take in zip(written.rows, takes, strict=True) if take is not None]
    match by.type:
        case NumberType() | DateType():
            left_out, sound = _stretches(check, _grid(by.type), rows, by)
        case TextType():
            sound, left_out = _named(check, rows), "any other text"
        case OneOfType(values=values):
            sound = _named(check, rows)
            left_out = _rest(rows, values)
        case YesNoType():
            sound = _named(check, rows)
            left_out = _rest(rows, ("yes", "no"))
        case _:
            raise AssertionError(by.type)
    if not sound:
        return False
    if left_out is not None and other is None:
        span = written.by.span
        check.report(say.rows_gap(check.source, span, text, left_out, _unit(by, left_out)))
        return False
    if left_out is None and other is not None and (not by.optional or missing is not None):
        check.report(say.row_never(check.source, other.cells.span, "the other rows take every value"))
    return fine


def _single(
    check: Check, written: syntax.Table, kind: type[syntax.MissingCell | syntax.OtherwiseCell], word: str
) -> bool:
    found = [row for row in written.rows if isinstance(row.cells, kind)]
    for again in found[1:]:
        check.report(say.row_twice(check.source, again.cells.span, word, found[0].cells.span))
    return len(found) < 2  # noqa: PLR2004  # one or none


def _grid(kind: NumberType | DateType) -> _Grid:
    if isinstance(kind, DateType):
        return _Grid(_FIRST_DAY, _LAST_DAY, None)
    grid = _Grid(0, 0, kind.places)
    return _Grid(grid.step(kind.low, up=True), grid.step(kind.high, up=False), kind.places)


def _stretches(
    check: Check,
    grid: _Grid,
    rows: list[tuple[syntax.Row, _Takes]],
    by: Expr,
) -> tuple[str | None, bool]:
    """Find the first value that no row takes, and say whether no value is taken twice."""
    found: list[_Stretch] = []
    for row, take in rows:
        stretches = list(_cut(grid, take, row))
        inside = [each for each in stretches if each.low <= each.high]
        if not inside and isinstance(take, Range | Values):
            check.report(say.row_never(check.source, row.cells.span, f"`{check.text(by.span)}` is {_reach(by)} here"))
        found.extend(inside)
    found.sort(key=lambda each: (each.low, each.high))
    sound, end, holder = True, grid.low - 1, None
    told: set[Span] = set()
    left_out: int | None = None
    for each in found:
        if each.low <= end and holder is not None:
            both = {holder.row.cells.span, each.row.cells.span}
            if not both & told:
                _overlap(check, grid, holder, each, by)
                told |= both
            sound = False
        elif each.low > end + 1 and left_out is None:
            left_out = end + 1
        if each.high > end:
            end, holder = each.high, each
    if end < grid.high and left_out is None:
        left_out = end + 1
    return (None if left_out is None else _said(grid.at(left_out))), sound


def _cut(grid: _Grid, take: _Takes, row: syntax.Row) -> Iterator[_Stretch]:
    """Return the steps that a row takes in, within what can be."""
    match take:
        case Range():
            low, high = grid.low, grid.high
            if take.low is not None:
                low = grid.step(take.low, up=True) + (1 if take.low_open and grid.is_on(take.low) else 0)
            if take.high is not None:
                high = grid.step(take.high, up=False) - (1 if take.high_open and grid.is_on(take.high) else 0)
            yield _Stretch(max(low, grid.low), min(high, grid.high), row)
        case Values(values=values):
            for value in values:
                if isinstance(value, Decimal | date) and grid.is_on(value):
                    step = grid.step(value, up=True)
                    if grid.low <= step <= grid.high:
                        yield _Stretch(step, step, row)
        case _:
            pass


def _overlap(check: Check, grid: _Grid, one: _Stretch, other: _Stretch, by: Expr) -> None:
    value = grid.at(max(one.low, other.low))
    first, second = sorted((one, other), key=lambda each: each.row.cells.span)
    advice = _apart(check, one.row, other.row)
    check.report(
        say.rows_overlap(
            check.source,
            (first.row.cells.span, _points(first.row)),
            (second.row.cells.span, _points(second.row)),
            _said(value),
            _unit(by, _said(value)),
            advice,
        )
    )


def _apart(check: Check, lower: syntax.Row, upper: syntax.Row) -> str | None:
    """Say how the lower row would be written if it ended where the upper one begins."""
    if not isinstance(lower.cells, syntax.RangeCells) or not isinstance(upper.cells, syntax.RangeCells):
        return None
    start = upper.cells.low
    if start is None or lower.cells.high is None:
        return None
    end = check.text(start.span)
    under = "" if upper.cells.low_open else "under "
    if lower.cells.low is None:
        return f"up to {end}" if upper.cells.low_open else f"under {end}"
    begin = f"{'over ' if lower.cells.low_open else ''}{check.text(lower.cells.low.span)}"
    return None if check.text(lower.cells.low.span) == end else f"{begin} to {under}{end}"


def _named(check: Check, rows: list[tuple[syntax.Row, _Takes]]) -> bool:
    """Say whether no named value stands twice; else report it."""
    seen: dict[Scalar, syntax.Expr] = {}
    sound = True
    for row, take in rows:
        if not isinstance(take, Values) or not isinstance(row.cells, syntax.ValueCells):
            continue
        for written, value in zip(row.cells.values, take.values, strict=True):
            first = seen.setdefault(value, written)
            if first is not written:
                sound = False
                check.report(say.value_again(check.source, written.span, check.text(written.span), first.span))
    return sound


def _rest(
    rows: list[tuple[syntax.Row, _Takes]],
    values: tuple[str, ...],
) -> str | None:
    """Return the first value that no row names."""
    taken = {
        ("yes" if value is True else "no" if value is False else value)
        for _, take in rows
        if isinstance(take, Values)
        for value in take.values
    }
    return next((value for value in values if value not in taken), None)


# ---- words -------------------------------------------------------------------------------------------------------


def _said(value: Decimal | date) -> str:
    return decimals.plainly(value) if isinstance(value, Decimal) else value.isoformat()


def _reach(by: Expr) -> str:
    return intervals.described(by.type) if isinstance(by.type, NumberType) else "a date"


def _unit(by: Expr, value: str) -> str:
    """Return the unit of what a table looks at, for a message: `` years``."""
    if isinstance(by.op, Since):
        return f" {by.op.unit.removesuffix('s')}" if value == "1" else f" {by.op.unit}"
    return ""


def _points(row: syntax.Row) -> str | None:
    """Return what a row gives, where that is a plain number."""
    match row.points:
        case syntax.NumberLiteral() | syntax.Negate(operand=syntax.NumberLiteral()):
            return decimals.plainly(clauses.signed(row.points))
        case _:
            return None
