"""Takes names that the compiled query uses itself; checks that a rulebook may use them, too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.engine import score
from tallystick.engine.intake.reading import read_rows, record_fields
from tallystick.engine.reference import refer

RULES = """rulebook "Names" version 1.0.0
records
    subject text
    actor   text
    kind    one of a
    at      date
    FIELD   number 0 to 10

measure MEASURE "person" / "people"
    distinct actor of a

measure weighted "weight" / "weights"
    sum max(FIELD, min(actor.MEASURE or else 0, 3) + 0.5) of a

rule r "R"
    points weighted + MEASURE

score "S"
    sum of all rules
"""
ROWS = [
    ["ada", "bob", "a", "2026-01-01", "3"],
    ["bob", "ada", "a", "2026-01-02", "1"],
    ["ada", "eve", "a", "2026-01-03", "0"],
]
DAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("measure", "field"), [("person", "v"), ("value", "person"), ("v", "records"), ("earned", "n")]
)
def test_a_name_is_nobody_s_but_the_rulebook_s(measure: str, field: str, tmp_path: Path) -> None:
    """A measure or field that is called as a column of the query's own gives what the reference gives."""
    rulebook = accepted(RULES.replace("MEASURE", measure).replace("FIELD", field))
    columns = ["subject", "actor", "kind", "at", field]
    given = tmp_path / "records.csv"
    given.write_text("\n".join(",".join(row) for row in (columns, *ROWS)), encoding="utf-8")
    reference = refer(rulebook, read_rows(record_fields(rulebook), columns, ROWS, "id").rows, None, DAY, ())
    run = score(rulebook, given, as_of=DAY)
    try:
        assert list(run.ledgers()) == list(reference.ledgers())
        # ada: the greater of 3 and 1 + 0.5, and of 0 and 0 + 0.5, and two people; bob: of 1 and 2 + 0.5, and one.
        assert [each.score.score for each in run.ledgers()] == [Decimal("5.5"), Decimal("3.5")]
    finally:
        run.close()
