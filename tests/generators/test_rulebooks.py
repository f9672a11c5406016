"""Takes made-up rulebooks and records; gives proof that they try everything, and that the reference holds for all of
them."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal

import pytest
from generators.coverage import CONSTRUCTS, TRAITS
from generators.rulebooks import Case, case_of, cases, scored
from hypothesis import given

from tallystick.engine.ledger import RunCounts, SubjectLedger
from tallystick.engine.reference import ReferenceRun
from tallystick.engine.reference_corrections import corrected

MANY = int(os.environ.get("TALLYSTICK_CASES", "400"))
LEAST_SHARE = Decimal("0.01")


@pytest.fixture(scope="module")
def many() -> tuple[Case, ...]:
    """Make the same many cases each time."""
    return tuple(case_of(seed, 1 + seed % 4) for seed in range(MANY))


@pytest.fixture(scope="module")
def results(many: tuple[Case, ...]) -> tuple[tuple[Case, tuple[SubjectLedger, ...]], ...]:
    """Score everybody in them, once."""
    return tuple((case, tuple(scored(case).ledgers())) for case in many)


def test_the_same_seed_makes_the_same_case() -> None:
    """A case that was found can be made again."""
    assert repr(case_of(11, 2)) == repr(case_of(11, 2))
    assert repr(case_of(11, 2)) != repr(case_of(12, 2))


def test_records_of_few_fields_make_a_case_too() -> None:
    """A record of this case has two fields beside its subject, and an exclusion asked for three of them."""
    case = case_of(78_121_472, 1)
    assert [field.name for field in case.rulebook.records or ()] == ["subject", "kind", "at"]
    assert any(exclude.repeats is not None for exclude in case.rulebook.excludes)


def test_nearly_every_text_is_a_valid_rulebook(many: tuple[Case, ...]) -> None:
    """The checker turns down fewer than one in ten, so what is left is not a strange choice among them."""
    refused = sum(case.refused for case in many)
    assert refused / (refused + len(many)) < LEAST_SHARE * 10


def test_everything_occurs_in_a_hundredth_of_the_cases(many: tuple[Case, ...]) -> None:
    """Every declaration, clause, function and form of the language, and every hostile trait of records."""
    found = Counter(name for case in many for name in case.covers)
    rare = {name: found[name] for name in CONSTRUCTS | TRAITS if found[name] < LEAST_SHARE * len(many)}
    assert rare == {}
    assert set(found) <= CONSTRUCTS | TRAITS


def test_most_people_end_off_their_bounds(results: tuple[tuple[Case, tuple[SubjectLedger, ...]], ...]) -> None:
    """At least half of those scored end neither at a bound of the score nor at 0, or nothing would be tried."""
    free = [_is_free(case, ledger) for case, ledgers in results for ledger in ledgers if ledger.lines]
    assert len(free) > len(results)
    assert sum(free) * 2 >= len(free)


def test_many_people_have_records_that_count(results: tuple[tuple[Case, tuple[SubjectLedger, ...]], ...]) -> None:
    """At least a third of those scored have a measure with records in it."""
    counted = [
        any(row.records for row in ledger.measures)
        for _case, ledgers in results
        for ledger in ledgers
        if ledger.score.outcome == "scored"
    ]
    assert sum(counted) * 3 >= len(counted)


def _is_free(case: Case, ledger: SubjectLedger) -> bool:
    score, made = ledger.score.score, case.rulebook.score
    bounds = {bound.value for bound in (made.at_most, made.at_least) if bound is not None}
    return score != 0 and score not in bounds


# ---- what holds for every rulebook and all records -----------------------------------------------------------------


@given(cases())
def test_a_checked_rulebook_never_fails(case: Case) -> None:
    """I5: whatever records were accepted, everybody has a score or a stated reason for none."""
    run = scored(case)
    for ledger in run.ledgers():
        assert (ledger.score.score is None) == (ledger.score.outcome != "scored")
        assert (ledger.score.requirement is None) == (ledger.score.outcome == "scored")
        admitted = bool(ledger.measures) or not case.rulebook.measures
        assert admitted or not list(run.evidence(ledger.score.subject))


@given(cases())
def test_every_record_is_accounted_for(case: Case) -> None:
    """I4: the fates of everybody's records are a partition of them, person by person and over the run; of a replaced
    record, both the one struck out and the one in its place are among them."""
    run = scored(case, corrected=True)
    told = 0
    names = case.records.names if case.records is not None else ()
    records = corrected(case.rulebook, case.read_records.rows, case.corrections)
    about = Counter(row[names.index("subject")] for row in (*records.standing, *records.voided))
    struck = Counter(row[names.index("subject")] for row in records.voided)
    for ledger in run.ledgers():
        total = sum(row.records for row in ledger.accounts)
        voided = sum(row.records for row in ledger.accounts if row.fate == "voided")
        assert len({(row.fate, row.name) for row in ledger.accounts}) == len(ledger.accounts)
        assert (total, voided) in ((0, 0), (about[ledger.score.subject], struck[ledger.score.subject]))
        assert ledger.measures or not total
        told += total
    counts = run.counts
    assert _rows(counts) == len(case.read_records.rows)
    assert told + counts.not_admitted == _rows(counts) + counts.replaced
    assert counts.voided + counts.replaced == len(case.corrections)


def _rows(counts: RunCounts) -> int:
    return counts.rows - counts.rejected - counts.skipped - counts.copies


@given(cases())
def test_lines_and_adjustments_are_the_score(case: Case) -> None:
    """I1 in the ledger: each line's amounts are its points; facets and lines and all adjustments are the score."""
    for ledger in scored(case).ledgers():
        for line in ledger.lines:
            if line.points is not None:
                amounts = (line.value, line.given, line.rounding)
                assert sum(each or 0 for each in amounts) - (line.taken or 0) == line.points
        if ledger.score.score is not None:
            lines = sum(line.points for line in ledger.lines if line.points is not None)
            assert lines + sum(row.amount for row in ledger.adjustments) == ledger.score.score
            assert all(row.amount != 0 for row in ledger.adjustments)


@given(cases())
def test_the_effects_of_records_are_the_measure(case: Case) -> None:
    """Where records have effects of their own, they add up to the measure, and what steps took adds up to the rest."""
    run = scored(case)
    for ledger in run.ledgers():
        evidence = list(run.evidence(ledger.score.subject))
        for row in ledger.measures:
            mine = [each for each in evidence if each.measure == row.measure]
            assert [each.order for each in mine] == list(range(1, len(mine) + 1))
            if any(each.effect is not None for each in mine):
                assert sum(each.effect or 0 for each in mine) == row.value
            if row.records is not None:
                assert sum(each.fate in ("counted", "repeated") for each in mine) == row.records
        _steps_add_up(case, run, ledger)


def _steps_add_up(case: Case, run: ReferenceRun, ledger: SubjectLedger) -> None:
    """For a count: the records that were looked at less what each step took are the measure."""
    counts = {m.name for m in case.rulebook.measures if type(m.aggregate).__name__ == "Count"}
    evidence = list(run.evidence(ledger.score.subject))
    for row in ledger.measures:
        if row.measure in counts:
            steps = [step for step in ledger.steps if step.measure == row.measure]
            taken = sum((step.value or 0 for step in steps), Decimal(0))
            excluded = [each for each in evidence if each.measure == row.measure and each.fate == "excluded"]
            outside = len(excluded) - sum(step.records for step in steps if step.step == "excluded")
            looked_at = sum(each.measure == row.measure for each in evidence) - outside
            assert row.value == looked_at - taken


@given(cases())
def test_the_order_of_rows_changes_nothing(case: Case) -> None:
    """I3 in the reference: the same rows the other way round give the same ledgers."""
    run = scored(case)
    backwards = ReferenceRun(
        case.rulebook, case.read_records.rows[::-1], case.read_subjects.rows[::-1], case.as_of, case.pauses[::-1]
    )
    assert list(run.ledgers()) == list(backwards.ledgers())
    for name in run.subjects():
        assert list(run.evidence(name)) == list(backwards.evidence(name))
