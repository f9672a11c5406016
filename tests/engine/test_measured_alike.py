"""Takes ledgers made one after another in a connection; asks when one takes its measures from the one before it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from generators.accepted import accepted
from ledgers.between_runs import RULES

from tallystick.engine.duckdb import Ledger, run_ledger

DAY = date(2026, 3, 5)
_ROW = (
    "SELECT 0 AS \"#row\", '{0}' AS id, 'ada' AS subject, '{1}' AS actor, "
    "'{2}' AS kind, DATE '2026-03-01' AS at, 1 AS worth"
)
ROWS = " UNION ALL ".join(_ROW.format(*each) for each in (("1", "ada", "post"), ("2", "bob", "like")))
PEOPLE = "SELECT 0 AS \"#row\", 'ada' AS subject, 5 AS level"


def ledger(
    connection: duckdb.DuckDBPyConnection,
    rules: str = RULES,
    *,
    records: str = ROWS,
    as_of: date = DAY,
    earlier: Ledger | None = None,
) -> Ledger:
    """Score two records of one person: 10 for a post, 1 for a like, 5 for the level."""
    return run_ledger(connection, accepted(rules), records, PEOPLE, as_of, earlier=earlier)


def score(found: Ledger) -> Decimal | None:
    """Give the person's score."""
    person = found.tables.subject("ada")
    assert person is not None
    return person.score.score


@pytest.fixture
def first() -> Ledger:
    """Score once, and write down another number of likes than the records have: who takes measures over, takes it."""
    made = ledger(duckdb.connect())
    assert score(made) == Decimal(16)
    made.connection.execute("UPDATE people SET likes = 4")
    return made


OTHER_RULES = {
    "points": (RULES.replace("points likes", "points 2 * likes"), 23),
    "bound": (RULES.replace("at most 100", "at most 18"), 18),
    "new rule": (RULES.replace("score", 'rule more "More"\n    points likes\n    because "Likes count."\n\nscore'), 23),
    "band": (RULES + '\nbands\n    from 1 top "Top"\n', 19),
}
OTHER_MEASURES = {
    "window": (RULES.replace("within 10 days", "within 4 days"), 6),
    "exclusion": (RULES.replace("actor = subject and kind = like", "actor != subject and kind = like"), 15),
    "requirement": (RULES.replace("when posts >= 1", "when posts >= 1 and likes >= 0"), 16),
    "measure": (RULES.replace("count like", "count like, post"), 17),
}


@pytest.mark.parametrize(("rules", "points"), OTHER_RULES.values(), ids=OTHER_RULES)
def test_the_rules_alone_are_worked_out_anew(first: Ledger, rules: str, points: int) -> None:
    """Where rules, bounds or bands alone are others, measures stay as the ledger before found them."""
    assert score(ledger(first.connection, rules, earlier=first)) == points


@pytest.mark.parametrize(("rules", "points"), OTHER_MEASURES.values(), ids=OTHER_MEASURES)
def test_whoever_measures_otherwise_measures_anew(first: Ledger, rules: str, points: int) -> None:
    """Where anything is another that everybody is measured by, everybody is measured."""
    assert score(ledger(first.connection, rules, earlier=first)) == points


def test_other_rows_another_day_and_another_place_are_measured_anew(first: Ledger) -> None:
    """The same rules over other rows, on another day or in another connection take nothing over."""
    more = f"{ROWS} UNION ALL {_ROW.format('3', 'cem', 'like')}"
    assert score(ledger(first.connection, records=more, earlier=first)) == Decimal(17)
    first.connection.execute("UPDATE people SET likes = 4")
    assert score(ledger(first.connection, as_of=date(2026, 3, 6), earlier=first)) == Decimal(16)
    assert score(ledger(duckdb.connect(), earlier=first)) == Decimal(16)


def test_what_is_taken_over_can_be_taken_over_again(first: Ledger) -> None:
    """A ledger that took its measures over hands them on, with the count of records about nobody admitted."""
    second = ledger(first.connection, OTHER_RULES["points"][0], earlier=first)
    third = ledger(first.connection, OTHER_RULES["bound"][0], earlier=second)
    assert score(third) == Decimal(18)
    assert first.not_admitted == second.not_admitted == third.not_admitted
