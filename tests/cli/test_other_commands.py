"""Takes rulebooks; checks what `tally test`, `diff`, `sql`, `guide` and `schema` print of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.cli.commands.schema import Document

Tally = Callable[..., Result]


def edited(rulebook: Path, old: str, new: str) -> Path:
    """Write a copy of a rulebook with one text replaced; return it."""
    text = rulebook.read_text(encoding="utf-8")
    assert old in text
    copy = rulebook.with_name("edited.tally")
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def test_an_example_that_holds_passes(tally: Tally, rulebook: Path) -> None:
    """One line says so, with its place, and how many there were goes to stderr."""
    result = tally("test", rulebook)
    assert result.exit_code == 0
    assert result.stdout == f"pass  {rulebook}:42  one post\n"
    assert result.stderr == "1 example: 1 passed, 0 failed\n"


def test_an_example_that_fails_says_which_line_differs_and_why(tally: Tally, rulebook: Path) -> None:
    """What was expected, what came, and how the line that differs came about; exit 1."""
    result = tally("test", edited(rulebook, "score 1.0", "score 2.0\n        posting 2.0\n        band high"))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:6] == [
        "      line 48: ada: expected score 2.0, came score 1",
        "      line 49: ada: expected posting 2.0, came posting 1",
        "        posting: 1.0 points",
        "          - Counted: 1 post.",
        "          - Each post counts one point.",
    ]
    assert "expected band high, came band low" in result.stdout
    assert result.stderr == "1 example: 0 passed, 1 failed\n"


def test_a_score_that_differs_is_told_by_all_its_lines(tally: Tally, rulebook: Path) -> None:
    """Where no expectation says which line is another, each is told, those that do not apply among them."""
    result = tally("test", edited(rulebook, "score 1.0", "score 2.0"))
    assert "        posting: 1.0 points\n" in result.stdout
    assert "        sharing: no points, does not apply\n" in result.stdout


def test_an_outcome_that_differs_is_told_by_its_requirement(tally: Tally, rulebook: Path) -> None:
    """Who has no score where one was expected is told what was not met, and what there is of that."""
    result = tally("test", edited(rulebook, "ada     ada   post", "ada     ada   share"))
    assert "expected score 1.0, came insufficient data enough" in result.stdout
    assert "        You have not posted.\n          - Counted: 0 posts. None were found.\n" in result.stdout


def test_an_example_that_cannot_be_read_fails(tally: Tally, rulebook: Path) -> None:
    """A row of an example's table that is rejected is told with its reason, and is no pass."""
    result = tally("test", edited(rulebook, "2026-01-02 ada", "2026-99-02 ada"))
    assert result.exit_code == 1
    assert "2026-99-02" in result.stdout + result.stderr


def test_the_rulebooks_that_are_shipped_pass(tally: Tally, community: Path) -> None:
    """Every example of every rulebook in examples/ holds."""
    files = sorted(community.parent.glob("*/*.tally"))
    assert len(files) >= 3
    result = tally("test", *files)
    assert result.exit_code == 0, result.stdout


def test_diff_says_what_changed_in_meaning(tally: Tally, rulebook: Path) -> None:
    """A changed number is told with old and new; `--exit-code` makes it a finding."""
    other = edited(rulebook, "2.5 * shares", "3.5 * shares")
    plain = tally("diff", rulebook, other)
    assert plain.exit_code == 0
    assert "sharing" in plain.stdout
    assert "3.5" in plain.stdout
    assert tally("diff", rulebook, other, "--exit-code").exit_code == 1
    assert tally("diff", rulebook, rulebook, "--exit-code").exit_code == 0


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_each_form_of_a_diff_tells_of_it(tally: Tally, rulebook: Path, form: str) -> None:
    """Text, Markdown and JSON are views of one difference; the JSON has its published fields."""
    result = tally("diff", rulebook, edited(rulebook, "2.5 * shares", "3.5 * shares"), "--format", form)
    assert result.exit_code == 0, result.stderr
    assert "sharing" in result.stdout
    if form == "json":
        written = json.loads(result.stdout)
        assert written["schema"] == "tallystick.diff/1"
        assert set(written) == set(json.loads(tally("schema", "diff").stdout)["properties"])


def test_layout_and_comments_make_no_difference(tally: Tally, rulebook: Path) -> None:
    """Another layout means the same."""
    result = tally(
        "diff", rulebook, edited(rulebook, "    subject text\n", "    subject   text # who\n"), "--exit-code"
    )
    assert result.exit_code == 0


def test_other_words_are_a_difference(tally: Tally, rulebook: Path) -> None:
    """Words that people read make `--exit-code` end with 1, though nobody's points are others."""
    result = tally("diff", rulebook, edited(rulebook, '"People share"', '"People pass it on"'), "--exit-code")
    assert result.exit_code == 1
    assert "Nothing is different in meaning" in result.stdout


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, as somebody."""
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *words), cwd=folder, check=True, capture_output=True)


def test_an_older_version_comes_from_git(tally: Tally, rulebook: Path) -> None:
    """`FILE@REV` is the file as it was, wherever in the repository it lies."""
    folder = rulebook.parent
    git(folder, "init", "--quiet")
    git(folder, "add", rulebook.name)
    git(folder, "commit", "--quiet", "-m", "first")
    rulebook.write_text(rulebook.read_text(encoding="utf-8").replace("2.5 * shares", "3.5 * shares"), encoding="utf-8")
    result = tally("diff", f"{rulebook}@HEAD", rulebook, "--exit-code")
    assert result.exit_code == 1, result.stderr
    assert "3.5" in result.stdout
    for revision in ("nowhere", "HEAD:x", "", "-p"):
        wrong = tally("diff", f"{rulebook}@{revision}", rulebook)
        assert (wrong.exit_code, wrong.stdout) == (2, ""), revision


def test_sql_prints_a_query_that_can_be_read(tally: Tally, rulebook: Path) -> None:
    """The query names its steps and says in comments what each does."""
    result = tally("sql", rulebook)
    assert result.exit_code == 0, result.stderr
    assert "-- " in result.stdout
    assert "SELECT" in result.stdout


def test_guide_tells_each_rule_and_why(tally: Tally, rulebook: Path) -> None:
    """The public guide has every rule's title and reason."""
    result = tally("guide", rulebook)
    assert result.exit_code == 0
    for words in ("You post", "Posts are what it is about.", "People share", "Shares carry further."):
        assert words in result.stdout


def test_guide_and_explanation_are_pages_too(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """`--format html` prints one whole file: the guide for everybody, an explanation not for search engines."""
    guide = tally("guide", rulebook, "--format", "html")
    assert guide.exit_code == 0, guide.stderr
    assert guide.stdout.startswith("<!doctype html>\n")
    assert guide.stdout.endswith("</html>\n")
    assert "Shares carry further." in guide.stdout
    assert "noindex" not in guide.stdout
    (tmp_path / "r.csv").write_text("at,subject,actor,kind\n2026-01-01,ada,ada,post\n", encoding="utf-8")
    words = ("--records", tmp_path / "r.csv", "--as-of", "2026-01-31", "--subject", "ada", "--format", "html")
    explained = tally("explain", rulebook, *words)
    assert explained.exit_code == 0, explained.stderr
    assert "<title>Small of ada: 1.0</title>" in explained.stdout
    assert "noindex" in explained.stdout


@pytest.mark.parametrize("document", [each.value for each in Document])
def test_every_document_has_a_schema(tally: Tally, document: str) -> None:
    """A JSON Schema of the 2020-12 draft, named after its document, in which every field is described by its form, and
    nothing of it is named after a module of ours."""
    result = tally("schema", document)
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["schema"]["const"] == f"tallystick.{document}/1"
    assert schema["additionalProperties"] is False
    assert "tallystick__" not in result.stdout


@pytest.mark.parametrize(("dialect", "title"), [("postgres", "PostgreSQL"), ("spark", "Spark")])
def test_a_plain_installation_says_what_the_other_dialects_need(
    tally: Tally, rulebook: Path, monkeypatch: pytest.MonkeyPatch, dialect: str, title: str
) -> None:
    """What reads our query is no part of a plain installation: the refusal says how to get it."""
    monkeypatch.delitem(sys.modules, "tallystick.engine.elsewhere.dialects.queries", raising=False)
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    result = tally("sql", rulebook, "--dialect", dialect)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: a query in the words of {title} needs the library `sqlglot`, which is not installed\n"
        f"  = help: install it with `pip install 'tallystick[{dialect}]'`\n"
    )


@pytest.mark.parametrize("command", ["test", "guide", "sql"])
def test_a_rulebook_with_errors_cannot_be_used(tally: Tally, command: str) -> None:
    """Its mistakes are told on stderr, exit 1, and stdout stays empty."""
    result = tally(command, Path(__file__).with_name("ten_mistakes.tally"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[" in result.stderr
