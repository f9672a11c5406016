"""What is done for a person, or for a rule's page, does not grow with what has nothing to do with it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from benchmarks.many_rules import many_rules
from generators.accepted import accepted

from tallystick.engine.intake.reading import Row
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.engine.reference_records import Record
from tallystick.engine.what_if.supposed import Trial
from tallystick.explain import Explainer
from tallystick.explain.calculator.calculator import Reckoner, Values, WouldBe
from tallystick.explain.site import rule_pages
from tallystick.explain.words import evidence
from tallystick.rules.analysis import lines
from tallystick.rules.analysis.bounds import bounds_of, pairs
from tallystick.rules.analysis.expressions import Apart
from tallystick.rules.rule import Rule
from tallystick.rules.rulebook import Rulebook

AS_OF = date(2026, 6, 29)


@pytest.fixture(scope="module")
def few() -> Rulebook:
    """Give a rulebook of four rules."""
    return _rulebook(4)


@pytest.fixture(scope="module")
def many() -> Rulebook:
    """Give a rulebook of forty rules."""
    return _rulebook(40)


@pytest.fixture(scope="module")
def run(many: Rulebook) -> ReferenceRun:
    """Give a run by the forty rules."""
    return refer(many, ROWS, (), AS_OF)


def test_a_record_s_kind_is_looked_at_as_often_whatever_the_measures(
    few: Rulebook, many: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference parts records by kind once: ten times as many measures do not look ten times at each record."""
    looks = 0

    def kind(record: Record) -> str | None:
        nonlocal looks
        looks += 1
        found = record.values["kind"]
        assert isinstance(found, str)
        return found

    monkeypatch.setattr(Record, "kind", property(kind))
    counted = []
    for rulebook in (few, many):
        looks = 0
        ledgers = list(refer(rulebook, ROWS, (), AS_OF).ledgers())
        assert [each.score.outcome for each in ledgers] == ["scored"]
        counted.append(looks)
    assert counted[1] <= counted[0] <= 8 * len(ROWS)


def test_a_step_asks_only_the_rules_that_read_its_figure(run: ReferenceRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of a page's calculator works out anew, for each value that it states, the rules that read it."""
    reckoner = Reckoner.of_score(run.rulebook, AS_OF)
    start = _start(run, reckoner)
    asked: Counter[str] = Counter()
    line = Trial.line

    def counting(trial: Trial, rule: Rule, values: Values) -> object:
        asked[rule.name] += 1
        return line(trial, rule, values)

    monkeypatch.setattr(Trial, "line", counting)
    name = reckoner.names[0]
    steps = tuple(reckoner.steps(name, start))
    assert len(steps) > 3
    readers = {rule.name for rule in reckoner.readers[name]}
    assert 0 < len(readers) < 5
    assert all(times == 1 for rule, times in asked.items() if rule not in readers)
    assert all(asked[rule] >= len(steps) for rule in readers)


def test_a_step_gives_what_all_rules_give_anew(run: ReferenceRun) -> None:
    """The score of each value stated is the one that all rules, worked out with it, come to."""
    reckoner = Reckoner.of_score(run.rulebook, AS_OF)
    start = _start(run, reckoner)
    scores = set()
    for name in reckoner.names:
        for step in reckoner.steps(name, start):
            anew: WouldBe = reckoner.would_be(name, {**start, name: step.value})
            assert step == anew
            scores.add(step.score)
    assert len(scores) > 8


def test_each_line_is_looked_through_once_for_what_it_reads(run: ReferenceRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of records behind measures finds which lines read each of them in one go."""
    looked = 0
    leaves = evidence.leaves

    def counting(measures: object) -> object:
        nonlocal looked
        looked += 1
        return leaves(measures)  # type: ignore[arg-type]

    monkeypatch.setattr(evidence, "leaves", counting)
    ledger = run.subject("person")
    assert ledger is not None
    document = Explainer(run).of(ledger, evidence=tuple(run.evidence("person")))
    section = evidence.evidence_section(document)
    assert len(section.blocks) > 20
    assert looked <= len(document.lines) + 1


def test_a_rule_s_query_is_made_once_for_its_page_and_its_document(
    few: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows the query that the document has."""
    made = 0
    rule_sql = rule_pages.rule_sql

    def counting(rulebook: Rulebook, rule: Rule) -> str:
        nonlocal made
        made += 1
        return rule_sql(rulebook, rule)

    monkeypatch.setattr(rule_pages, "rule_sql", counting)
    rule = few.rules[0]
    document = rule_pages.rule_document(few, rule, AS_OF)
    page = rule_pages.rule_page(few, rule, AS_OF, document.query)
    assert made == 1
    assert page == rule_pages.rule_page(few, rule, AS_OF)


def test_a_line_is_bounded_once_in_each_pair_of_results(few: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """What moves a rule and what moves the score are told of the same lines; one pair more is for the scale."""
    bounded = 0
    line_of = lines.line_of

    def counting(rulebook: Rulebook, rule: Rule, apart: Apart) -> lines.Line:
        nonlocal bounded
        bounded += 1
        return line_of(rulebook, rule, apart)

    monkeypatch.setattr(lines, "line_of", counting)
    looked_at = pairs(few)
    assert [each.pair for each in bounds_of(few).moved] == list(looked_at)
    assert bounded == len(few.rules) * (len(looked_at) + 1)


def _start(run: ReferenceRun, reckoner: Reckoner) -> Values:
    ledger = run.subject("person")
    assert ledger is not None
    start = reckoner.start_of(Explainer(run).of(ledger))
    assert start is not None
    return start


def _rulebook(rules: int) -> Rulebook:
    return accepted(many_rules(rules))


def _row(place: int) -> Row:
    moment = datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(hours=place)
    return ("person", f"actor {place % 7}", f"act{place % 40}", moment, Decimal(place % 100))


ROWS = tuple(_row(place) for place in range(240))
