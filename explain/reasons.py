"""Takes the lines of a score; gives the principal reasons: which rules raised it most and which kept it lower."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.engine.arithmetic import subtract, text_of
from tallystick.explain.document import Line, Reason

MOST_REASONS = 4
"""Unless the rulebook says fewer: more are not likely to help anyone."""


def principal_reasons(
    lines: tuple[Line, ...], *, mean: bool, places: int | None, most: int | None = None
) -> tuple[Reason, ...]:
    """Return at most ``most`` reasons each way, greatest first, ties in the order of the rulebook.

    Up: the rules that gave points. Down: the rules that gave less than their baseline, or, without one, than the most
    that they can give, by the difference. Under a sum a rule that does not apply gave 0; under a mean it drops out and
    is no reason. Every reason is one of the lines.
    """
    counted = [line for line in lines if line.points is not None or not mean]
    shown = MOST_REASONS if most is None else most
    raised = [each for line in counted for each in _raised(line, places)]
    lowered = [each for line in counted for each in _lowered(line, places)]
    return (*_greatest(raised)[:shown], *_greatest(lowered)[:shown])


def _greatest(reasons: list[Reason]) -> list[Reason]:
    return sorted(reasons, key=lambda each: -Decimal(each.points))


def _raised(line: Line, places: int | None) -> Iterator[Reason]:
    points = Decimal(line.points or 0)
    if points > 0:
        yield Reason(
            direction="up",
            rule=line.rule,
            code=_code(line),
            title=line.title,
            points=text_of(points, places),
            compared_with="0",
            method="points given",
        )


def _lowered(line: Line, places: int | None) -> Iterator[Reason]:
    compared = line.of if line.baseline is None else line.baseline
    if compared is None:
        return
    gap = subtract(Decimal(compared), Decimal(line.points or 0))
    if gap > 0:
        yield Reason(
            direction="down",
            rule=line.rule,
            code=_code(line),
            title=line.title,
            points=text_of(gap, places),
            compared_with=text_of(Decimal(compared)),
            method="the most that the rule can give, less the points given"
            if line.baseline is None
            else "the baseline, less the points given",
        )


def _code(line: Line) -> str:
    return line.rule if line.row is None or line.row.reason is None else line.row.reason
