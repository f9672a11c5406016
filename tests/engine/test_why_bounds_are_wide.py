"""Takes a measure and a few records for each thing that lets records touch others; checks that the derived bounds leave
room for what these records do, which narrower bounds would not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from generators.accepted import accepted

from tallystick.engine.intake.reading import Row
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.rules.analysis.expressions import Apart
from tallystick.rules.analysis.shifts import Pair
from tallystick.rules.rulebook import Rulebook

HEAD = """\
rulebook "Wide" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of like, post
    at      date
    item    one of p, q
    size    number -2 to 3 with 0 places
    rate    number 0 to 2 with 1 places

"""
TAIL = """
rule r "R"
    points min(abs(m), 1)
    because "…"

score "S"
    sum of all rules
"""
MONDAY = date(2026, 6, 1)
ANOTHER, OWN = Pair("another's records"), Pair("own records")
NOT_OWN = 'exclude own "o"\n    when actor = subject\n    because "…"\n\n'


def returned(to: str) -> str:
    """Write a discount of what returns a like."""
    return f'discount back "b"\n    to {to}\n    when returned within 90 days\n\n'


def like(
    actor: str, age: int, item: str = "p", rate: str = "1", size: int = 1, subject: str = "ada", kind: str = "like"
) -> Row:
    """Return a like of so many days ago."""
    return (subject, actor, kind, MONDAY - timedelta(days=age), item, Decimal(size), Decimal(rate))


@dataclass(frozen=True)
class Wide:
    """A measure, records, and by how much it is another in the two results of a pair, up or down, to two places.
    ``before``: what stands before the measure."""

    pair: Pair
    measure: tuple[str, ...]
    records: tuple[Row, ...]
    moved: str
    before: str = ""


CASES = {
    "an older record of more value takes the place of one that has faded less": Wide(
        ANOTHER,
        ("sum rate of like", "keep at most 1 per item", "halving every 1 day"),
        (like("cem", 0), like("bob", 14, rate="2")),
        "-1.00",
    ),
    "one that is not discounted takes the place of one that is": Wide(
        ANOTHER,
        ("count like", "keep at most 1 per item", "halving every 1 day"),
        (like("cem", 0, size=3), like("bob", 14)),
        "-0.50",
        'discount big "b"\n    to 50%\n    when size > 2\n\n',
    ),
    "one that is not diluted takes the place of one that is": Wide(
        ANOTHER,
        ("count like", "diluted per actor per day", "keep at most 1 per item", "halving every 1 day"),
        (like("cem", 0), like("cem", 0, subject="dan"), like("bob", 14)),
        "-0.50",
    ),
    "one of a full week takes the place of one of another week": Wide(
        ANOTHER,
        ("count like", "keep at most 1 per item per month", "total at most 1 per week"),
        (like("cem", 14), like("dan", 7, "q"), like("bob", 6)),
        "-1.00",
    ),
    "no limit of a net holds what takes away": Wide(
        ANOTHER,
        ("sum by kind", "    like: 3", "    post: -2", "within 7 days", "total at most 3 per week"),
        (like("cem", 0), *5 * (like("bob", 0, kind="post"),)),
        "-10.00",
    ),
    "what one gives makes what takes away count for less": Wide(
        OWN,
        ("sum size of like",),
        (like("ada", 9, subject="bob"), like("bob", 0, size=-2)),
        "1.00",
        NOT_OWN + returned("50%"),
    ),
    "what one gives lets one count that has faded less": Wide(
        OWN,
        ("sum rate of like", "keep at most 1 per item", "halving every 1 day"),
        (like("ada", 30, subject="bob"), like("bob", 14, rate="2"), like("cem", 0, rate="1.5")),
        "1.50",
        NOT_OWN + returned("50%"),
    ),
    "what one gives lets one count in a full week": Wide(
        OWN,
        ("sum rate of like", "keep at most 1 per item per month", "total at most 2 per week"),
        (
            like("ada", 20, subject="bob"),
            *(like("bob", 14, rate="2"), like("cem", 7, rate="1.9"), like("dan", 7, "q", rate="2")),
        ),
        "-2.00",
        NOT_OWN + returned("90%"),
    ),
    "one that leaves the window makes room for one that has faded less": Wide(
        Pair("silence", days=1),
        ("sum rate of like", "within 14 days", "keep at most 1 per item", "halving every 7 days"),
        (like("bob", 13, rate="2"), like("cem", 0)),
        "0.35",
    ),
    "what takes away leaves the window": Wide(
        Pair("silence", days=1),
        ("sum size of like", "within 14 days"),
        (like("bob", 13, size=-2), like("cem", 0, size=3)),
        "2.00",
    ),
    "one that leaves the window makes room in another week": Wide(
        Pair("silence", days=1),
        (
            *("sum rate of like", "within 14 days"),
            *("keep at most 1 per item per month", "total at most 2 per week"),
        ),
        (like("bob", 13, rate="2"), like("dan", 12, "q", rate="2"), like("cem", 6, rate="1.5")),
        "1.50",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_bound_is_as_wide_as_what_records_can_do(case: Wide) -> None:
    """The measure moves as said, where what comes or passes would by itself bring it the other way, and within its
    bounds."""
    clauses = "".join(f"    {line}\n" for line in case.measure)
    rulebook = accepted(f'{HEAD}{case.before}measure m "m"\n{clauses}{TAIL}')
    before, after = _pair(rulebook, case)
    first, second = (_measured(each) for each in (before, after))
    shift = Apart(rulebook, case.pair).measure("m").shift
    assert shift.low <= second - first <= shift.high
    assert round(second - first, 2) == Decimal(case.moved)
    assert shift.shrink is None or shift.shrink.share * first - shift.shrink.slack <= second


def _pair(rulebook: Rulebook, case: Wide) -> tuple[ReferenceRun, ReferenceRun]:
    whole = refer(rulebook, case.records, (), MONDAY)
    if case.pair.form == "silence":
        return whole, refer(rulebook, case.records, (), MONDAY + timedelta(days=case.pair.days))
    actor = "bob" if case.pair == ANOTHER else "ada"
    return refer(rulebook, tuple(row for row in case.records if row[1] != actor), (), MONDAY), whole


def _measured(run: ReferenceRun) -> Decimal:
    ledger = run.subject("ada")
    assert ledger is not None
    (value,) = (row.value for row in ledger.measures)
    assert value is not None
    return value
