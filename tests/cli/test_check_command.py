"""Takes rulebooks good and bad; checks what `tally check` prints of them, and its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.cli.diagnostic_document import DiagnosticDocument

Tally = Callable[..., Result]
TEN = Path(__file__).with_name("ten_mistakes.tally")
NAMES = [
    "name-unknown",
    "word-unexpected",
    "may-be-zero",
    "name-unknown",
    "rows-overlap",
    "name-twice",
    "field-here",
    "bounds-crossed",
    "bands-order",
    "limit-range",
]


def test_a_rulebook_without_mistakes_is_said_to_have_none(tally: Tally, rulebook: Path) -> None:
    """Nothing on stdout, one line on stderr, exit 0."""
    result = tally("check", rulebook)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 file checked, no errors, no warnings\n"


def test_ten_mistakes_are_told_in_one_go_each_once_and_right(tally: Tally) -> None:
    """A file with ten different mistakes gets ten diagnostics, each at its place."""
    result = tally("check", TEN, "--format", "concise")
    assert result.exit_code == 1
    lines = [line.removeprefix(f"{TEN}:") for line in result.stdout.splitlines()]
    told = [line.split("[")[1].split("]")[0] for line in lines]
    assert told == NAMES
    source = TEN.read_text(encoding="utf-8").split("\n")
    starts = ["lke", "evry", "posts", "shars", "3 or more", "habit", "actor", "100", "10", "-1"]
    for line, start in zip(lines, starts, strict=True):
        row, column = (int(number) for number in line.split(":")[:2])
        assert source[row - 1][column - 1 :].startswith(start), line
    assert result.stderr == "10 errors, 0 warnings in 1 file\n"


def test_json_says_the_same_and_fits_its_published_model(tally: Tally) -> None:
    """`--format json` holds what the drawing says, each with its place from 1 to before its end."""
    result = tally("check", TEN, "--format", "json")
    assert result.exit_code == 1
    document = DiagnosticDocument.model_validate_json(result.stdout)
    assert document.schema_name == "tallystick.diagnostics/1"
    assert [each.name for each in document.diagnostics] == NAMES
    assert (document.errors, document.warnings) == (10, 0)
    first = document.diagnostics[0].primary.at
    assert (first.start.line, first.start.column, first.end.column) == (16, 11, 14)


def test_the_schema_of_the_document_is_published(tally: Tally) -> None:
    """`tally schema diagnostics` names every field that the document has, and allows no other."""
    schema = json.loads(tally("schema", "diagnostics").stdout)
    written = json.loads(tally("check", TEN, "--format", "json").stdout)
    assert set(schema["properties"]) == set(written)
    mistake = schema["$defs"]["Mistake"]
    assert set(mistake["properties"]) == set(written["diagnostics"][0])
    assert mistake["additionalProperties"] is False


def test_several_files_and_stdin_are_checked_together(tally: Tally, rulebook: Path) -> None:
    """One bad file among good ones makes the exit code 1, and each diagnostic names its file."""
    result = tally("check", rulebook, "-", "--format", "concise", stdin='rulebook "x" version 1.0.0\n    ownr "y"\n')
    assert result.exit_code == 1
    assert result.stdout.startswith("<stdin>:")
    assert "in 2 files" in result.stderr


def test_a_warning_alone_leaves_the_exit_code_0(tally: Tally, rulebook: Path) -> None:
    """Warnings are told and counted, and stop nobody."""
    rulebook.write_text(
        rulebook.read_text(encoding="utf-8").replace('        because "Posts are what it is about."\n', "")
    )
    result = tally("check", rulebook)
    assert result.exit_code == 0
    assert result.stdout.startswith("warning[")
    assert "0 errors, 1 warning in 1 file" in result.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"\x00", b'rulebook "x" version 1.0.0\n    owner "\xe9"\n'])
def test_a_file_that_is_no_text_is_a_finding(tally: Tally, tmp_path: Path, content: bytes) -> None:
    """Bytes that are not UTF-8, nothing at all, or control characters get a diagnostic like any other mistake."""
    file = tmp_path / "x.tally"
    file.write_bytes(content)
    result = tally("check", file)
    assert result.exit_code == 1
    assert result.stdout.startswith("error[")


@pytest.mark.parametrize(
    "words", [("check", "nowhere.tally"), ("check", "."), ("check",), ("check", "x", "--format", "xml")]
)
def test_what_cannot_be_read_is_wrong_usage(tally: Tally, words: tuple[str, ...]) -> None:
    """No such file, a folder, no file at all or an unknown format: exit 2, a line on stderr, nothing on stdout."""
    result = tally(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_a_rulebook_that_is_not_there_may_be_meant_by_another_name(tally: Tally, rulebook: Path) -> None:
    """A slip in the name, or an ending left out, is told with the name of the file that is there; else nothing is."""
    for name in ("smal.tally", "small", "small.txt"):
        given = rulebook.with_name(name)
        told = f"error: there is no file `{given}`\n  = help: `{rulebook}` is spelled almost the same\n"
        result = tally("check", given)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", told)
    for given in (rulebook.with_name("other.tally"), rulebook.parent / "nowhere" / "small.tally"):
        assert tally("check", given).stderr == f"error: there is no file `{given}`\n"


def test_a_rulebook_cut_at_any_character_never_gives_a_traceback(tally: Tally, community: Path, tmp_path: Path) -> None:
    """Whatever is left of a rulebook, `tally check` answers with diagnostics."""
    text = (community / "community.tally").read_text(encoding="utf-8")
    file = tmp_path / "cut.tally"
    answers = set()
    for end in range(0, len(text) + 1, 61):
        file.write_text(text[:end], encoding="utf-8")
        result = tally("check", file)
        answers.add(result.exit_code)
        assert result.exit_code in (0, 1), (end, result.stderr)
    assert answers == {0, 1}
