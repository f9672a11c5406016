"""Whatever the rulebook and the records, a run that nobody touched is found to be in order, in every check."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from generators.rulebooks import Case, cases, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers.from_files import scored_from_files
from msgspec.structs import replace

from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.verifying.checks import GivenAgain, verify
from tallystick.engine.verifying.ledger_difference import first_difference
from tallystick.engine.verifying.people import wrong_rule, wrong_sum
from tallystick.engine.verifying.verification import Difference

_MOST = 100 if settings.default is None else settings.default.max_examples


@settings(max_examples=_MOST // 5)
@given(cases())
def test_everybody_s_numbers_come_from_each_other(case: Case) -> None:
    """Adding up and the rules agree with the ledger of the reference, person by person."""
    for ledger in scored(case).ledgers():
        assert wrong_sum(case.rulebook, ledger) is None
        assert wrong_rule(case.rulebook, case.as_of, ledger) is None


@settings(max_examples=_MOST // 5)
@given(cases(), st.randoms(use_true_random=False))
def test_no_number_of_a_line_or_a_score_can_be_another(case: Case, chance: object) -> None:
    """One decimal changed in lines, facets, adjustments or score is found, whichever it is."""
    for ledger in scored(case).ledgers():
        for changed in _changed(ledger):
            if chance.random() < 0.2:  # type: ignore[attr-defined]
                found = wrong_sum(case.rulebook, changed) or wrong_rule(case.rulebook, case.as_of, changed)
                assert found is not None
                assert found.subject == ledger.score.subject
                assert first_difference(changed, ledger) is not None


@settings(max_examples=_MOST // 10)
@given(cases(), st.sampled_from(["-1", "0", "0.000000001", "1e20", "-1e28"]))
def test_a_measure_can_be_forged_to_anything(case: Case, value: str) -> None:
    """Also to what no records could give: what comes of it is found or is what stands there, and nothing breaks."""
    for ledger in scored(case).ledgers():
        for place, row in enumerate(ledger.measures):
            other = replace(row, value=Decimal(value))
            forged = replace(ledger, measures=(*ledger.measures[:place], other, *ledger.measures[place + 1 :]))
            found = wrong_sum(case.rulebook, forged) or wrong_rule(case.rulebook, case.as_of, forged)
            assert found is None or found.subject == ledger.score.subject


@settings(max_examples=max(3, _MOST // 20))
@given(cases())
def test_a_measure_or_an_attribute_that_is_not_there_is_named(case: Case) -> None:
    """So is one that is there twice, or in the place of another."""
    for ledger in scored(case).ledgers():
        for table, name in (("measures", "measure"), ("inputs", "attribute")):
            rows = getattr(ledger, table)
            if rows:
                lacking = wrong_rule(case.rulebook, case.as_of, replace(ledger, **{table: rows[1:]}))
                twice = wrong_rule(case.rulebook, case.as_of, replace(ledger, **{table: (*rows, rows[0])}))
                first = getattr(rows[0], name)
                place = Difference(table=table, subject=ledger.score.subject, row=first)
                assert lacking == replace(place, expected=first)
                assert twice == replace(place, found=first)


def _changed(ledger: SubjectLedger) -> list[SubjectLedger]:
    """Return the ledger with each of these decimals another, one at a time."""
    found = []
    for table in ("lines", "facets", "adjustments"):
        rows = getattr(ledger, table)
        for place, row in enumerate(rows):
            for column in row.__struct_fields__:
                value = getattr(row, column)
                if isinstance(value, Decimal):
                    other = replace(row, **{column: value + Decimal("0.000000001")})
                    found.append(replace(ledger, **{table: (*rows[:place], other, *rows[place + 1 :])}))
    if ledger.score.score is not None:
        found.append(replace(ledger, score=replace(ledger.score, score=ledger.score.score + 1)))
    return found


@settings(max_examples=max(1, _MOST // 80))
@given(cases())
def test_a_run_is_in_order(case: Case) -> None:
    """Files, sums, rules, counts and digest; the replay from what it has kept and from the files; the reference."""
    with tempfile.TemporaryDirectory() as here:
        folder = Path(here)
        scored_from_files(case, folder, out=folder / "run").close()
        kept = verify(folder / "run", independent=3)
        assert kept.agrees, kept.checks
        assert all(check.outcome == "agrees" for check in kept.checks if check.name != "signature")
        names = ("records", "subjects", "pauses", "corrections")
        inputs = {name: folder / f"{name}.csv" for name in names if getattr(case, name)}
        again = verify(folder / "run", given=GivenAgain(**inputs), independent=3)
        assert again.agrees, again.checks
