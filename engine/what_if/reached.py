"""Takes one person's ledgers, as they are and as they would be; gives whether something is reached or higher."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.engine.what_if.prospects import Target

_ZERO = Decimal(0)


def reaching(target: Target, line: LineRow) -> Callable[[SubjectLedger | None], bool]:
    """Return what says whether a ledger is where it was to be, with the rule's line higher than it was."""

    def reaches(ledger: SubjectLedger | None) -> bool:
        return is_reached(target, ledger) and is_higher(ledger, line)

    return reaches


def is_reached(target: Target, ledger: SubjectLedger | None) -> bool:
    """Say whether a score is where it was to be."""
    if ledger is None or ledger.score.score is None:
        return False
    if target.band is not None:
        return ledger.score.band in target.bands
    return target.score is not None and ledger.score.score >= target.score


def has_score(ledger: SubjectLedger | None) -> bool:
    """Say whether there is a score."""
    return ledger is not None and ledger.score.score is not None


def score_in(ledger: SubjectLedger | None) -> Decimal:
    """Return the score; 0 where there is none."""
    return _ZERO if ledger is None or ledger.score.score is None else ledger.score.score


def line_in(ledger: SubjectLedger | None, rule: str) -> LineRow | None:
    """Return a rule's line."""
    return None if ledger is None else next((each for each in ledger.lines if each.rule == rule), None)


def is_higher(ledger: SubjectLedger | None, line: LineRow) -> bool:
    """Say whether a line has more points than it had; without a score there is no line."""
    row = line_in(ledger, line.rule)
    return row is not None and (row.points or _ZERO) > (line.points or _ZERO)


def is_full(line: LineRow) -> bool:
    """Say whether a line's level is full, or its bound holds it."""
    return (line.level == 1 and (line.weight or _ZERO) > 0) or (line.taken or _ZERO) > 0


def lines_raised(base: SubjectLedger | None, ledger: SubjectLedger | None) -> frozenset[str]:
    """Return the rules whose line is higher than it was."""
    return frozenset(() if base is None else (line.rule for line in base.lines if is_higher(ledger, line)))


def measures_moved(base: SubjectLedger | None, ledger: SubjectLedger | None) -> frozenset[str]:
    """Return the measures whose value is another than it was."""
    before = values_in(base)
    return frozenset(name for name, value in values_in(ledger).items() if before.get(name) != value)


def values_in(ledger: SubjectLedger | None) -> dict[str, Decimal | None]:
    """Return the measures by name."""
    return {} if ledger is None else {row.measure: row.value for row in ledger.measures}
