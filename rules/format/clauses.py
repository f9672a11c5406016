"""Takes a clause or another part of a line of a syntax tree; gives its canonical words."""

from __future__ import annotations

from typing import assert_never

from tallystick.rules import syntax
from tallystick.rules.format.expressions import duration, format_expr, names, number, quote
from tallystick.rules.syntax import Text


def with_text(words: str, part: Text | None) -> str:
    """Print words, and a quoted text behind them if there is one."""
    return words if part is None else f"{words} {quote(part.value)}"


def field_type_text(field: syntax.Field) -> str:
    """Print what follows the name of a field."""
    kind = field.type
    parts = [] if field.column is None else [f"from {quote(field.column.value)}"]
    parts.append(kind.name if not kind.values else f"one of {names(kind.values)}")
    if kind.low is not None:
        parts.append(f"{format_expr(kind.low)} " + ("or more" if kind.high is None else f"to {format_expr(kind.high)}"))
    if kind.places is not None:
        parts.append(f"with {places_text(kind.places)}")
    if kind.zone is not None:
        parts.append(f"in {quote(kind.zone.value)}")
    parts += [mark for mark, is_set in (("private", field.private), ("optional", field.optional)) if is_set]
    return " ".join(parts)


def places_text(literal: syntax.NumberLiteral) -> str:
    """Print how many decimal places."""
    return f"{number(literal)} {'place' if literal.value == 1 else 'places'}"


Clause = (
    syntax.When
    | syntax.Because
    | syntax.RequireOutcome
    | syntax.Repeats
    | syntax.DiscountTo
    | syntax.DatedValue
    | syntax.MeasureClause
)


def clause_text(clause: Clause) -> str:
    """Print a clause that has no lines under it."""
    match clause:
        case syntax.When(condition):
            return f"when {format_expr(condition)}"
        case syntax.Because(text):
            return f"because {quote(text.value)}"
        case syntax.RequireOutcome(outcome, words):
            return f"otherwise {outcome} {quote(words.value)}"
        case syntax.Repeats(fields):
            return f"repeats of {names(fields)}"
        case syntax.DiscountTo(share):
            return f"to {format_expr(share)}"
        case syntax.DatedValue(start, value, because):
            return f"from {format_expr(start)} = {format_expr(value)} because {quote(because.value)}"
        case syntax.Within(length):
            return f"within {format_expr(length)}"
        case syntax.Diluted():
            return "diluted per actor per day"
        case syntax.Keep(limit, fields, period):
            every = "" if period is None else f" per {period}"
            return f"keep at most {format_expr(limit)} per {names(fields)}{every}"
        case syntax.Total(limit, period):
            return f"total at most {format_expr(limit)} per {period}"
        case syntax.Halving(every_days, except_pauses):
            return f"halving every {format_expr(every_days)}{' except pauses' if except_pauses else ''}"
        case _:
            assert_never(clause)


def kinds_text(kinds: syntax.Kinds) -> str:
    """Print the kinds that a measure reads."""
    return f"{names(kinds.names)}{' given' if kinds.given else ''}"


def shape_text(shape: syntax.Shape) -> str:
    """Print the shape of a level."""
    between = "" if shape.p10 is None else f" {format_expr(shape.p10)}"
    return f"{shape.name}{between} to {format_expr(shape.full)}"


def points_text(row: syntax.Row) -> str:
    """Print what follows the colon of a table's row."""
    text = with_text(format_expr(row.points), row.words)
    return text if row.reason is None else f"{text} reason {row.reason.text}"


def cells_text(cells: syntax.RowCells) -> str:
    """Print what stands before the colon of a table's row."""
    match cells:
        case syntax.MissingCell():
            return "missing"
        case syntax.OtherwiseCell():
            return "otherwise"
        case syntax.ValueCells(values):
            return ", ".join(format_expr(value) for value in values)
        case syntax.RangeCells():
            return _range_text(cells)
        case _:
            assert_never(cells)


def _range_text(cells: syntax.RangeCells) -> str:
    """Print a range; the parser makes none without an end."""
    low = "" if cells.low is None else format_expr(cells.low)
    high = "" if cells.high is None else format_expr(cells.high)
    if cells.low is None:
        return f"{'under' if cells.high_open else 'up to'} {high}"
    if cells.high is None:
        return f"over {low}" if cells.low_open else f"{low} or more"
    return f"{'over ' if cells.low_open else ''}{low} {'to under' if cells.high_open else 'to'} {high}"


def score_clause_text(clause: syntax.ScoreClause) -> str:
    """Print a line of the score."""
    match clause:
        case syntax.SumOfRules():
            return "sum of all rules"
        case syntax.MeanOfRules(out_of):
            return f"mean of all rules by weight, out of {format_expr(out_of)}"
        case syntax.AtMost(value):
            return f"at most {format_expr(value)}"
        case syntax.AtLeast(value):
            return f"at least {format_expr(value)}"
        case syntax.Rounded(places, line_places):
            lines = "" if line_places is None else f", lines to {number(line_places)}"
            return f"rounded to {places_text(places)}{lines}"
        case syntax.ReasonsAtMost(limit):
            return f"reasons at most {number(limit)}"
        case _:
            assert_never(clause)


def claim_text(claim: syntax.Claim) -> str:
    """Print a line of a promise."""
    amount = "" if claim.amount is None else format_expr(claim.amount)
    match claim.form:
        case "one actor moves" | "own actions give":
            return f"{claim.form} at most {amount}"
        case "silence costs":
            days = "" if claim.days is None else duration(claim.days)
            return f"{days} of silence cost at most {amount}"
        case "never falls with":
            return f"score never falls with {names(claim.kinds)}"
        case _:
            assert_never(claim.form)


def cell_text(cell: syntax.Cell) -> str:
    """Print a cell of an example's table."""
    if cell.value is None:
        return "-"
    return quote(cell.value) if cell.quoted else cell.value


def expectation_texts(line: syntax.Expectation) -> tuple[str, str]:
    """Print what is expected: of what, and which value."""
    value = "" if line.value is None else format_expr(line.value)
    name = "" if line.name is None else line.name.text
    match line.form:
        case "score":
            return "score", value
        case "rule":
            return name, value
        case "band" | "no score" | "insufficient data":
            return line.form, name
        case "because":
            return "because", names(line.names)
        case _:
            assert_never(line.form)
