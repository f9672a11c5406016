"""Takes whole runs; gives proof of who is scored, of what stands in the ledger, and of the example on the language's
page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from generators.rulebooks import Case, cases, scored
from hypothesis import given, settings
from msgspec.structs import replace

from tallystick.engine.examples import run_examples
from tallystick.engine.ledger import AccountRow, FacetRow, InputRow, LineRow, MeasureRow, ScoreRow, StepRow
from tallystick.engine.reference import ReferenceRun
from tallystick.engine.reference_measures import Measured, Measuring
from tallystick.rules.rulebook import Rulebook

Refer = Callable[..., ReferenceRun]
Check = Callable[[str], Rulebook]
D = Decimal
COMMUNITY = (Path(__file__).parent / "community.tally").read_text(encoding="utf-8")

RECORDS = """
id at                   subject actor kind  item
1  2026-02-20T09:00:00Z ada     bob   share p1
2  2026-02-10T09:00:00Z ada     ada   post  p1
3  2026-02-11T09:00:00Z ada     ada   post  p2
4  2026-02-12T09:00:00Z ada     ada   post  p3
5  2026-02-12T10:00:00Z eve     ada   like  q1
6  2026-03-02T10:00:00Z eve     ada   like  q2
7  2026-02-12T10:00:00Z nobody  ada   like  q3
"""
SUBJECTS = """
subject consent joined
ada     yes     2025-06-01
eve     yes     -
max     no      2020-01-01
"""


def test_the_example_of_the_language(check: Check) -> None:
    """60 * ln(1 + 2^(-9/30)) / ln 501 = 60 * 0.5946…/6.2166… = 60 * 0.095642297 = 5.73853782, shown as 5.7."""
    (result,) = run_examples(check(COMMUNITY))
    assert result.passed
    assert [(each.expected, each.came) for each in result.expectations] == [
        ("score 5.7", "score 5.7"),
        ("amplification 5.7", "amplification 5.7"),
        ("band newcomer", "band newcomer"),
        ("because amplification", "because amplification"),
    ]


def test_the_ledger_of_the_example(run: Refer) -> None:
    """One share 9 days old fades to 2^-0.3 = 0.812252396; a year is not passed, so tenure gives 0."""
    ledger = run(COMMUNITY, RECORDS, SUBJECTS).subject("ada")
    assert ledger is not None
    assert ledger.score == ScoreRow("ada", "scored", D("5.7"), "newcomer", None)
    assert ledger.lines[0] == LineRow(
        subject="ada",
        rule="amplification",
        state="applies",
        missing=None,
        input=D("0.812252396"),
        level=D("0.095642297"),
        weight=D(60),
        row=None,
        value=D("5.73853782"),
        taken=D(0),
        given=D(0),
        rounding=D("-0.03853782"),
        points=D("5.7"),
    )
    assert [(line.rule, line.points) for line in ledger.lines] == [
        ("amplification", D("5.7")),
        ("conversation", 0),
        ("approval", 0),
        ("tenure", 0),
        ("reports", 0),
    ]
    assert ledger.facets == (FacetRow("ada", "reaction", D("5.7"), D("5.7")), FacetRow("ada", "standing", D(0), D(0)))
    assert ledger.adjustments == ()
    assert ledger.measures == (
        MeasureRow("ada", "posts", "value", D(3), 3),
        MeasureRow("ada", "sharers", "value", D("0.812252396"), 1),
        MeasureRow("ada", "repliers", "value", D(0), 0),
        MeasureRow("ada", "approval", "value", D(0), 0),
        MeasureRow("ada", "reported", "value", D(0), 0),
    )
    assert ledger.steps == (StepRow("ada", "sharers", "fading", "", 1, D("0.187747604")),)
    assert ledger.inputs == (InputRow("ada", "consent", "yes"), InputRow("ada", "joined", "2025-06-01"))
    assert ledger.accounts == (AccountRow("ada", "taken in", "", 4),)


def test_who_fails_on_attributes_has_a_row_and_nothing_else(run: Refer) -> None:
    """max did not agree: no measure, line, account or evidence of him, though a record were about him."""
    done = run(COMMUNITY, RECORDS + "8 2026-02-12T10:00:00Z max ada like q1", SUBJECTS)
    ledger = done.subject("max")
    assert ledger is not None
    assert ledger.score == ScoreRow("max", "no score", None, None, "consent")
    assert (ledger.lines, ledger.facets, ledger.adjustments, ledger.measures) == ((), (), (), ())
    assert (ledger.steps, ledger.inputs, ledger.accounts) == ((), (), ())
    assert list(done.evidence("max")) == []


def test_who_fails_on_measures_keeps_measures_inputs_and_accounts(run: Refer) -> None:
    """eve has no posts: insufficient data, with one like taken in and one that is not yet."""
    ledger = run(COMMUNITY, RECORDS, SUBJECTS).subject("eve")
    assert ledger is not None
    assert ledger.score == ScoreRow("eve", "insufficient data", None, None, "enough")
    assert (ledger.lines, ledger.facets, ledger.adjustments) == ((), (), ())
    assert ledger.measures[0] == MeasureRow("eve", "posts", "value", D(0), 0)
    assert ledger.inputs[1] == InputRow("eve", "joined", None)
    assert ledger.accounts == (AccountRow("eve", "not yet", "", 1), AccountRow("eve", "taken in", "", 1))


def test_where_subjects_are_declared_who_has_a_row_is_scored(run: Refer) -> None:
    """Everyone with a row, by code points; `nobody`, whom only a record names, is no one; his record is counted apart.

    7 rows = 5 of ada and eve up to then, 1 not yet of eve, all in accounts, + 1 not admitted.
    """
    done = run(COMMUNITY, RECORDS, SUBJECTS)
    assert list(done.subjects()) == ["ada", "eve", "max"]
    assert done.subject("nobody") is None
    assert list(done.evidence("nobody")) == []
    told = sum(row.records for ledger in done.ledgers() for row in ledger.accounts)
    assert (done.counts.rows, told, done.counts.not_admitted, done.counts.subject_rows) == (7, 6, 1, 3)


def test_evidence_is_latest_day_first_and_shows_what_was_left_out(run: Refer) -> None:
    """For each measure its records, with the declared fields as canonical text, a fate and an effect."""
    done = run(COMMUNITY, RECORDS + "8 2026-02-20T08:00:00Z ada bob share p1", SUBJECTS)
    rows = [row for row in done.evidence("ada") if row.measure == "sharers"]
    # The earlier of bob's two shares of p1 is left; the other is excluded by `twice`.
    assert [(row.order, row.values[0], row.fate, row.name, row.effect) for row in rows] == [
        (1, "1", "excluded", "twice", D(0)),
        (2, "8", "counted", "", D("0.812252396")),
    ]
    assert rows[0].values == ("1", "ada", "bob", "share", "2026-02-20T09:00:00Z", "p1")


def test_attributes_of_the_actor_are_those_of_their_row(run: Refer) -> None:
    """Of three likes only eve's is by someone who agreed: max did not, and nobody has no row."""
    text = """
rulebook "Case" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of like
    at      date

subjects
    consent yes/no

measure m "like" / "likes"
    count like
    when actor.consent or else no

rule line "Line"
    points m

score "Case"
    sum of all rules
"""
    records = "subject actor kind at\n" + "".join(f"ada {who} like 2026-02-20\n" for who in ("eve", "max", "nobody"))
    ledger = run(text, records, "subject consent\nada yes\neve yes\nmax no").subject("ada")
    assert ledger is not None
    assert ledger.measures[0].value == 1


def test_a_condition_that_is_missing_excludes_nothing(run: Refer) -> None:
    """bob liked ada and a stranger that day. Whether a stranger, who has no row, is a guest is not known.

    So no exclusion takes that like, and each counts 1/2. Of eve, who is no guest, it is taken: then ada's counts 1.
    """
    text = """
rulebook "Case" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of like
    at      date

subjects
    guest yes/no

exclude outsiders "outsiders"
    when not guest
    because "Not of us."

measure m "like" / "likes"
    count like
    diluted per actor per day

rule line "Line"
    points m

score "Case"
    sum of all rules
"""
    for who, expected in (("stranger", "0.5"), ("eve", "1")):
        records = f"subject actor kind at\nada bob like 2026-02-20\n{who} bob like 2026-02-20"
        ledger = run(text, records, "subject guest\nada yes\neve no").subject("ada")
        assert ledger is not None
        assert ledger.measures[0].value == D(expected)


# ---- examples ----------------------------------------------------------------------------------------------------


def changed(check: Check, old: str, new: str) -> Rulebook:
    """Change the text of the community's rulebook in one place."""
    assert COMMUNITY.count(old) == 1
    return check(COMMUNITY.replace(old, new))


def test_a_score_that_is_another_shows_its_lines(check: Check) -> None:
    """With the weight of 50 the score is 4.8: 50 * 0.095642297 = 4.78211485; so it says, and its run has the lines."""
    (result,) = run_examples(changed(check, "weight 60", "weight 50"))
    assert not result.passed
    score, line, band, because = result.expectations
    assert (score.passed, score.expected, score.came) == (False, "score 5.7", "score 4.8")
    ledger = result.runs[None].subject(score.subject)
    assert ledger is not None
    assert (ledger.lines[0].rule, ledger.lines[0].points) == ("amplification", D("4.8"))
    assert (line.passed, line.came) == (False, "amplification 4.8")
    assert band.passed
    assert because.passed


def test_a_score_is_compared_as_a_number(check: Check) -> None:
    """`score 5.70` expects 5.7."""
    (result,) = run_examples(changed(check, "score         5.7", "score         5.70"))
    assert result.passed
    assert result.expectations[0].expected == "score 5.70"


def test_no_score_and_insufficient_data_are_expected_by_the_requirement(check: Check) -> None:
    """Without consent the words of `consent` come, with two posts those of `enough`; the other way round fails."""
    rows = "    expect ada\n" + COMMUNITY.split("    expect ada\n")[1]
    text = COMMUNITY.replace(rows, "    expect ada\n        no score consent\n")
    (result,) = run_examples(check(text.replace("ada     yes", "ada     no ")))
    assert result.passed
    (result,) = run_examples(check(text))
    assert [(each.passed, each.came) for each in result.expectations] == [(False, "score 5.7")]
    text = COMMUNITY.replace(rows, "    expect ada\n        insufficient data enough\n")
    text = text.replace("        4  2026-02-12T09:00:00Z ada     ada   post  p3\n", "")
    (result,) = run_examples(check(text))
    assert result.passed


def test_a_person_whom_nothing_names_fails_the_expectation(check: Check) -> None:
    """Expecting something of somebody who is not there says so."""
    rulebook = check(COMMUNITY)
    (example,) = rulebook.examples
    nobody = replace(example, expects=(replace(example.expects[0], subject="bob"),))
    (result,) = run_examples(replace(rulebook, examples=(nobody,)))
    assert {each.came for each in result.expectations} == {"nobody of that name"}
    assert not result.passed


def test_because_wants_the_rules_that_raised_the_score_most_in_order(check: Check) -> None:
    """tenure gives 5 after a year, amplification 5.7: in that order; a rule that gave nothing is not among them."""
    rulebook = check(COMMUNITY.replace("2025-06-01", "2025-01-01").replace("score         5.7", "score        10.7"))
    (example,) = rulebook.examples
    (expect,) = example.expects

    def expecting(*names: str) -> bool:
        lines = tuple(replace(each, names=names) if each.form == "because" else each for each in expect.lines)
        changed = replace(example, expects=(replace(expect, lines=lines),))
        return run_examples(replace(rulebook, examples=(changed,)))[0].passed

    assert expecting("amplification")
    assert expecting("amplification", "tenure")
    assert not expecting("tenure")
    assert not expecting("amplification", "tenure", "approval")


def test_a_row_that_cannot_be_read_fails_its_example(check: Check) -> None:
    """A cell that is no date is a mistake of the example, told with its row and reason."""
    rulebook = check(COMMUNITY)
    (example,) = rulebook.examples
    assert example.subjects is not None
    broken = replace(example, subjects=replace(example.subjects, rows=(("ada", "yes", "2025-02-29"),)))
    (result,) = run_examples(replace(rulebook, examples=(broken,)))
    assert not result.passed
    assert [each.because.field for each in result.rejected_subjects] == ["joined"]


def test_running_examples_needs_no_heavy_module() -> None:
    """`tally test` stays quick: importing the reference brings in neither duckdb, numpy, jinja2 nor pydantic."""
    code = (
        "import sys, tallystick.engine.examples\n"
        "print(sorted({'duckdb', 'numpy', 'jinja2', 'pydantic', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_one_score_can_be_expected_above_another(check: Check) -> None:
    """It holds for a higher score alone: not for an equal one, not against somebody without a score."""
    text = COMMUNITY.replace("ada     yes     2025-06-01\n", "ada     yes     2025-06-01\n        eve     yes     -\n")
    expected = "    expect ada above eve\n        score 5.7\n    expect eve above ada\n    expect ada above ada\n"
    (result,) = run_examples(check(text[: text.index("    expect ada")] + expected))
    assert [(each.passed, each.expected, each.came) for each in result.expectations] == [
        (False, "above eve", "5.7, and eve insufficient data enough"),
        (True, "score 5.7", "score 5.7"),
        (False, "above ada", "insufficient data enough, and ada 5.7"),
        (False, "above ada", "5.7, and ada 5.7"),
    ]


@settings(max_examples=20)
@given(cases())
def test_a_measure_of_nothing_is_what_the_long_way_gives(case: Case) -> None:
    """I2: who has no record of a measure gets what working it out of no records gives, in every form of measure."""

    def long_way(measuring: Measuring, person: str) -> Measured:
        return measuring._of_records(person, [])  # noqa: SLF001  the two ways are told apart nowhere else

    short = list(scored(case).ledgers())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Measuring, "_of_nothing", long_way)
        assert list(scored(case).ledgers()) == short
