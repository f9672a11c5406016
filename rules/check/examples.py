"""Takes an example as written; gives its tables and what it expects, once its cells and names fit the rulebook."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.check import clauses
from tallystick.rules.check.example_cells import meant, unfit
from tallystick.rules.check.names import Site
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import by as say_by
from tallystick.rules.check_errors import examples as say
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.rulebook import Example, Expect, Expectation, Field, Grid
from tallystick.rules.source import Span
from tallystick.rules.spelling import near
from tallystick.rules.value import OneOfType, TextType

_KEY = Field("subject", "subject", TextType(), optional=False, title=None)
_ALWAYS = "score"
"""What fails where no rule applied; no declaration bears the name."""


class Declared(Struct, frozen=True):
    """What an example may name."""

    records: tuple[Field, ...] | None
    subjects: tuple[Field, ...] | None
    effective: date | None
    outcomes: dict[str, Literal["no score", "insufficient data"]]
    by: Field | None = None
    """The field for each of whose values there is a score."""
    by_unsettled: bool = False
    """Something is wrong with that field, and told already."""


def example(check: Check, written: syntax.Example, declared: Declared) -> Example:
    """Check an example's day, its tables and what it expects."""
    source = check.source
    day = written.as_of.value
    if declared.effective is not None and day < declared.effective:
        check.report(say_reads.before_effective(source, written.as_of.span, day, declared.effective))
    key = None if declared.subjects is None else (_KEY, *declared.subjects)
    subjects = _grid(check, written.subjects, key, "subjects")
    records = _grid(check, written.records, declared.records, "records")
    if declared.subjects is not None and written.subjects is None and not check.lost("subjects"):
        check.report(say.table_missing(source, written.title.span))
        people = None
    elif check.lost("records", "subjects"):
        people = None
    elif declared.subjects is not None:
        people = _people(subjects, written.subjects)
    else:
        people = _people(records, written.records)
    if declared.by is not None:
        people = _people_of_values(people, records, written.records, declared.by.name)
    expects = tuple(_expect(check, each, declared, people) for each in written.expects)
    _twice(check, written)
    return Example(written.title.value, day, subjects, records, tuple(each for each in expects if each), written.span)


def _grid(
    check: Check, written: syntax.Grid | None, fields: tuple[Field, ...] | None, keyword: Literal["subjects", "records"]
) -> Grid | None:
    if written is None:
        return None
    if fields is None:
        if not check.lost(keyword):
            check.report(say.table_undeclared(check.source, _grid_span(written), keyword))
        return None
    by_name = {field.name: field for field in fields}
    if (found := _run_together(written, by_name)) is not None:
        cell, sign = found
        check.report(say.columns_run_together(check.source, cell.span, cell.value or "-", sign))
        return None
    columns, fine = _columns(check, written, by_name, keyword)
    rows: list[tuple[str | None, ...]] = []
    for row in written.rows:
        if len(row) != len(written.heading):
            span = row[0].span.to(row[-1].span) if row else _grid_span(written)
            check.report(say.row_ragged(check.source, span, len(row), len(written.heading), _grid_span(written)))
            continue
        for cell, heading in zip(row, written.heading, strict=True):
            field = by_name.get(heading.value or "") if fine else None
            why = None if field is None else unfit(field, cell.value)
            if field is not None and why is not None:
                check.report(
                    say.cell_unfit(check.source, cell.span, cell.value, field.name, why, meant=meant(field, cell.value))
                )
            elif field is not None and keyword == "records" and (kind := _meant_kind(field, cell.value)) is not None:
                check.report(say.kind_misspelt(check.source, cell.span, cell.value or "-", kind))
        rows.append(tuple(cell.value for cell in row))
    return Grid(columns, tuple(rows))


def _meant_kind(field: Field, written: str | None) -> str | None:
    """Return the kind that a cell is nearly, where it is none: a record of any other is unused, and may be meant so."""
    if field.name != "kind" or not isinstance(field.type, OneOfType) or written is None:
        return None
    return None if written in field.type.values else near(written, field.type.values)


def _columns(
    check: Check, written: syntax.Grid, by_name: dict[str, Field], keyword: Literal["subjects", "records"]
) -> tuple[tuple[str, ...], bool]:
    """Return the names of the columns, and whether they are fine; report those that are unknown, double or lacking."""
    seen: dict[str, Span] = {}
    unknown = False
    for cell in written.heading:
        name = cell.value or "-"
        first = seen.setdefault(name, cell.span)
        if first is not cell.span:
            unknown = True
            check.report(say_reads.value_twice(check.source, cell.span, name, first))
        elif name not in by_name and not check.names.is_poison(name):
            unknown = True
            sites = [Site(field.name, "field", field.span) for field in by_name.values()]
            read_from = next((field.name for field in by_name.values() if field.column == name), None)
            check.report(say.column_unknown(check.source, cell.span, name, sites, keyword, read_from))
        elif name not in by_name and name in check.names.sites:
            unknown = True
            if check.names.sites[name].sort == ("field" if keyword == "records" else "attribute"):
                continue
            check.report(say.column_elsewhere(check.source, cell.span, check.names.sites[name], keyword))
    for name, field in by_name.items():
        if name not in seen and not field.optional and not unknown:
            check.report(say.column_missing(check.source, _grid_span(written), name))
    return tuple(cell.value or "-" for cell in written.heading), not unknown


def _run_together(written: syntax.Grid, by_name: dict[str, Field]) -> tuple[syntax.Cell, str] | None:
    """Return the first cell of a heading that is separated from the next as in a file, and the sign that does it."""
    for cell in written.heading:
        for sign in ",;|":
            parts = [part.strip() for part in (cell.value or "").split(sign)]
            if (len(parts) > 1 and any(part in by_name for part in parts)) or cell.value == sign:
                return cell, sign
    return None


def _grid_span(written: syntax.Grid) -> Span:
    if not written.heading:
        return written.span
    return written.heading[0].span.to(written.heading[-1].span)


def _people(grid: Grid | None, written: syntax.Grid | None) -> frozenset[str] | None:
    """Return whom a table names; None where it has no such column, or rows that are wrong."""
    if grid is None or written is None:
        return None
    if _KEY.name not in grid.columns or len(grid.rows) < len(written.rows):
        return None
    place = grid.columns.index(_KEY.name)
    return frozenset(row[place] or "" for row in grid.rows)


def _people_of_values(
    people: frozenset[str] | None, grid: Grid | None, written: syntax.Grid | None, field: str
) -> frozenset[str] | None:
    """Return ``PERSON in VALUE`` for each pair that has a score: who is scored, and has a record of that value."""
    named = _people(grid, written)
    if people is None or named is None or grid is None or field not in grid.columns:
        return None
    subject, value = grid.columns.index(_KEY.name), grid.columns.index(field)
    return frozenset(_pair(row[subject] or "", row[value]) for row in grid.rows if row[subject] in people)


def _pair(name: str, value: str | None) -> str:
    return f"{name} in {value or '-'}"


def _in_value(check: Check, written: syntax.Expect, declared: Declared) -> str | None:
    """Return for which value of the score's ``by`` something is expected; report one that should or cannot be said."""
    if declared.by_unsettled:
        return None
    if declared.by is None:
        if written.by is not None:
            check.report(say_by.expect_in_nothing(check.source, written.by.span))
        return None
    assert isinstance(declared.by.type, OneOfType)  # noqa: S101  the checker has seen to it
    values = declared.by.type.values
    if written.by is None:
        check.report(say_by.expect_in_unsaid(check.source, written.subject.span, written.subject.value, declared.by))
        return None
    if written.by.value not in values:
        check.report(say_name.value_unknown(check.source, written.by.span, written.by.value or "-", values))
        return None
    return written.by.value


def _expect(check: Check, written: syntax.Expect, declared: Declared, people: frozenset[str] | None) -> Expect | None:
    by = _in_value(check, written, declared)
    if declared.by_unsettled or (declared.by is not None and by is None):
        people = None
    for cell in (written.subject, written.above):
        name = None if cell is None else cell.value or "-"
        if cell is not None and name is not None and people is not None:
            pair = name if by is None else _pair(name, by)
            if pair not in people:
                reads = declared.subjects is not None and by is None
                check.report(say.person_unnamed(check.source, cell.span, name, reads, value=by))
    lines = [_expectation(check, line, declared) for line in written.lines]
    if written.above is not None:
        lines = [Expectation("above", written.above.value or "-", span=written.above.span), *lines]
    return Expect(written.subject.value or "-", tuple(line for line in lines if line is not None), by, written.span)


def _expectation(check: Check, line: syntax.Expectation, declared: Declared) -> Expectation | None:
    value = None if line.value is None else clauses.signed(line.value)
    match line.form:
        case "score":
            return Expectation("score", value=value, span=line.span)
        case "because":
            known = [_known(check, word, "rule", "rule") for word in line.names]
            if not all(known):
                return None
            return Expectation("because", names=tuple(word.text for word in line.names), span=line.span)
        case "rule" | "band" | "no score" | "insufficient data":
            if line.name is None or not _names_well(check, line, line.name, declared):
                return None
            return Expectation(line.form, line.name.text, value, span=line.span)


def _names_well(check: Check, line: syntax.Expectation, word: syntax.Word, declared: Declared) -> bool:
    if line.form in ("rule", "band"):
        return _known(check, word, "rule" if line.form == "rule" else "band", line.form)
    if line.form == "insufficient data" and word.text == _ALWAYS:
        return True
    if not _known(check, word, "requirement", "requirement"):
        return False
    outcome = declared.outcomes.get(word.text)
    if outcome is not None and outcome != line.form:
        check.report(say.outcome_differs(check.source, line.span, word.text, outcome))
        return False
    return True


def _known(check: Check, word: syntax.Word, space: Literal["rule", "band", "requirement"], sort: str) -> bool:
    sites = check.names.spaces.get(space, {})
    if word.text in sites:
        return True
    if not check.names.is_poison_in(space, word.text):
        check.report(say_name.site_unknown(check.source, word.span, word.text, sort, sites.values()))
    return False


def _twice(check: Check, written: syntax.Example) -> None:
    seen: dict[str, Span] = {}
    for each in written.expects:
        if each.above is not None:
            continue
        whose = each.subject.value or "-"
        if each.by is not None:
            whose = _pair(whose, each.by.value)
        first = seen.setdefault(whose, each.subject.span)
        if first is not each.subject.span:
            text = f"expect {whose}"
            check.report(say_name.block_twice(check.source, each.subject.span, text, first))
