"""An explanation adds up, says only what is in its tree, and holds for everybody in made-up runs of five rulebooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from documents.said import numbers, numbers_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import AbsentSubject, Explainer, explain
from tallystick.explain.document import Explanation
from tallystick.explain.page import Column
from tallystick.explain.wording import page
from tallystick.explain.words.lines import line_heading, line_sentences, working_sentence

NAMES = ("community", "maintainers", "trust", "mean", "forms")
SEEDS = st.tuples(st.sampled_from(NAMES), st.integers(0, 10_000))
RunOfSeed = Callable[[str, int], ReferenceRun]


def _explanations(run: ReferenceRun, *, evidence: bool = False) -> list[Explanation]:
    """Explain everybody."""
    explainer = Explainer(run)
    return [explainer.of(ledger, evidence=evidence) for ledger in run.ledgers()]


@settings(max_examples=25)
@given(SEEDS)
def test_it_adds_up(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """The printed points of all lines and all adjustments add up to the printed score, to the last digit."""
    for each in _explanations(run_of_seed(*case)):
        points = [Decimal(line.points) for line in each.lines if line.points is not None]
        amounts = [Decimal(adjustment.amount) for adjustment in each.adjustments]
        if each.score is None:
            assert each.lines == ()
        else:
            assert sum(points) + sum(amounts) == Decimal(each.score)


@settings(max_examples=25)
@given(SEEDS)
def test_every_column_adds_up(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """In each column of figures on the page, the parts above a sum add up to it, and the last one is the total."""
    for each in _explanations(run_of_seed(*case)):
        for section in page(each).sections:
            for block in section.blocks:
                if isinstance(block, Column):
                    _check(block)


def _check(column: Column) -> None:
    """Add a column up."""
    total, inside = Decimal(0), Decimal(0)
    for row in column.rows[:-1]:
        amount = Decimal(0) if row.amount in (None, "-") else Decimal(row.amount or 0)
        match row.kind, row.depth:
            case "sum", _:
                assert inside == amount
                total, inside = total + amount, Decimal(0)
            case "part", 1:
                inside += amount
            case _:
                total += amount
    assert column.rows[-1].kind == "total"
    assert total == Decimal(column.rows[-1].amount or 0)


@settings(max_examples=25)
@given(SEEDS)
def test_a_line_is_its_value_and_what_was_done_to_it(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """A line is its value, what bounds gave and took, and its rounding; a measure is what its steps left of it."""
    for each in _explanations(run_of_seed(*case)):
        for line in each.lines:
            if line.points is not None:
                parts = [Decimal(part or 0) for part in (line.value, line.given, line.rounding)]
                assert sum(parts) - Decimal(line.taken or 0) == Decimal(line.points)
            for measure in line.measures:
                if measure.before is not None:
                    taken = [s.value for s in measure.steps if s.value and s.step not in ("excluded", "window")]
                    assert Decimal(measure.before) - sum(map(Decimal, taken)) == Decimal(measure.value or 0)


@settings(max_examples=25)
@given(SEEDS)
def test_every_record_has_one_fate(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """Records read are those taken in and those not counted, by reason."""
    for each in _explanations(run_of_seed(*case)):
        if each.data.records is not None:
            not_counted = sum(left_out.records for left_out in each.not_counted)
            assert each.data.records == (each.data.taken_in or 0) + not_counted


@settings(max_examples=25)
@given(SEEDS)
def test_the_words_hold_no_other_number(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """I7: every number in the text, the Markdown and the evidence stands in the tree."""
    for each in _explanations(run_of_seed(*case), evidence=True):
        tree = numbers_of(each)
        assert numbers(each.text()) <= tree
        assert numbers(each.markdown().replace("\\", "")) <= tree


@settings(max_examples=25)
@given(SEEDS)
def test_a_line_tells_only_its_own_numbers(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """I7, line by line: every number in a line's sentences stands in that line of the tree, or in the scale."""
    for each in _explanations(run_of_seed(*case)):
        told: dict[str, str] = {}
        for line in each.lines:
            words = [
                line_heading(line),
                *line_sentences(line, told, mean=each.scale.out_of is not None),
                working_sentence(line) or "",
            ]
            own = numbers(msgspec.json.encode(line).decode()) | numbers(msgspec.json.encode(each.scale).decode())
            earlier = {number for title in told.values() for number in numbers(title)}
            assert numbers(" ".join(words)) <= own | earlier


@settings(max_examples=25)
@given(SEEDS)
def test_principal_reasons_are_lines(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """At most four reasons each way, greatest first, each a line; none left out is greater than one told."""
    for each in _explanations(run_of_seed(*case)):
        mean = each.scale.out_of is not None
        lines = [line for line in each.lines if line.points is not None or not mean]
        ups = {line.rule: Decimal(line.points or 0) for line in lines}
        downs = {line.rule: Decimal(line.of) - Decimal(line.points or 0) for line in lines if line.of is not None}
        for direction, amounts in (("up", ups), ("down", downs)):
            told = [reason for reason in each.principal_reasons if reason.direction == direction]
            expected = sorted((amount for amount in amounts.values() if amount > 0), reverse=True)[:4]
            assert [Decimal(reason.points) for reason in told] == expected
            assert all(Decimal(reason.points) == amounts[reason.rule] for reason in told)


@settings(max_examples=20)
@given(SEEDS)
def test_it_survives_json(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """The document read back from its JSON is the same document, and says the same."""
    for each in _explanations(run_of_seed(*case), evidence=True):
        again = Explanation.model_validate_json(each.json())
        assert again == each
        assert again.text() == each.text()


@settings(max_examples=20)
@given(SEEDS)
def test_nothing_reaches_the_terminal(run_of_seed: RunOfSeed, case: tuple[str, int]) -> None:
    """Neither text nor Markdown nor JSON holds a character that does not print, whatever people are called."""
    for each in _explanations(run_of_seed(*case), evidence=True):
        for written in (each.text(), each.markdown(), each.json()):
            assert written.replace("\n", "").isprintable()


def test_lines_keep_within_the_width(community: ReferenceRun) -> None:
    """Text keeps within the width asked for, but for a single word that is longer, such as a digest."""
    for width in (60, 78, 120):
        lines = explain(community, "ada").text(width=width).splitlines()
        assert max(len(line) for line in lines if len(line.split()) > 1) <= width


def test_nobody_of_that_name(community: ReferenceRun) -> None:
    """Asking for a person whom no input names is an error that carries the name."""
    with pytest.raises(AbsentSubject) as caught:
        explain(community, "nobody")
    assert caught.value.subject == "nobody"


def test_the_clock_is_only_told(community: ReferenceRun) -> None:
    """When it was computed stands in the document if it was given, and changes nothing else."""
    moment = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    told = explain(community, "ada", computed_at=moment)
    assert told.computed_at == moment
    assert told.model_copy(update={"computed_at": None}) == explain(community, "ada")


def test_evidence_adds_up_to_the_measure(community: ReferenceRun) -> None:
    """The effects of the records behind a measure add up to the measure, those left out with effect 0."""
    found = explain(community, "ada", evidence=True)
    values = {measure.measure: measure.value for line in found.lines for measure in line.measures}
    assert {each.measure for each in found.records_added} >= {"sharers", "repliers", "approval", "reported"}
    for each in found.records_added:
        assert values.get(each.measure, each.value) == each.value
    left_out = [each for each in found.records if each.fate != "counted"]
    assert {each.fate for each in left_out} >= {"excluded", "keep", "window", "repeated"}
    assert {each.effect for each in left_out} == {"0"}
