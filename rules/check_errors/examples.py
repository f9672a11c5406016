"""Takes facts about an example; gives the words for tables that do not fit and names that mean nothing in it."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.rules.check.names import Site
from tallystick.rules.check_errors.drawing import counted, error, listed, mended, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near


def table_undeclared(source: Source, span: Span, keyword: str) -> Diagnostic:
    """A table of an example for what the rulebook does not read."""
    return error(
        Mistake.TABLE_UNDECLARED,
        source,
        span,
        f"this example has `{keyword}`, and the rulebook declares none",
        help=f"declare `{keyword}`, or leave the table out",
    )


def table_missing(source: Source, span: Span) -> Diagnostic:
    """An example without the subjects that the rulebook reads."""
    return error(
        Mistake.TABLE_UNDECLARED,
        source,
        span,
        "this example has no `subjects`, and the rulebook reads them",
        notes=("who has no row there is not scored",),
        help="add a table `subjects` with a row for each person",
    )


def column_unknown(  # the facts of one mistake
    source: Source, span: Span, name: str, sites: Sequence[Site], keyword: str, read_from: str | None
) -> Diagnostic:
    """A column that no field has; ``read_from``: the field that is read from it in the data."""
    names = [site.name for site in sites]
    best = near(name, names) if read_from is None else read_from
    if best is None:
        advice = f"`{keyword}` has {listed(names)}"
    elif read_from is None:
        advice = f"`{best}` is spelled almost the same"
    else:
        advice = f"it is the column in the data of `{best}`; an example has the rulebook's own names"
    mistake = error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"no {'field' if keyword == 'records' else 'attribute'} is called `{name}`",
        label="not declared",
        help=advice,
    )
    return mended(mistake, best)


def columns_run_together(source: Source, span: Span, name: str, sign: str) -> Diagnostic:
    """A heading whose columns are separated as in a file."""
    return error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"`{name}` names no column: blanks alone separate the cells of an example",
        help=f"write blanks in place of each `{sign}`",
    )


def column_elsewhere(source: Source, span: Span, site: Site, keyword: str) -> Diagnostic:
    """A column that belongs into the other table."""
    return error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"`{site.name}` is not declared under `{keyword}`",
        second=(site.span, f"a{'n' if site.sort == 'attribute' else ''} {site.sort}"),
        help="move the column to the table that it belongs to",
    )


def column_missing(source: Source, span: Span, name: str) -> Diagnostic:
    """A table without a column that every row needs."""
    return error(
        Mistake.COLUMN_MISSING,
        source,
        span,
        f"this table has no column `{name}`, so every row would be rejected",
        help=f"add the column `{name}`",
    )


def row_ragged(source: Source, span: Span, cells: int, columns: int, heading: Span) -> Diagnostic:
    """A row with more or fewer cells than its heading."""
    return error(
        Mistake.ROW_RAGGED,
        source,
        span,
        f"this row has {counted(cells, 'cell', 'cells')}, and its heading {columns}",
        second=(heading, counted(columns, "column", "columns")),
        help="write `-` for what is missing, and put text with blanks in quotes",
    )


def cell_unfit(source: Source, span: Span, text: str | None, field: str, why: str, *, meant: str | None) -> Diagnostic:
    """A cell that would make its row rejected; ``meant``: what to write, where that can be told."""
    shown = "-" if text is None else text
    return error(
        Mistake.CELL_UNFIT,
        source,
        span,
        f"`{shown}` {why}" if text else f"`{field}` {why} here, and it is not optional",
        label=f"column `{field}`",
        help=meant or "write a value that can be read, or leave the row out",
    )


def kind_misspelt(source: Source, span: Span, kind: str, meant: str) -> Diagnostic:
    """A record of a kind that is not listed, and that is nearly one that is."""
    mistake = warning(
        Mistake.KIND_MISSPELT,
        source,
        span,
        f"no kind is called `{kind}`, so this record counts for nothing",
        label="column `kind`",
        help=f"`{meant}` is spelled almost the same",
    )
    return mended(mistake, meant)


def person_unnamed(
    source: Source,
    span: Span,
    name: str,
    in_subjects: bool,  # noqa: FBT001
    *,
    value: str | None,
) -> Diagnostic:
    """An expectation of somebody whom no row names; ``value``: none of that value."""
    where = "row of `subjects`" if in_subjects else "record"
    among = "" if value is None else f" in `{value}`"
    return error(
        Mistake.PERSON_UNNAMED,
        source,
        span,
        f"no {where} in this example is about `{name}`{among}",
        help=f"add a row whose `subject` is {name}" + ("" if value is None else f", with the value {value}"),
    )


def outcome_differs(source: Source, span: Span, name: str, outcome: str) -> Diagnostic:
    """``no score X`` where X says ``insufficient data``, or the reverse."""
    mistake = error(
        Mistake.OUTCOME_DIFFERS,
        source,
        span,
        f"who fails `{name}` gets `{outcome}`",
        help=f"write `{outcome} {name}`",
    )
    return mended(mistake, f"{outcome} {name}")
