"""Takes the lines of a score; gives the principal reasons: which rules raised it most and which kept it lower."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Literal

from tallystick.engine.arithmetic import round_to, subtract, text_of
from tallystick.explain.document import Line, Method, Reason

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
    raised: list[tuple[Decimal, Line]] = []
    lowered: list[tuple[Decimal, Line]] = []
    for line in lines:
        if line.points is None and mean:
            continue
        points = Decimal(line.points or 0)
        if points > 0:
            raised.append((_read(points, places), line))
        compared = line.of if line.baseline is None else line.baseline
        gap = Decimal(0) if compared is None else subtract(Decimal(compared), points)
        if gap > 0:
            lowered.append((_read(gap, places), line))
    shown = MOST_REASONS if most is None else most
    return (
        *(_raised(line, points, places) for points, line in _greatest(raised)[:shown]),
        *(_lowered(line, gap, places) for gap, line in _greatest(lowered)[:shown]),
    )


def _read(points: Decimal, places: int | None) -> Decimal:
    """Return points as they are read, by which reasons are ordered."""
    return points if places is None else round_to(points, places)


def _greatest(found: list[tuple[Decimal, Line]]) -> list[tuple[Decimal, Line]]:
    return sorted(found, key=lambda each: -each[0])


def _raised(line: Line, points: Decimal, places: int | None) -> Reason:
    return _reason("up", line.rule, _code(line), line.title, text_of(points, places), "0", "points given")


def _lowered(line: Line, gap: Decimal, places: int | None) -> Reason:
    method: Method = "the most that the rule can give, less the points given"
    compared = line.of
    if line.baseline is not None:
        method, compared = "the baseline, less the points given", line.baseline
    missed = text_of(gap, places)
    return _reason("down", line.rule, _code(line), line.title, missed, text_of(Decimal(compared or 0)), method)


@lru_cache(maxsize=5_000)
def _reason(
    direction: Literal["up", "down"], rule: str, code: str, title: str, points: str, compared: str, method: Method
) -> Reason:
    """Make a reason; those who miss as much as others have the same one."""
    return Reason(
        direction=direction, rule=rule, code=code, title=title, points=points, compared_with=compared, method=method
    )


def _code(line: Line) -> str:
    return line.rule if line.row is None or line.row.reason is None else line.row.reason
