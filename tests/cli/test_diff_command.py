"""Takes two versions of a rulebook and records; checks what `tally diff` and `tally check --against` answer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
SCORED = ("--records", "records.csv", "--as-of", "2026-01-31")
RECORDS = """\
subject,actor,kind,at
ada,ada,post,2026-01-02
ada,ada,post,2026-01-03
ada,bob,share,2026-01-04
cem,cem,post,2026-01-05
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Write records of two people: ada has 2 + 2.5 points, cem has 1."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return path


@pytest.fixture
def edited(rulebook: Path) -> Callable[..., Path]:
    """Write an edited version beside the rulebook."""

    def write(before: str, after: str, version: str = "1.1.0") -> Path:
        text = rulebook.read_text(encoding="utf-8")
        assert before in text, before
        path = rulebook.with_name("new.tally")
        text = text.replace(before, after).replace("version 1.0.0", f"version {version}")
        path.write_text(text.split("\nexample ")[0], encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("form", "words"), [("text", "HOW FAR"), ("markdown", "<details>"), ("html", "<!doctype html>")]
)
def test_who_is_moved_is_told_in_each_form(
    tally: Tally, rulebook: Path, edited: Callable[..., Path], records: Path, form: str, words: str
) -> None:
    """With records, every form says who is moved and by how much; nothing else is on stdout."""
    new = edited("2.5 * shares", "1.5 * shares")
    result = tally("diff", rulebook, new, "--records", records, "--as-of", "2026-01-31", "--format", form)
    assert result.exit_code == 0, result.stderr
    assert words in result.stdout
    assert "-1.0" in result.stdout
    assert "ada" in result.stdout


def test_json_has_everybody_who_is_moved(
    tally: Tally, rulebook: Path, edited: Callable[..., Path], records: Path
) -> None:
    """The document holds each moved person's score before and after, and fits its published schema's fields."""
    new = edited("2.5 * shares", "1.5 * shares")
    result = tally("diff", rulebook, new, "--records", records, "--as-of", "2026-01-31", "--format", "json")
    written = json.loads(result.stdout)
    assert set(written) == set(json.loads(tally("schema", "diff").stdout)["properties"])
    (person,) = written["moved"]["people"]
    assert (person["subject"], person["before"]["score"], person["after"]["score"]) == ("ada", "4.5", "3.5")
    assert (person["points"], written["moved"]["both"], written["deserves"]["standing"]) == ("-1.0", 2, "fits")


@pytest.mark.parametrize(
    ("before", "after", "limit", "code"),
    [
        ("2.5 * shares", "1.5 * shares", "1", 0),  # ada is moved by just 1
        ("2.5 * shares", "1.5 * shares", "0.9", 1),
        ("2.5 * shares", "3.5 * shares", "0.9", 1),  # up counts as down does
        ("posts >= 1", "posts >= 2", "99", 1),  # cem has no score any more
        ("posts >= 1", "posts >= 0", "0", 0),
    ],
)
def test_a_move_beyond_the_limit_is_a_finding(
    tally: Tally,
    rulebook: Path,
    edited: Callable[..., Path],
    records: Path,
    before: str,
    after: str,
    limit: str,
    code: int,
) -> None:
    """`--fail-if-moved-more-than` ends with 1 when anybody is moved by more, or loses a score, and says who."""
    words = ("--records", records, "--as-of", "2026-01-31", "--fail-if-moved-more-than", limit)
    result = tally("diff", rulebook, edited(before, after), *words)
    assert result.exit_code == code, result.stderr
    assert ("That was not allowed." in result.stderr) is (code == 1)
    if code == 1:
        assert "`cem` has no score any more, and had 1.0" in result.stderr or "`ada`" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", "2026-01-31"), "there is nothing to score"),
        (("--fail-if-moved-more-than", "5"), "there is nothing to score"),
        (("--records", "records.csv"), "none is given"),
        (("--records", "records.csv", "--as-of", "today"), "is not a day"),
        (("--records", "gone.csv", "--as-of", "2026-01-31"), "gone.csv"),
        ((*SCORED, "--fail-if-moved-more-than", "-1"), "not a number of points"),
        ((*SCORED, "--fail-if-moved-more-than", "NaN"), "not a number of points"),
        (("--subjects", "records.csv", "--as-of", "2026-01-31"), "neither version reads any"),
        (("--records", "-", "--subjects", "-", "--as-of", "2026-01-31"), "stands here twice"),
    ],
)  # fmt: skip
def test_wrong_usage_says_what_to_do(
    tally: Tally, rulebook: Path, records: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """What cannot be compared is answered on stderr with exit 2, and nothing stands on stdout."""
    monkeypatch.chdir(records.parent)
    result = tally("diff", rulebook, rulebook, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_stdin_is_read_once_for_both_versions(
    tally: Tally, rulebook: Path, edited: Callable[..., Path], records: Path
) -> None:
    """Records on stdin serve both versions where both read the same fields, and are refused where they do not."""
    text = records.read_text(encoding="utf-8")
    words = ("--records", "-", "--as-of", "2026-01-31")
    assert tally("diff", rulebook, edited("2.5 * shares", "1.5 * shares"), *words, stdin=text).exit_code == 0
    more = edited("    at      date\n", "    at      date\n    item    text optional\n")
    refused = tally("diff", rulebook, more, *words, stdin=text)
    assert refused.exit_code == 2
    assert "do not read the same fields" in refused.stderr


def test_a_version_not_yet_in_force_is_compared_all_the_same(
    tally: Tally, rulebook: Path, edited: Callable[..., Path], records: Path
) -> None:
    """Who would be moved is asked before a version takes effect; the page says that it is not in force yet."""
    new = edited('    owner "Somebody"\n', '    owner "Somebody"\n    effective 2027-01-01\n')
    result = tally("diff", rulebook, new, "--records", records, "--as-of", "2026-01-31")
    assert result.exit_code == 0, result.stderr
    assert "The new version takes effect on 2027-01-01" in result.stdout


@pytest.mark.parametrize(
    ("after", "version", "name", "code"),
    [
        ("3.5 * shares", "1.0.0", "version-unchanged", 1),
        ("3.5 * shares", "0.9.0", "version-backwards", 1),
        ("3.5 * shares", "1.0.1", "version-too-small", 0),
        ("3.5 * shares", "1.1.0", "", 0),
        ("2.5 * shares  # the same", "1.0.0", "version-too-small", 0),  # the example is gone
    ],
)
def test_a_version_number_that_hides_a_change_is_found(
    tally: Tally, rulebook: Path, edited: Callable[..., Path], after: str, version: str, name: str, code: int
) -> None:
    """`--against` refuses another meaning under the same number and a number that goes back, at the number's place."""
    new = edited("2.5 * shares", after, version)
    result = tally("check", new, "--against", rulebook, "--format", "concise")
    assert result.exit_code == code
    told = result.stdout.splitlines()
    assert [line.split("[")[1].split("]")[0] for line in told] == ([name] if name else [])
    assert all(line.startswith(f"{new}:1:26:") for line in told)


def test_against_needs_one_file_that_checks(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """Several files cannot be held against one, and an old version with a mistake is shown with it."""
    assert tally("check", rulebook, rulebook, "--against", rulebook).exit_code == 2
    broken = tmp_path / "broken.tally"
    broken.write_text('rulebook "x"\n', encoding="utf-8")
    result = tally("check", rulebook, "--against", broken)
    assert result.exit_code == 1
    assert "broken.tally" in result.stderr


def test_a_revision_reads_what_it_used_then(tally: Tally, rulebook: Path) -> None:
    """`FILE@REV` takes in the used files as they were at that revision, and no link that stood there."""
    folder = rulebook.parent
    shared, rules = folder / "shared.tally", rulebook.read_text(encoding="utf-8").split("\nexample ")[0]
    head, records = rules.split("\nrecords", 1)
    rulebook.write_text(f'{head}\nuse "shared.tally"\n\nrecords{records}\n', encoding="utf-8")
    shared.write_text('rulebook "S" version 1.0.0\n\nparameter used = 3 "a figure"\n', encoding="utf-8")
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run([*git, *words], check=True, capture_output=True)
    shared.write_text(shared.read_text(encoding="utf-8").replace("= 3", "= 4"), encoding="utf-8")
    result = tally("diff", f"{rulebook}@HEAD", rulebook)
    assert result.exit_code == 0, result.stderr
    assert "Parameter `used` is 4 instead of 3." in result.stdout
    shared.unlink()
    shared.symlink_to("elsewhere.tally")
    subprocess.run([*git, "commit", "-qam", "y"], check=True, capture_output=True)
    result = tally("diff", f"{rulebook}@HEAD~1", f"{rulebook}@HEAD")
    assert result.exit_code == 1
    assert "is a link" in result.stdout + result.stderr
