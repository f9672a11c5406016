"""Takes a rulebook and a run; checks what `--duty` says of them, in every form, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.cli.diagnostic_document import DiagnosticDocument
from tallystick.explain.duties.document import DutiesChecked

Tally = Callable[..., Result]
NOTE = "A checklist, not legal advice."
DOCUMENTED = '    contact "c"\n    purpose "Try."\n    measures "Posts."\n    source "Made up."\n'


def comply(rulebook: Path) -> None:
    """Write into the small rulebook what the first two duties ask of it."""
    text = rulebook.read_text(encoding="utf-8").replace('    owner "Somebody"\n', f'    owner "Somebody"\n{DOCUMENTED}')
    for points in ("points posts\n", "points 2.5 * shares\n"):
        text = text.replace(points, f"{points}        at most 10\n")
    rulebook.write_text(text, encoding="utf-8")


def test_check_tells_what_a_rulebook_must_add(tally: Tally, rulebook: Path) -> None:
    """Each thing once, with its place and the clause; exit 1; with all added, nothing is found and the exit is 0."""
    found = tally("check", rulebook, "--duty", "gdpr-15", "--duty", "dsa-27", "--format", "concise")
    assert found.exit_code == 1
    first, *others = found.stdout.splitlines()
    assert first == NOTE
    assert f"{rulebook}:1:10: error[duty-missing]: the rulebook does not say whom to write to" in others
    assert len(others) == len(set(others)) == 6
    assert "6 errors, 0 warnings in 1 file\nof 25 clauses, 10 are for a person to look at" in found.stderr
    comply(rulebook)
    mended = tally("check", rulebook, "--duty", "gdpr-15", "--duty", "dsa-27", "--format", "concise")
    assert (mended.exit_code, mended.stdout) == (0, f"{NOTE}\n")


def test_check_says_it_first_in_every_form(tally: Tally, rulebook: Path) -> None:
    """In full, for GitHub and as JSON, what it is comes first, and the clause is named beside what is missing."""
    comply(rulebook)
    words = ("check", rulebook, "--duty", "reg-b", "--format")
    full = tally(*words, "full").stdout
    assert full.startswith(f"{NOTE}\n\nerror[duty-missing]: ")
    assert "= note: reg-b/R5, Official comment to 1002.9(b)(2): " in full
    github = tally(*words, "github").stdout.splitlines()
    assert github[0] == f"::notice::{NOTE}"
    assert all("title=tally%3A duty-missing::" in line for line in github[1:])
    document = DiagnosticDocument.model_validate_json(tally(*words, "json").stdout)
    assert document.notes == (NOTE,)
    assert {each.name for each in document.diagnostics} == {"duty-missing"}
    assert DiagnosticDocument.model_validate_json(tally("check", rulebook, "--format", "json").stdout).notes == ()


def test_a_rulebook_with_errors_is_not_held_against_a_duty(tally: Tally) -> None:
    """Its mistakes come first: what cannot be used cannot comply."""
    found = tally("check", Path(__file__).with_name("ten_mistakes.tally"), "--duty", "reg-b")
    assert found.exit_code == 1
    assert "duty-" not in found.stdout


def test_explain_gives_the_checklist_in_place_of_the_explanation(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """What is missing is a finding; once it is there, the exit is 0, and what is for a person stays so."""
    comply(rulebook)
    records = tmp_path / "r.csv"
    records.write_text("at,subject,actor,kind\n2026-01-01,ada,ada,post\n", encoding="utf-8")
    words = (
        "explain",
        rulebook,
        "--records",
        records,
        "--as-of",
        "2026-01-31",
        "--subject",
        "ada",
        "--duty",
        "gdpr-15",
    )
    found = tally(*words)
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{NOTE}\n")
    assert "explain again with `--could-change`" in " ".join(found.stdout.split())
    done = tally(*words, "--evidence", "--could-change", "--format", "json")
    assert done.exit_code == 0, done.stdout
    assert done.stdout.splitlines()[1] == f'  "note": "{NOTE}",'
    duty = DutiesChecked.model_validate_json(done.stdout).duties[0]
    assert (duty.met, duty.missing, duty.forbidden, duty.for_you) == (11, 0, 0, 6)
    assert tally(*words, "--format", "markdown").stdout.startswith(f"# {NOTE}\n")
    page = tally(*words, "--format", "html")
    assert (page.exit_code, page.stdout.count(f"<h1>{NOTE}</h1>")) == (1, 1)


def test_the_document_has_a_schema(tally: Tally) -> None:
    """`tally schema duty` is of the document that `--duty` gives."""
    schema = json.loads(tally("schema", "duty").stdout)
    assert schema["properties"]["schema"]["const"] == "tallystick.duty/1"
    assert schema["properties"]["note"]["const"] == NOTE


@pytest.mark.parametrize("command", ["check", "explain"])
def test_an_unknown_duty_is_wrong_usage(tally: Tally, rulebook: Path, command: str) -> None:
    """Exit 2, and the duties that there are."""
    found = tally(command, rulebook, *(("--subject", "ada") if command == "explain" else ()), "--duty", "gdpr-22")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "gdpr-15" in found.stderr


EXAMPLES = (
    ("community", "gdpr-15", 0),
    ("community", "dsa-27", 0),
    ("community", "reg-b", 5),
    ("maintainers", "gdpr-15", 0),
    ("trust", "gdpr-15", 0),
)


@pytest.mark.parametrize(("example", "duty", "lacks"), EXAMPLES)
def test_the_examples_comply_as_far_as_they_say(
    tally: Tally, community: Path, example: str, duty: str, lacks: int
) -> None:
    """An example lacks nothing that a rulebook can have, but the averages that only a lender needs."""
    path = community.parent / example / f"{example}.tally"
    document = DiagnosticDocument.model_validate_json(tally("check", path, "--duty", duty, "--format", "json").stdout)
    assert [each.name for each in document.diagnostics] == ["duty-missing"] * lacks
