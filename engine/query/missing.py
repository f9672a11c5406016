"""Takes a person's expression; gives tests for each name in it that can be missing, in the order of the text."""

from __future__ import annotations

from tallystick.engine.evaluate import first_name, parts_of
from tallystick.engine.query.expression import Names, sql_of
from tallystick.rules.expression import AttributeOf, Expr, MeasureOf, Since


def absent(expr: Expr, names: Names) -> list[tuple[str, str]]:
    """Return tests that hold where a name is missing, each with the name; a time since a day to come names that day."""
    match expr.op:
        case AttributeOf() | MeasureOf() as name:
            return [(f"{names.column(name).text} IS NULL", name.name)]
        case Since(date=start):
            first = first_name(start)
            later = [] if first is None else [(f"{sql_of(expr, names).text} IS NULL", first)]
            return [*absent(start, names), *later]
        case _:
            return [each for part in parts_of(expr) for each in absent(part, names)]
