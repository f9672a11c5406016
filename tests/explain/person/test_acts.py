"""Takes runs with corrections and statements; gives proof that an explanation shows each, and what the score was
without the corrections."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers import elsewhere_by_hand as by_hand
from ledgers.from_files import scored_from_files

from tallystick.engine import open_run, score
from tallystick.engine.intake.reading import written
from tallystick.engine.reference import refer
from tallystick.engine.run import FinishedRun
from tallystick.explain import Explainer, Explanation, explain
from tallystick.rules import load

COMMUNITY = Path(__file__).parents[3] / "examples" / "community"
HOSTILE = '\x1b[31m<script>alert(1)</script> [x](http://a.example) | "q"'
FEW = max(3, settings.default.max_examples // 33) if settings.default is not None else 3


def scored(corrections: Path | None, statements: Path | None, **more: object) -> FinishedRun:
    """Score the community with what was corrected and what is stated."""
    options: dict[str, object] = {"corrections": corrections, "statements": statements, **more}
    rulebook = load(COMMUNITY / "community.tally")
    return score(rulebook, COMMUNITY / "records.csv", COMMUNITY / "subjects.csv", as_of=date(2026, 3, 31), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run of the community as it is shipped."""
    made = tmp_path_factory.mktemp("acts") / "run"
    scored(COMMUNITY / "corrections.csv", COMMUNITY / "statements.csv", out=made).close()
    return made


@pytest.fixture(scope="module")
def jun(folder: Path) -> Explanation:
    """Give the explanation of jun, with the records behind it."""
    return explain(open_run(folder), "jun", evidence=True)


def test_both_scores_are_told(jun: Explanation) -> None:
    """Worked by hand: eleven people reported jun, 2 points each, at most 20 are taken. Three reports are struck out and
    one is another member's: seven are left, 14 points. The other lines stay, so 16.3 becomes 16.3 - 14 + 20 = 22.3."""
    assert jun.score == "22.3"
    assert jun.uncorrected is not None
    assert (jun.uncorrected.outcome, jun.uncorrected.score) == ("scored", "16.3")
    (line,) = jun.uncorrected.lines
    assert (line.rule, line.without, line.with_them) == ("reports", "-20.0", "-14.0")


def test_the_same_is_told_of_records_given_again(tmp_path: Path) -> None:
    """Worked by hand: the score without the corrections is the same where the run has not kept its records and its file
    is given again, though corrections stand in another order than the records that they name."""
    rules, pauses, corrections = by_hand.files(tmp_path)
    file, out = by_hand.records_file(tmp_path / "records.csv"), tmp_path / "run"
    acts = {"pauses": pauses, "corrections": corrections}
    score(load(rules), file, as_of=by_hand.DAY, out=out, keep_records=False, **acts).close()
    for name, without in by_hand.UNCORRECTED.items():
        told = by_hand.explained(out, name, str(file)).uncorrected
        assert told is not None
        assert told.score == without


def test_each_correction_is_told(jun: Explanation) -> None:
    """By whom, when, why, what the record was, what is otherwise now, and which rules look at such records."""
    assert [(each.record, each.action) for each in jun.corrections] == [
        ("3812", "void"), ("3974", "void"), ("4108", "void"), ("4262", "replace")
    ]  # fmt: skip
    moved = jun.corrections[-1]
    assert (moved.who, moved.when, moved.rules) == ("moderation", date(2026, 3, 24), ("reports",))
    assert moved.was["subject"] == "jun"
    assert [(each.field, each.before, each.after) for each in moved.changes] == [
        ("subject", "jun", "olga"), ("item", "jun-8", "olga-3")
    ]  # fmt: skip
    assert [each.records for each in jun.not_counted if each.reason == "voided"] == [4]


def test_the_record_stays_visible_struck_out(jun: Explanation) -> None:
    """Evidence lists it with no effect, by whom it was struck out and why; the words say so."""
    shown = {each.record["id"]: each for each in jun.records if each.fate == "voided"}
    assert set(shown) == {"3812", "3974", "4108", "4262"}
    assert {each.effect for each in shown.values()} == {"0"}
    words = " ".join(jun.text(width=400).split())
    assert "struck out by moderation on 2026-03-20: One person reported from several accounts." in words
    assert "Without these corrections your score would be 16.3; with them, it is 22.3." in words
    assert "replaced by moderation on 2026-03-24: The report was about another member's post." in words


def test_who_got_the_record_sees_it_too(folder: Path) -> None:
    """The report that was about jun counts for olga now: her page has the correction, and her score before it."""
    olga = explain(open_run(folder), "olga", evidence=True)
    assert [each.record for each in olga.corrections] == ["4262"]
    (counted,) = [each for each in olga.records if each.record["id"] == "4262"]
    assert (counted.fate, counted.effect, counted.record["subject"]) == ("counted", "1", "olga")
    assert "counted, as corrected" in olga.text(width=400)
    assert olga.uncorrected is not None
    assert [(each.without, each.with_them) for each in olga.uncorrected.lines] == [("0.0", "-2.0")]


def test_nobody_else_sees_any_of_it(folder: Path) -> None:
    """Someone whose records were not corrected and who stated nothing has neither on the page."""
    kira = explain(open_run(folder), "kira")
    assert (kira.corrections, kira.uncorrected, kira.statements) == ((), None, ())
    assert "correct" not in kira.text().split("ABOUT THIS SCORE")[0].lower()


def test_a_statement_stands_beside_its_line(jun: Explanation, folder: Path) -> None:
    """A contest of a rule stands in that rule's line, with its days; a statement about the whole score at the head."""
    words = jun.text(width=400)
    line = words.index("People who reported you: -14.0")
    contest = words.index("You contest this since 2026-03-25, to be answered by 2026-04-25: ")
    assert line < contest < words.index("WHAT BECAME OF")
    assert "Until what you contest is answered, the score stands as it is here." in words
    ada = explain(open_run(folder), "ada").text(width=400)
    stated = 'You state, since 2026-03-28: "I am on leave from April and shall post less."'
    assert stated in ada.split("HOW THE POINTS ADD UP")[0]


def test_without_records_the_rest_is_told(tmp_path: Path) -> None:
    """A run that keeps no records still tells what was corrected, and that the score without it cannot be told."""
    scored(COMMUNITY / "corrections.csv", None, out=tmp_path / "run", keep_records=False).close()
    jun = explain(open_run(tmp_path / "run"), "jun")
    assert len(jun.corrections) == 4
    assert jun.uncorrected is None
    assert "cannot be told: the run has not kept the records that this takes" in jun.text(width=400)


def test_words_of_others_are_harmless(tmp_path: Path) -> None:
    """Reasons, names and statements that try to be commands or markup reach no terminal and no page as such."""
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    corrections, statements = tmp_path / "c.csv", tmp_path / "s.csv"
    corrections.write_text(
        f"record,action,reason,who,when,item\n3812,replace,{quoted},{quoted},2026-03-20,{quoted}\n", encoding="utf-8"
    )
    statements.write_text(
        f"subject,rule,record,text,since\njun,reports,,{quoted},2026-03-20\njun,,3812,{quoted},2026-03-20\n",
        encoding="utf-8",
    )
    made = explain(scored(corrections, statements), "jun", evidence=True)
    assert "\x1b" not in made.text() + made.markdown() + made.json()
    assert "<script>" not in made.markdown()
    assert re.search(r"(?<!\\)\]\(", made.markdown()) is None
    assert Explanation.model_validate_json(made.json()) == made


@settings(max_examples=FEW)
@given(cases(by=False).filter(lambda case: bool(case.corrections)))
def test_without_is_the_score_without_them(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    """For any rulebook: `uncorrected` is what the reference gives with only the corrections of other people's records;
    each number in the words stands in the tree."""
    run = scored_from_files(case, tmp_path_factory.mktemp("case"))
    explainer = Explainer(run)
    for ledger in list(run.ledgers())[:6]:
        name = ledger.score.subject
        made = explainer.of(ledger, evidence=True)
        mine = {each.record for each in made.corrections}
        others = tuple(each for each in case.corrections if written(each.record) not in mine)
        records, people = case.read_records.rows, case.read_subjects.rows
        without = refer(case.rulebook, records, people, case.as_of, case.pauses, others).subject(name)
        assert (made.uncorrected is None) == (not mine)
        if made.uncorrected is not None and without is not None:
            assert made.uncorrected.outcome == without.score.outcome
            assert (made.uncorrected.score is None) == (without.score.score is None)
            if without.score.score is not None:
                assert made.uncorrected.score is not None
                assert float(made.uncorrected.score) == float(without.score.score)
        tree = made.json()
        for number in re.findall(r"\d+(?:\.\d+)?", "\n".join(_sentences(made))):
            assert number in tree
    run.close()


def _sentences(made: Explanation) -> list[str]:
    """Return the part of a page that tells what was corrected."""
    text = made.text(width=400)
    return text.split("WHAT WAS CORRECTED")[1].split("THE RECORDS BEHIND")[0].split("\n") if made.corrections else []


def test_an_answer_that_is_overdue_is_told_so(tmp_path: Path) -> None:
    """Whoever was owed an answer by a day before that of the score reads that it was due; who has no score does not
    read that one stands."""
    stated = tmp_path / "statements.csv"
    stated.write_text(
        "subject,text,since,answer by,kind\njun,No.,2026-01-02,2026-03-30,contest\n"
        "kira,No.,2026-01-02,2026-03-31,contest\ndora,No.,2026-01-02,,contest\n",
        encoding="utf-8",
    )
    run = scored(None, stated)
    due = "An answer was due by 2026-03-30, and this is as of 2026-03-31."
    stands = "Until what you contest is answered, the score stands as it is here."
    jun, kira, without = (explain(run, name).text(width=400) for name in ("jun", "kira", "dora"))
    assert due in jun
    assert stands in jun
    assert "An answer was due" not in kira + without
    assert "Until what you contest is answered, it stands as it is here: you have no score." in without
    assert stands not in without
