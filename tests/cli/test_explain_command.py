"""Takes people of small records; checks what `tally explain` says of each, and when it has nothing to say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
AS_OF = ("--as-of", "2026-01-31")
RECORDS = (
    "at,subject,actor,kind\n2026-01-01,ada,ada,post\n2026-01-02,ada,bob,share\n2026-01-03,bob,ada,share\n"
    '2026-01-03,"\x1b[31m<b>|","\x1b[31m<b>|",post\n'
)


@pytest.fixture
def words(rulebook: Path, tmp_path: Path) -> tuple[str, ...]:
    """Return the words that explain from the records, up to the subject."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return ("explain", str(rulebook), "--records", str(path), *AS_OF, "--subject")


def test_somebody_with_a_score_gets_lines_that_add_up(tally: Tally, words: tuple[str, ...]) -> None:
    """The text names the score and each line's points."""
    result = tally(*words, "ada")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("Small of ada: 3.5\n")
    assert "You post: 1.0" in result.stdout
    assert "People share: 2.5" in result.stdout
    assert result.stderr == ""


def test_somebody_without_a_score_is_told_why(tally: Tally, words: tuple[str, ...]) -> None:
    """`insufficient data` is explained with the words of the requirement, exit 0."""
    result = tally(*words, "bob")
    assert result.exit_code == 0
    assert "You have not posted." in result.stdout


def test_nobody_of_that_name_is_a_finding(tally: Tally, words: tuple[str, ...]) -> None:
    """A person whom no input names: exit 1, said on stderr, nothing on stdout."""
    result = tally(*words, "zoe\x1b")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`zoe<U+001B>`" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_form_tells_the_same_score(tally: Tally, words: tuple[str, ...], form: str) -> None:
    """Text, Markdown and JSON are views of one document."""
    result = tally(*words, "ada", "--format", form, "--evidence")
    assert result.exit_code == 0, result.stderr
    assert "3.5" in result.stdout
    if form == "json":
        document = json.loads(result.stdout)
        assert document["schema"] == "tallystick.explanation/1"
        assert len(document["records"]) == 2
        assert {*document, "by"} == set(json.loads(tally("schema", "explanation").stdout)["properties"])


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_hostile_name_can_do_nothing(tally: Tally, words: tuple[str, ...], form: str) -> None:
    """No form lets a name reach the terminal as a command, or a page as HTML."""
    result = tally(*words, "\x1b[31m<b>|", "--format", form, "--evidence")
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert form != "markdown" or "<b>" not in result.stdout.replace("\\<b", "")


def test_a_run_and_its_rulebook_say_the_same(tally: Tally, words: tuple[str, ...], tmp_path: Path) -> None:
    """From a run folder and from rulebook and records comes one explanation, but for when it was made."""
    run = tmp_path / "run"
    scored = tally("score", *words[1:-1], "--out", run)
    assert scored.exit_code == 0, scored.stderr
    documents = [
        json.loads(tally(*start, "ada", "--format", "json").stdout) for start in (words, ("explain", run, "--subject"))
    ]
    for document in documents:
        del document["computed_at"]
    assert documents[0] == documents[1]


def test_a_run_without_records_takes_them_for_evidence(tally: Tally, words: tuple[str, ...], tmp_path: Path) -> None:
    """`--no-records` leaves them out; evidence then asks for them, and lists them when they are given."""
    run = tmp_path / "run"
    assert tally("score", *words[1:-1], "--out", run, "--no-records").exit_code == 0
    assert not (run / "records.parquet").exists()
    without = tally("explain", run, "--subject", "ada", "--evidence")
    assert without.exit_code in (1, 2)
    assert "--records" in without.stderr
    given = tally("explain", run, "--subject", "ada", "--evidence", "--records", words[3])
    assert given.exit_code == 0, given.stderr
    assert "2026-01-02" in given.stdout


def test_records_given_again_are_read_by_the_mapping_of_the_run(
    tally: Tally, words: tuple[str, ...], tmp_path: Path
) -> None:
    """Of a run that was made with a mapping, evidence asks for that: without it, or by another, records are others."""
    run, mapping, other = tmp_path / "run", tmp_path / "map.toml", tmp_path / "other.toml"
    mapping.write_text('[kinds]\nskip = ["like"]\n', encoding="utf-8")
    other.write_text('[kinds]\nskip = ["share"]\n', encoding="utf-8")
    assert tally("score", *words[1:-1], "--out", run, "--no-records", "--map", mapping).exit_code == 0
    asked = ("explain", run, "--subject", "ada", "--evidence", "--records", words[3])
    assert tally(*asked, "--map", mapping).exit_code == 0
    without = tally(*asked)
    assert without.exit_code == 2
    assert "add `--map PATH`" in without.stderr
    by_another = tally(*asked, "--map", other)
    assert by_another.exit_code == 1
    assert "was made with another mapping" in by_another.stderr


@pytest.mark.parametrize("source", ["nowhere", "nowhere.tally"])
def test_what_is_not_there_is_wrong_usage(tally: Tally, source: str) -> None:
    """No run, no rulebook: exit 2."""
    result = tally("explain", source, "--subject", "ada", *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no" in result.stderr


def test_where_spark_runs_is_not_asked_of_a_rulebook(tally: Tally, words: tuple[str, ...]) -> None:
    """A file of rules is worked out here: who says where Spark runs is told that it is not asked."""
    result = tally(*words, "ada", "--master", "local[2]")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Spark is not asked" in result.stderr


def test_a_folder_that_is_no_run_is_wrong_usage(tally: Tally, tmp_path: Path) -> None:
    """A folder without a receipt is not taken for a run."""
    result = tally("explain", tmp_path, "--subject", "ada")
    assert (result.exit_code, result.stdout) == (2, "")


def test_the_as_of_day_belongs_to_the_run(tally: Tally, tmp_path: Path) -> None:
    """A run has its day; a rulebook needs one."""
    assert tally("explain", tmp_path, "--subject", "ada", *AS_OF).exit_code == 2


def test_somebody_named_only_later_is_not_said_to_be_unknown(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """Who is absent is told who would be there, and what may have hidden them."""
    path = tmp_path / "records.csv"
    path.write_text("at,subject,actor,kind\n2026-01-01,ada,ada,post\n2026-03-01,eve,eve,post\n", encoding="utf-8")
    result = tally("explain", rulebook, "--records", path, *AS_OF, "--subject", "eve")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no record up to 2026-01-31 is about anybody of that name" in result.stderr
    assert "2 rows of records read" in result.stderr


def test_inputs_that_a_run_has_no_need_of_are_not_passed_over_in_silence(
    tally: Tally, words: tuple[str, ...], tmp_path: Path
) -> None:
    """Nobody shall take a file for read that was not."""
    for name, more, why in (
        ("kept", (), "has kept its records"),
        ("bare", ("--no-records",), "nothing that was asked needs it"),
    ):
        assert tally("score", *words[1:-1], "--out", tmp_path / name, *more).exit_code == 0
        other = ("--records", "nowhere.csv", "--master", "local[2]")
        result = tally("explain", tmp_path / name, "--subject", "ada", *other)
        assert result.exit_code == 0
        assert "`--records` was not read" in result.stderr
        assert "`--master` was not read" in result.stderr
        assert why in result.stderr


@pytest.fixture
def everybody(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that explain everybody's score."""
    return (*words[:-1], "--all")


def test_everybody_is_explained_in_one_go(tally: Tally, words: tuple[str, ...], everybody: tuple[str, ...]) -> None:
    """`--all --format ndjson` gives one document a line, each what `--subject` gives, in the order of code points."""
    result = tally(*everybody, "--format", "ndjson", "--evidence")
    assert result.exit_code == 0, result.stderr
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["subject"] for each in documents] == ["\x1b[31m<b>|", "ada", "bob"]
    assert "\x1b" not in result.stdout
    for document in documents:
        one = tally(*words, document["subject"], "--format", "json", "--evidence")
        expected = json.loads(one.stdout)
        assert {**document, "computed_at": None} == {**expected, "computed_at": None}


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_everybody_can_be_read(tally: Tally, words: tuple[str, ...], everybody: tuple[str, ...], form: str) -> None:
    """`--all` as text or Markdown is everybody's explanation, one after another, an empty line between them."""
    result = tally(*everybody, "--format", form)
    assert result.exit_code == 0, result.stderr
    each = [tally(*words, name, "--format", form).stdout for name in ("\x1b[31m<b>|", "ada", "bob")]
    assert _without_clock(result.stdout) == _without_clock("\n".join(each))


def _without_clock(text: str) -> str:
    return re.sub(r"\d\d:\d\d:\d\d UTC", "", text)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--subject", "ada"), "`--subject` is about one person"),
        (("--could-change",), "`--could-change` is about one person"),
        (("--duty", "reg-b"), "`--duty` is about one person"),
        (("--format", "json"), "many JSON documents"),
        (("--format", "html"), "tally publish"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0] + value[-1],
)
def test_what_is_for_one_person_is_refused_for_all(
    tally: Tally, everybody: tuple[str, ...], given: tuple[str, ...], told: str
) -> None:
    """Options about one person do not go with `--all`: exit 2, with a way out, and nothing on stdout."""
    result = tally(*everybody, *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_somebody_has_to_be_named(tally: Tally, words: tuple[str, ...]) -> None:
    """With neither `--subject` nor `--all` nobody is explained, and the command says what to add."""
    result = tally(*words[:-1])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "`--all`" in result.stderr
