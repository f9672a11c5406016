"""What a calculator works out is what the rules give, and its page holds nothing but what its reader may see."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, case_of, cases, scored
from generators.supposed import expected, vectors_of
from hypothesis import given, settings
from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of
from tallystick.engine.intake.reading import read_rows, record_fields, subject_fields
from tallystick.engine.ledger import EvidenceRow
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.explain import Explainer, explain, markdown, text
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.calculator.document import Calculator as Program
from tallystick.explain.calculator.steps import MOST_FURTHER, MOST_STEPS
from tallystick.explain.calculator.words import person_calculator, rule_calculator
from tallystick.explain.document import Explanation
from tallystick.explain.html import html
from tallystick.explain.page import Calculator, Grid, Page, RecordPicker, RecordTable, Section
from tallystick.explain.person.running import added_up_again, latest_first
from tallystick.explain.site.person_page import person_page
from tallystick.explain.site.rule_pages import rule_page
from tallystick.rules import load, read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

ROOT = Path(__file__).parents[3]
FEW = 25


@settings(max_examples=FEW)
@given(cases())
def test_a_person_s_own_figures_give_the_person_s_own_score(case: Case) -> None:
    """Begun with what an explanation shows of somebody, the calculator comes to that line, score and band each."""
    run = scored(case)
    explainer, reckoner = Explainer(run), Reckoner.of_score(case.rulebook, case.as_of)
    for ledger in run.ledgers():
        document = explainer.of(ledger)
        start = reckoner.start_of(document)
        if document.outcome != "scored":
            assert start is None
        elif start is not None:
            found = reckoner.trial.score(start)
            assert found.score == ledger.score.score
            assert found.band == ledger.score.band
            assert [line.points for line in found.lines] == [line.points for line in ledger.lines]


def test_nearly_everybody_with_a_score_has_a_calculator() -> None:
    """A page goes without one only where a requirement that bears on a line looks at what no line shows."""
    found: Counter[bool] = Counter()
    for seed in range(15):
        case = case_of(seed)
        run = scored(case)
        explainer, reckoner = Explainer(run), Reckoner.of_score(case.rulebook, case.as_of)
        for ledger in run.ledgers():
            if ledger.score.score is not None:
                found[reckoner.start_of(explainer.of(ledger)) is not None] += 1
    assert found[True] > 5 * found[False] > 0


@settings(max_examples=FEW)
@given(cases())
def test_every_rulebook_has_a_program(case: Case) -> None:
    """I5: whatever a reader supposes, a rule has points or none; only rules that look at moments have no program."""
    for vectors in vectors_of(case, 3):
        if vectors.program is None:
            assert "time" in case.text or "Z" in case.text
        else:
            program = Program.model_validate_json(vectors.program)
            assert [each.name for each in program.inputs] == list(vectors.reckoner.names)
            assert (program.score is not None) is vectors.reckoner.whole
        for _, outcome in vectors.cases:
            assert outcome


def test_points_by_hand(rulebooks: dict[str, Rulebook]) -> None:
    """60 x ln(1 + 50) / ln(1 + 500) is 60 x 3.931825633 / 6.216606101, so 37.9; 3 years are 10, 12 reports -20."""
    reckoner = Reckoner.of_score(rulebooks["community"], date(2026, 3, 1))
    values = {
        "sharers": Decimal(50),
        "repliers": Decimal(4),
        "approval": Decimal("0.5"),
        "joined": date(2023, 3, 1),
        "reported": Decimal(12),
    }
    found = expected(reckoner, values)
    assert found == {"lines": ["37.9", "6", "0", "10", "-20"], "score": "33.9", "band": "regular"}


def test_the_table_s_steps(rulebooks: dict[str, Rulebook]) -> None:
    """Round figures up to where a rule gives all it has, a person's own figure among them, and last what is missing."""
    reckoner = Reckoner.of_score(rulebooks["community"], date(2026, 3, 1))
    values = {**reckoner.plain_start(), "repliers": Decimal("7.25")}
    steps = [each.value for each in reckoner.steps("repliers", values)]
    assert steps == [0, 1, 2, 5, Decimal("7.25"), 10, 20, 50, 100]
    assert [str(each.value) for each in reckoner.steps("joined", values)][-1] == "None"


TURNS = """rulebook "Turns" version 1.0.0

records
    subject text
    kind    one of plus, third
    at      date
    amount  number -1000 to 1000

measure plus "plus" / "pluses"
    count plus

measure net "unit" / "units"
    sum amount of third

rule good "Good"
    points plus
    at most 5
    because "c"

rule over "More than two"
    points by plus
        up to 2: 0
        over 2:  3
    because "c"

rule net "Net"
    points by net
        under 0:   -7
        0 or more: 1
    because "c"

score "Sum"
    sum of all rules
"""

FILLED_IN = """rulebook "Case" version 1.0.0
    owner "Tests"

records
    subject text
    kind    one of fine
    at      date
    amount  number -1000 to 0

subjects
    marks   number 0 to 5 with 2 places
    since   date optional

measure owed "point owed" / "points owed"
    sum amount of fine

rule of_marks "Marks"
    points marks
    because "x"

rule of_owed "Owed"
    points by owed
        under 0:   -7
        0 or more: 1
    because "x"

rule of_since "Since"
    points years since since or else 0
    at most 9
    because "x"

score "Case"
    sum of all rules
"""


def test_the_table_goes_on_while_something_changes() -> None:
    """A row that begins over the last turn is told, a rule that goes on behind another's turn, and what is below 0."""
    book = accepted(TURNS)
    reckoner = Reckoner.of_score(book, date(2026, 3, 1))
    start = {"plus": Decimal(1), "net": Decimal(0)}
    told = [(each.value, each.points) for each in reckoner.steps("plus", start)]
    assert told == [(0, (0, 0)), (1, (1, 0)), (2, (2, 0)), (5, (5, 3))]
    assert [(each.value, each.points) for each in reckoner.steps("net", start)] == [(-1, (-7,)), (0, (1,))]


def test_a_table_of_levels() -> None:
    """Where bands are all there is, a table says which band each figure would make, and turns where a need does."""
    book = load(ROOT / "examples/gallery/discourse_trust_levels/trust_levels.tally")
    example = book.examples[0]
    assert example.subjects is not None
    people = read_rows(subject_fields(book), example.subjects.columns, example.subjects.rows, "subject").rows
    records = () if example.records is None else example.records.rows
    columns = () if example.records is None else example.records.columns
    run = refer(book, read_rows(record_fields(book), columns, records, "id").rows, people, example.as_of)
    section = person_calculator(Reckoner.of_score(book, example.as_of), explain(run, "ann"))
    (first, *_) = [block for block in section.blocks if isinstance(block, Grid)]
    assert first.heading == ("Topics viewed", "Trust level")
    assert first.rows[2:5] == (("2", "-"), ("5 (as it is now)", "Level 1"), ("10", "Level 1"))


def test_a_figure_that_moves_the_band_alone(community: ReferenceRun) -> None:
    """Where bands go by needs, a table says which band each figure would make, beside a score that need not move."""
    (example, *_) = community.rulebook.examples
    assert example.subjects is not None
    assert example.records is not None
    rules, _, _ = community.rulebook.text.partition("\nbands\n")
    needs = """
bands
    quiet "Quiet"
        needs reported <= 1 "Few reports."
    heard "Heard"
        needs reported <= 1 "Few reports."
        needs repliers >= 2 "Two who answered."
"""
    book, diagnostics = read(Source("needs.tally", rules + needs))
    assert book is not None, diagnostics
    people = read_rows(subject_fields(book), example.subjects.columns, example.subjects.rows, "subject").rows
    records = read_rows(record_fields(book), example.records.columns, example.records.rows, "id").rows
    run = refer(book, records, people, example.as_of)
    section = person_calculator(Reckoner.of_score(book, example.as_of), explain(run, "ada"))
    found = {block.heading[0]: block for block in section.blocks if isinstance(block, Grid)}
    assert found["People who replied"].heading == ("People who replied", "People answer you", "band", "Influence")
    assert [row[2] for row in found["People who replied"].rows[:4]] == ["Quiet", "Quiet", "Heard", "Heard"]
    assert found["Likes and endorsements"].heading[1:] == ("People approve", "Influence")


@settings(max_examples=FEW)
@given(cases())
def test_tables_are_short_and_of_what_can_be(case: Case) -> None:
    """No table has more than a few steps, none twice, and each has what the reference gives for it."""
    for rule in case.rulebook.rules:
        reckoner = Reckoner.of_rule(case.rulebook, rule, case.as_of)
        start = reckoner.plain_start()
        for name in reckoner.names:
            steps = list(reckoner.steps(name, start))
            assert len(steps) <= MOST_STEPS + 2 * MOST_FURTHER + 1
            assert len({each.value for each in steps}) == len(steps)
            for step in steps:
                found = expected(reckoner, {**start, name: step.value})
                points = [None if each is None else text_of(each) for each in step.points]
                assert points == found.get("lines", [None])


@pytest.fixture(scope="module")
def ada(community: ReferenceRun) -> tuple[Explanation, Page]:
    """Give the page of somebody with a score, with its calculator and records."""
    document = explain(community, "ada", evidence=True)
    return document, person_page(document, (), None, Reckoner.of_score(community.rulebook, community.as_of))


def test_a_page_runs_one_script_and_says_which(ada: tuple[Explanation, Page]) -> None:
    """The policy allows the script that is there by its hash, and no other; it makes no code of text and loads
    nothing."""
    source = html(ada[1])
    (script,) = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in source
    assert len(script) < 15_360
    assert not re.search(r"\beval\b|Function\(|innerHTML|outerHTML|insertAdjacent|fetch|XMLHttp|import|\.src\b", script)
    said = [each for each in re.findall(r'"([^"]*)"', script) if len(each.replace(",", "").split()) > 2]
    assert said == [], "words for readers stand in the page, not in the script"


def test_a_page_with_nothing_to_answer_runs_none(community: ReferenceRun) -> None:
    """Somebody without a score, whose page has no records, has a page without any script."""
    document = explain(community, "bob", evidence=True)
    source = html(person_page(document, (), None, Reckoner.of_score(community.rulebook, community.as_of)))
    assert "script" not in source


def test_what_the_script_reads(ada: tuple[Explanation, Page], community: ReferenceRun) -> None:
    """The page holds the program as published, and begins with the figures that the document shows."""
    document, page = ada
    (calculator,) = [block for section in page.sections for block in section.blocks if isinstance(block, Calculator)]
    data = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', html(page))[1])
    program = Program.model_validate(data["program"])
    assert program == Reckoner.of_score(community.rulebook, community.as_of).program
    shown = {each.measure: each.value for line in document.lines for each in line.measures}
    shown |= {each.attribute: each.value for line in document.lines for each in line.inputs}
    assert {field.name: field.start for field in calculator.fields} == {
        each.name: shown[each.name] for each in program.inputs
    }


def test_what_is_withheld_is_in_no_calculator(community: ReferenceRun) -> None:
    """Where a reader may not see a figure, there is no calculator that begins with it."""
    reckoner = Reckoner.of_score(community.rulebook, community.as_of)
    document = explain(community, "ada")
    assert person_calculator(reckoner, document).blocks
    fewer = document.model_copy(update={"lines": document.lines[1:]})
    assert person_calculator(reckoner, fewer).blocks == ()
    first, second = document.lines[:2]
    knowing = replace(second, measures=(*first.measures, *second.measures))
    hidden = document.model_copy(update={"lines": (knowing, *document.lines[2:])})
    assert person_calculator(reckoner, hidden).blocks == ()


def test_text_and_markdown_have_the_tables(ada: tuple[Explanation, Page], community: ReferenceRun) -> None:
    """Where no script can run there is a row for each step: a figure, the points, the score."""
    _, page = ada
    rule = community.rulebook.rules[0]
    reckoner = Reckoner.of_rule(community.rulebook, rule, community.as_of)
    assert re.search(r"^  50 +37\.9$", text.draw(Page("t", (rule_calculator(reckoner),))), re.MULTILINE)
    assert re.search(r"^  50 +37\.9 +\d+\.\d$", text.draw(page), re.MULTILINE)
    assert "| 50 | 37.9 |" in markdown.draw(page)


def test_moments_have_tables_alone() -> None:
    """A rule that looks at a moment has no calculator, and its page says why."""
    told = 0
    for seed in range(12):
        case = case_of(seed)
        for rule in case.rulebook.rules:
            reckoner = Reckoner.of_rule(case.rulebook, rule, case.as_of)
            section = rule_calculator(reckoner)
            calculators = [block for block in section.blocks if isinstance(block, Calculator)]
            assert not calculators or reckoner.program is not None
            if reckoner.program is None and any(isinstance(block, Grid) for block in section.blocks):
                told += "moments in time" in text.draw(Page("t", (section,)))
    assert told > 0


def test_a_rule_s_page_has_a_calculator_with_a_day(community: ReferenceRun) -> None:
    """Without a day nothing that depends on it can be worked out."""
    rule = community.rulebook.rules[0]

    def has(page: Page) -> bool:
        return any(isinstance(block, Calculator) for section in page.sections for block in section.blocks)

    assert has(rule_page(community.rulebook, rule, community.as_of))
    assert not has(rule_page(community.rulebook, rule))


def test_a_day_is_asked_for_as_browsers_ask_for_days(community: ReferenceRun) -> None:
    """A field for a day is the browser's own, which writes it as its reader does, whatever the page's language."""
    (rule,) = (each for each in community.rulebook.rules if each.name == "tenure")
    source = html(rule_page(community.rulebook, rule, community.as_of))
    assert re.findall(r'<input id="calculator-joined" type="(\w+)"', source) == ["date"]
    assert "written as in" not in source


def test_what_can_be_filled_in_is_said_as_the_guide_says_it(community: ReferenceRun) -> None:
    """A field's words name whatever is refused: too many places and a number over the highest too."""
    book = accepted(FILLED_IN)
    asked = {
        field.name: (field.hint, field.wrong)
        for rule in book.rules
        for block in rule_calculator(Reckoner.of_rule(book, rule, community.as_of)).blocks
        if isinstance(block, Calculator)
        for field in block.fields
    }
    assert {name: hint for name, (hint, _) in asked.items()} == {
        "marks": "A number from 0 to 5, with at most 2 places.",
        "owed": "A number, 0 or less.",
        "since": "A day. Leave it empty where it is not known.",
    }
    assert asked["marks"][1] == "That is not possible here. A number from 0 to 5, with at most 2 places."


def test_a_rule_s_page_compares_no_lines(community: ReferenceRun) -> None:
    """A rule has one line, which the result tells: its page has no table with a head and nothing below."""
    (rule,) = (each for each in community.rulebook.rules if each.name == "tenure")
    source = html(rule_page(community.rulebook, rule, community.as_of))
    assert "data-result" in source
    assert "points then" not in source
    reckoner = Reckoner.of_score(community.rulebook, community.as_of)
    assert "points then" in html(person_page(explain(community, "ada"), (), None, reckoner))


# ---- records -----------------------------------------------------------------------------------------------------


def _tables(page: Page) -> list[RecordTable]:
    return [block for section in page.sections for block in section.blocks if isinstance(block, RecordTable)]


def test_the_running_total_ends_with_the_measure(ada: tuple[Explanation, Page]) -> None:
    """Row by row the last column adds up what each record added, and ends with what was counted."""
    document, page = ada
    sums = {each.measure: Decimal(each.value) for each in document.records_added}
    ends = []
    for table in _tables(page):
        assert table.total is not None
        so_far = Decimal(0)
        for row in table.grid.rows:
            so_far += Decimal(row[table.added] or 0)
            assert row[table.total] == (text_of(so_far) if row[table.added] else "")
        ends.append(so_far)
    assert sorted(ends) == sorted(sums.values())


def test_records_that_are_not_shown_have_a_row(ada: tuple[Explanation, Page]) -> None:
    """Where a page shows the latest records alone, the others stand in a last row with what they added together."""
    document, _ = ada
    rows = [each for each in document.records if each.measure == "approval"]
    copies = added_up_again(tuple(replace(each, order=order) for order, each in enumerate(rows * 100)))
    page = person_page(document.model_copy(update={"records": copies}))
    (table,) = _tables(page)
    assert table.total is not None
    added = sum(Decimal(each.effect or 0) for each in copies)
    shown = Decimal(next(row[table.total] for row in reversed(table.grid.rows) if row[table.total]))
    assert table.rest[0] == f"{len(copies) - 200} earlier ones"
    assert shown + Decimal(table.rest[table.added]) == Decimal(table.rest[table.total]) == added
    assert re.search(rf'<tfoot role="rowgroup">\s*<tr role="row"><td [^>]*>{table.rest[0]}</td>', html(page))


def test_records_can_be_picked_by_what_there_is(ada: tuple[Explanation, Page]) -> None:
    """Lines, kinds and fates to choose from are those of the records; the first choice is all of them."""
    document, page = ada
    (picker,) = [block for section in page.sections for block in section.blocks if isinstance(block, RecordPicker)]
    choices = {each.by: [choice.value for choice in each.choices] for each in picker.picking}
    assert all(values[0] == "" for values in choices.values())
    assert set(choices["kind"][1:]) == {each.record["kind"] for each in document.records}
    for table in _tables(page):
        assert set(table.readers) <= set(choices["reader"])


def test_the_latest_moment_comes_first() -> None:
    """Records of one day stand by the time of day, each measure's own; those of one moment as they were."""
    times = ("2026-03-02T02:08:00Z", "2026-03-02T23:59:00Z", "2026-03-02T23:59:00.5Z", "2026-03-01T23:00:00Z")
    rows = [
        EvidenceRow("ada", measure, place, (str(place), at), "counted", "", Decimal(1))
        for measure in ("shares", "likes")
        for place, at in enumerate((*times, times[0]))
    ]
    found = [(row.measure, row.order) for row in latest_first(rows, 1)]
    assert found == [(measure, place) for measure in ("shares", "likes") for place in (2, 1, 0, 4, 3)]


def test_what_a_requirement_looks_at_comes_last(ada: tuple[Explanation, Page]) -> None:
    """Records of no line stand behind those of lines, can be picked by their requirement, and say whose they are."""
    document, page = ada
    *others, last = _tables(page)
    (asked,) = document.asked
    assert (last.name, last.readers) == ("posts", (f"require:{asked.requirement}",))
    assert all(f'asked for by "{asked.title}"' in each.words for each in last.leads)
    assert last.ends == (f"Added together: {document.records_added[0].value} posts.",)
    assert all("asked for" not in each.leads[0].words and "as counted above" in each.ends[0] for each in others)


def test_another_record_that_stands_for_it_is_not_left_out(ada: tuple[Explanation, Page]) -> None:
    """Records of somebody who is counted already are apart from those that do not count, in words and to be picked."""
    document, page = ada
    again = sum(each.fate == "repeated" for each in document.records)
    assert again > 0
    told = [
        row[table.added - 1]
        for table in _tables(page)
        for row, fate in zip(table.grid.rows, table.fates, strict=True)
        if fate == "again"
    ]
    assert told == ["counted once: another record of the same person stands for it"] * again
    assert '<tr role="row" class="again">' in html(page)


def test_an_empty_section_stays_away(community: ReferenceRun) -> None:
    """Somebody about whom nothing can be worked out has no heading with nothing under it."""
    reckoner = Reckoner.of_score(community.rulebook, community.as_of)
    assert person_calculator(reckoner, explain(community, "cy")) == Section("", ())
