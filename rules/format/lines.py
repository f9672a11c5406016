"""Takes a syntax tree; gives the lines of its canonical layout, each with the place it was written at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.format.clauses import (
    Clause,
    cell_text,
    cells_text,
    claim_text,
    clause_text,
    expectation_texts,
    field_type_text,
    kinds_text,
    points_text,
    score_clause_text,
    shape_text,
    with_text,
)
from tallystick.rules.format.expressions import format_expr, names, number, quote
from tallystick.rules.format.line_breaks import broken
from tallystick.rules.parse.layout import TAB_STOP
from tallystick.rules.source import Span
from tallystick.rules.syntax import SyntaxFile

WIDEST_CELL: Final = 40
"""A cell that is wider than this does not widen its column."""


class Printed(Struct, frozen=True):
    """A line of the layout: its depth, its text with its indentation, and where it was written.

    ``own`` is the stretch of the source that the line itself was written in, without the lines under it.
    ``apart``: a blank line stands before it.
    """

    level: int
    text: str
    own: Span
    apart: bool = False


class _Line(Struct, frozen=True):
    """A line before it is indented, with the lines under it; ``fixed``: it is never broken."""

    text: str
    own: Span
    under: tuple[_Line, ...] = ()
    apart: bool = False
    fixed: bool = False


def file_lines(file: SyntaxFile) -> tuple[Printed, ...]:
    """Lay out a whole rulebook."""
    top = (_head(file.head), *(replace(_declaration(one), apart=True) for one in file.declarations))
    return tuple(printed for line in top for printed in _indented(line, 0))


def _indented(line: _Line, level: int) -> Iterable[Printed]:
    margin = " " * (TAB_STOP * level)
    yield Printed(level, margin + line.text if line.fixed else broken(margin, line.text), line.own, line.apart)
    for under in line.under:
        yield from _indented(under, level + 1)


def _aligned(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Set cells in columns; what ends a row has nothing behind it."""
    table = list(rows)
    widths: dict[int, int] = {}
    for row in table:
        for column, cell in enumerate(row[:-1]):
            if len(cell) <= WIDEST_CELL:
                widths[column] = max(widths.get(column, 0), len(cell))
    return [
        "".join(cell.ljust(widths.get(column, 0)) + " " for column, cell in enumerate(row[:-1])) + row[-1]
        for row in table
    ]


def _until(start: Span, end: Span) -> Span:
    """Return the stretch of a line that has others under it."""
    return Span(start.start, max(start.start, end.end))


# ---- declarations ------------------------------------------------------------------------------------------------


def _head(head: syntax.Head) -> _Line:
    keys: list[tuple[str, str]] = []
    for item in head.items:
        match item:
            case syntax.HeadText(key, text):
                keys.append((key, quote(text.value)))
            case syntax.HeadEffective(date):
                keys.append(("effective", format_expr(date)))
            case syntax.HeadNoise(value):
                keys.append(("noise", number(value)))
            case _:
                assert_never(item)
    texts = _aligned(keys)
    under = tuple(_Line(text, item.span) for text, item in zip(texts, head.items, strict=True))
    own = _until(head.span, head.version.span)
    return _Line(f"rulebook {quote(head.name.value)} version {head.version.text}", own, under)


def _declaration(one: syntax.Declaration) -> _Line:  # noqa: C901 (one arm for each declaration)
    match one:
        case syntax.Use(path):
            return _Line(f"use {quote(path.value)}", one.span)
        case syntax.Records(fields):
            return _Line("records", _begin(one.span, "records"), _fields(fields))
        case syntax.Subjects(fields):
            return _Line("subjects", _begin(one.span, "subjects"), _fields(fields))
        case syntax.Parameter(name, value, title, clauses):
            text = f"parameter {name.text} = {format_expr(value)} {quote(title.value)}"
            return _Line(text, _until(one.span, title.span), tuple(_clause(clause) for clause in clauses))
        case syntax.Require(name, title, clauses):
            text = f"require {name.text} {quote(title.value)}"
            return _Line(text, _until(one.span, title.span), tuple(_clause(clause) for clause in clauses))
        case syntax.Exclude(name, title, clauses):
            text = f"exclude {name.text} {quote(title.value)}"
            return _Line(text, _until(one.span, title.span), tuple(_clause(clause) for clause in clauses))
        case syntax.Discount(name, title, clauses):
            text = f"discount {name.text} {quote(title.value)}"
            return _Line(text, _until(one.span, title.span), tuple(_clause(clause) for clause in clauses))
        case syntax.Measure():
            return _measure(one)
        case syntax.Facet(name, title, members):
            text = f"facet {name.text} {quote(title.value)}"
            return _Line(text, _until(one.span, title.span), _members(members))
        case syntax.Rule():
            return _rule(one)
        case syntax.Score():
            return _score(one)
        case syntax.Bands(bands):
            return _Line("bands", _begin(one.span, "bands"), _bands(bands))
        case syntax.Promise(text, claims):
            under = tuple(_Line(claim_text(claim), claim.span) for claim in claims)
            return _Line(f"promise {quote(text.value)}", _until(one.span, text.span), under)
        case syntax.Example():
            return _example(one)
        case _:
            assert_never(one)


def _begin(span: Span, word: str) -> Span:
    """Return the stretch of a line that is one word."""
    return Span(span.start, span.start + len(word))


def _fields(fields: tuple[syntax.Field, ...]) -> tuple[_Line, ...]:
    """Align names; align titles among neighbours, but a ``one of`` is as wide as it is and stands alone."""
    starts = _aligned((field.name.text, field_type_text(field)) for field in fields)
    texts: list[str] = []
    for first, last in _runs(fields):
        widest = max(len(start) for start in starts[first:last])
        for start, field in zip(starts[first:last], fields[first:last], strict=True):
            texts.append(start if field.title is None else f"{start.ljust(widest)}  {quote(field.title.value)}")
    return tuple(_Line(text, field.span) for text, field in zip(texts, fields, strict=True))


def _runs(fields: tuple[syntax.Field, ...]) -> Iterable[tuple[int, int]]:
    """Return where each run of fields begins and ends of which the titles are aligned."""
    first = 0
    for place, field in enumerate(fields):
        if field.type.name == "one of":
            if first < place:
                yield first, place
            yield place, place + 1
            first = place + 1
    if first < len(fields):
        yield first, len(fields)


def _clause(clause: Clause) -> _Line:
    return _Line(clause_text(clause), clause.span)


# ---- measures and rules ------------------------------------------------------------------------------------------


def _measure(measure: syntax.Measure) -> _Line:
    titles = quote(measure.singular.value)
    last = measure.singular
    if measure.plural is not None:
        titles += f" / {quote(measure.plural.value)}"
        last = measure.plural
    under = (_aggregate(measure.aggregate), *(_clause(clause) for clause in measure.clauses))
    return _Line(f"measure {measure.name.text} {titles}", _until(measure.span, last.span), under)


def _aggregate(aggregate: syntax.Aggregate) -> _Line:
    match aggregate:
        case syntax.Count(kinds):
            return _Line(f"count {kinds_text(kinds)}", aggregate.span)
        case syntax.Distinct(fields, kinds):
            return _Line(f"distinct {names(fields)} of {kinds_text(kinds)}", aggregate.span)
        case syntax.Of(how, value, kinds):
            return _Line(f"{how} {format_expr(value)} of {kinds_text(kinds)}", aggregate.span)
        case syntax.SumByKind(rows):
            texts = _aligned((f"{row.kind.text}:", format_expr(row.value)) for row in rows)
            under = tuple(_Line(text, row.span) for text, row in zip(texts, rows, strict=True))
            return _Line("sum by kind", _begin(aggregate.span, "sum"), under)
        case syntax.DaysOf(kinds):
            return _Line(f"days of {kinds_text(kinds)}", aggregate.span)
        case syntax.HIndex(kinds, by):
            return _Line(f"h index of {kinds_text(kinds)} by {by.text}", aggregate.span)
        case syntax.Formula(value):
            return _Line(f"= {format_expr(value)}", aggregate.span)
        case _:
            assert_never(aggregate)


def _members(members: tuple[syntax.Rule | syntax.AtMost | syntax.AtLeast | syntax.Because, ...]) -> tuple[_Line, ...]:
    """Set rules apart from what stands before them, and what comes after them too."""
    lines: list[_Line] = []
    after_rule = False
    for member in members:
        is_rule = isinstance(member, syntax.Rule)
        line = _rule(member) if isinstance(member, syntax.Rule) else _rule_clause(member)
        lines.append(replace(line, apart=is_rule or after_rule))
        after_rule = is_rule
    return tuple(lines)


def _rule(rule: syntax.Rule) -> _Line:
    clauses = rule.clauses
    weighted = {type(clause) for clause in clauses} >= {syntax.Weight, syntax.Level}
    under = tuple(
        replace(line, text=line.text.replace("level ", "level  ", 1))
        if weighted and isinstance(clause, syntax.Level)
        else line
        for clause, line in ((clause, _rule_clause(clause)) for clause in clauses)
    )
    return _Line(f"rule {rule.name.text} {quote(rule.title.value)}", _until(rule.span, rule.title.span), under)


def _rule_clause(clause: syntax.RuleClause) -> _Line:
    match clause:
        case syntax.Weight(value):
            return _Line(f"weight {format_expr(value)}", clause.span)
        case syntax.Level(value, shape):
            shaped = "" if shape is None else f", {shape_text(shape)}"
            return _Line(f"level {format_expr(value)}{shaped}", clause.span)
        case syntax.Points(value):
            return _Line(f"points {format_expr(value)}", clause.span)
        case syntax.Table(by, rows):
            return _Line(f"points by {format_expr(by)}", _until(clause.span, by.span), _rows(rows))
        case syntax.AtMost(value):
            return _Line(f"at most {format_expr(value)}", clause.span)
        case syntax.AtLeast(value):
            return _Line(f"at least {format_expr(value)}", clause.span)
        case syntax.When() | syntax.Because():
            return _clause(clause)
        case syntax.Otherwise(points, words):
            given = "not applicable" if points is None else format_expr(points)
            return _Line(with_text(f"otherwise {given}", words), clause.span)
        case syntax.ForActions(whose):
            return _Line("for own actions" if whose == "own" else "for others' actions", clause.span)
        case syntax.Say(text):
            return _Line(f"say {quote(text.value)}", clause.span)
        case syntax.Baseline(value):
            return _Line(f"baseline {format_expr(value)}", clause.span)
        case _:
            assert_never(clause)


def _rows(rows: tuple[syntax.Row, ...]) -> tuple[_Line, ...]:
    texts = _aligned((f"{cells_text(row.cells)}:", points_text(row)) for row in rows)
    return tuple(_Line(text, row.span) for text, row in zip(texts, rows, strict=True))


# ---- the score ---------------------------------------------------------------------------------------------------


def _score(score: syntax.Score) -> _Line:
    by = "" if score.by is None else f" by {score.by.text}"
    last = score.title.span if score.by is None else score.by.span
    under = tuple(_Line(score_clause_text(clause), clause.span) for clause in score.clauses)
    return _Line(f"score {quote(score.title.value)}{by}", _until(score.span, last), under)


def _bands(bands: tuple[syntax.BandFrom | syntax.BandNeeds, ...]) -> tuple[_Line, ...]:
    thresholds = [band for band in bands if isinstance(band, syntax.BandFrom)]
    texts = iter(
        _aligned((f"from {format_expr(band.start)}", band.name.text, quote(band.title.value)) for band in thresholds),
    )
    lines: list[_Line] = []
    for band in bands:
        match band:
            case syntax.BandFrom():
                lines.append(_Line(next(texts), band.span))
            case syntax.BandNeeds(name, title, needs):
                under = tuple(
                    _Line(f"needs {format_expr(need.condition)} {quote(need.words.value)}", need.span) for need in needs
                )
                lines.append(_Line(f"{name.text} {quote(title.value)}", _until(band.span, title.span), under))
            case _:
                assert_never(band)
    return tuple(lines)


# ---- examples ----------------------------------------------------------------------------------------------------


def _example(example: syntax.Example) -> _Line:
    under = [_Line(f"as of {format_expr(example.as_of)}", example.as_of.span)]
    grids = [(word, grid) for word, grid in (("subjects", example.subjects), ("records", example.records)) if grid]
    for word, grid in sorted(grids, key=lambda named: named[1].span.start):
        under.append(_Line(word, _begin(grid.span, word), _grid(grid)))
    under += [_expect(expect) for expect in example.expects]
    own = _until(example.span, example.title.span)
    return _Line(f"example {quote(example.title.value)}", own, tuple(under))


def _grid(grid: syntax.Grid) -> tuple[_Line, ...]:
    rows = (grid.heading, *grid.rows)
    texts = _aligned(tuple(cell_text(cell) for cell in row) for row in rows)
    return tuple(_Line(text, _stretch(row), fixed=True) for text, row in zip(texts, rows, strict=True))


def _stretch(row: tuple[syntax.Cell, ...]) -> Span:
    return row[0].span.to(row[-1].span)


def _expect(expect: syntax.Expect) -> _Line:
    among = "" if expect.by is None else f" in {cell_text(expect.by)}"
    above = "" if expect.above is None else f" above {cell_text(expect.above)}"
    last = expect.above or expect.by or expect.subject
    texts = _aligned(expectation_texts(line) for line in expect.lines)
    under = tuple(_Line(text, line.span) for text, line in zip(texts, expect.lines, strict=True))
    return _Line(f"expect {cell_text(expect.subject)}{among}{above}", _until(expect.span, last.span), under, fixed=True)
