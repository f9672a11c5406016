"""Takes the lines of a score; gives the principal reasons: which rules raised it most and which kept it lower."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from operator import itemgetter

from msgspec import Struct

from tallystick.engine.arithmetic import round_to, subtract, text_of
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.scores import Method, Reason

MOST_REASONS = 4
"""Unless the rulebook says fewer: more are not likely to help anyone."""


class Moves(Struct, frozen=True, gc=False):
    """By how many points, as they are read, a line raised the score, and by how many it kept it lower, each with the
    reason that says so; None where it did not."""

    up: tuple[Decimal, Reason] | None = None
    down: tuple[Decimal, Reason] | None = None


def moves_of(line: Line, *, mean: bool, places: int | None) -> Moves:
    """Return what a line did to the score.

    Up: the points that it gave. Down: what it gave less than its baseline, or, without one, than the most that it can
    give. Under a sum a rule that does not apply gave 0; under a mean it drops out and is no reason.
    """
    if line.points is None and mean:
        return Moves()
    points = Decimal(line.points or 0)
    compared = line.of if line.baseline is None else line.baseline
    gap = Decimal(0) if compared is None else subtract(Decimal(compared), points)
    return Moves(
        up=_raised(line, points) if points > 0 else None,
        down=_lowered(line, gap if places is None else round_to(gap, places), places) if gap > 0 else None,
    )


def principal_reasons(moves: Sequence[Moves], most: int | None = None) -> tuple[Reason, ...]:
    """Return at most ``most`` reasons each way, greatest first, ties in the order of the rulebook. Every reason is one
    of the lines."""
    shown = MOST_REASONS if most is None else most
    ups = sorted([each.up for each in moves if each.up is not None], key=itemgetter(0), reverse=True)
    downs = sorted([each.down for each in moves if each.down is not None], key=itemgetter(0), reverse=True)
    return tuple([reason for _, reason in (*ups[:shown], *downs[:shown])])


def _raised(line: Line, points: Decimal) -> tuple[Decimal, Reason]:
    reason = Reason(
        direction="up",
        rule=line.rule,
        code=_code(line),
        title=line.title,
        points=line.points or "0",
        compared_with="0",
        method="points given",
    )
    return points, reason


def _lowered(line: Line, gap: Decimal, places: int | None) -> tuple[Decimal, Reason]:
    method: Method = "the most that the rule can give, less the points given"
    compared = line.of
    if line.baseline is not None:
        method, compared = "the baseline, less the points given", line.baseline
    reason = Reason(
        direction="down",
        rule=line.rule,
        code=_code(line),
        title=line.title,
        points=text_of(gap, places),
        compared_with=compared or "0",
        method=method,
    )
    return gap, reason


def _code(line: Line) -> str:
    return line.rule if line.row is None or line.row.reason is None else line.row.reason
