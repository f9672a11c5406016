"""Takes the lines of a score; gives the principal reasons: which rules raised it most and which kept it lower."""

from __future__ import annotations

from decimal import Decimal

from tallystick.engine.arithmetic import subtract, text_of
from tallystick.explain.document import Line, Reason

MOST_REASONS = 4
"""More than four are not likely to help anyone."""


def principal_reasons(lines: tuple[Line, ...], *, mean: bool, places: int | None) -> tuple[Reason, ...]:
    """Return at most four reasons each way, greatest first, ties in the order of the rulebook.

    Up: the rules that gave points. Down: the rules that gave less than the most they can give, by the difference.
    Under a sum a
    rule that does not apply gave 0; under a mean it drops out and is no reason. Every reason is one of the lines.
    """
    up: list[tuple[Decimal, Line]] = []
    down: list[tuple[Decimal, Line, Decimal]] = []
    for line in lines:
        if line.points is None and mean:
            continue
        points = Decimal(line.points or 0)
        if points > 0:
            up.append((points, line))
        if line.of is not None and points < Decimal(line.of):
            down.append((subtract(Decimal(line.of), points), line, Decimal(line.of)))
    up.sort(key=lambda each: -each[0])
    down.sort(key=lambda each: -each[0])
    raised = [
        Reason(
            direction="up",
            rule=line.rule,
            title=line.title,
            points=text_of(points, places),
            compared_with="0",
            method="points given",
        )
        for points, line in up[:MOST_REASONS]
    ]
    lowered = [
        Reason(
            direction="down",
            rule=line.rule,
            title=line.title,
            points=text_of(gap, places),
            compared_with=text_of(most),
            method="the most that the rule can give, less the points given",
        )
        for gap, line, most in down[:MOST_REASONS]
    ]
    return (*raised, *lowered)
