"""Takes the folders of two runs; checks what `tally why` says of their difference, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from left_alone import left_alone
from small_rulebook import SMALL
from typer.testing import CliRunner, Result

from tallystick.cli.main import app

Tally = Callable[..., Result]
RECORDS = "at,subject,actor,kind\n2026-01-01,ada,ada,post\n2026-01-02,ada,bob,share\n2026-01-03,bob,ada,share\n"
MORE = "2026-02-01,ada,ada,post\n2026-02-01,ada,bob,share\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Score January and February, once for this file."""
    here = tmp_path_factory.mktemp("runs")
    before, after = here / "january", here / "february"
    (here / "small.tally").write_text(SMALL, encoding="utf-8")
    (here / "records.csv").write_text(RECORDS + MORE, encoding="utf-8")
    for folder, day in ((before, "2026-01-31"), (after, "2026-02-28")):
        words = ["score", here / "small.tally", "--records", here / "records.csv", "--as-of", day, "--out", folder]
        made = CliRunner().invoke(app, [str(word) for word in words])
        assert made.exit_code == 0, made.stderr
    with left_alone(here):
        yield before, after


def test_one_person_s_difference_is_told(tally: Tally, runs: tuple[Path, Path]) -> None:
    """The text says by how much the score moved, by step; the JSON says the same, as its schema has it."""
    result = tally("why", *runs, "--subject", "ada")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "New records of what you did yourself" in result.stdout
    document = json.loads(tally("why", *runs, "--subject", "ada", "--format", "json").stdout)
    (person,) = document["people"]
    assert document["schema"] == "tallystick.change/1"
    parts = sum(Decimal(part["points"]) for part in person["parts"])
    assert parts == Decimal(person["points"]) == Decimal(person["after"]) - Decimal(person["before"])
    assert {part["step"] for part in person["parts"]} == {"own records", "other records"}
    assert {*document, "by", "band_alone"} == set(json.loads(tally("schema", "change").stdout)["properties"])


def test_everybody_is_told_together(tally: Tally, runs: tuple[Path, Path]) -> None:
    """`--all` gives totals that sum; as JSON it has everybody one by one."""
    result = tally("why", *runs, "--all", "--format", "markdown")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "## Step by step and rule by rule" in result.stdout
    document = json.loads(tally("why", *runs, "--all", "--format", "json").stdout)
    assert [person["subject"] for person in document["people"]] == ["ada", "bob"]
    total = sum(Decimal(person["points"] or 0) for person in document["people"])
    assert Decimal(document["summary"]["points"]) == total


def test_nobody_of_that_name_is_a_finding(tally: Tally, runs: tuple[Path, Path]) -> None:
    """Somebody in neither run: exit 1, said on stderr, nothing on stdout."""
    result = tally("why", *runs, "--subject", "zoe\x1b")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "neither run has a result for anybody called `zoe<U+001B>`" in result.stderr


def test_inputs_that_runs_have_no_need_of_are_not_passed_over_in_silence(tally: Tally, runs: tuple[Path, Path]) -> None:
    """Each file named beside a run that has kept its records is said not to be read; the answer is the same."""
    words = ("why", *runs, "--subject", "ada")
    result = tally(*words, "--records-before", "nowhere.csv", "--map-after", "nowhere.toml")
    assert (result.exit_code, result.stdout) == (0, tally(*words).stdout)
    for option in ("--records-before", "--map-after"):
        assert f"`{option}` was not read: the run has kept its records" in result.stderr


def test_runs_that_are_swapped_are_pointed_out(tally: Tally, runs: tuple[Path, Path]) -> None:
    """Where the run named first is of the later day, a note asks whether that is meant; else there is none."""
    assert "are they swapped?" in tally("why", *reversed(runs), "--subject", "ada").stderr
    assert "swapped" not in tally("why", *runs, "--subject", "ada").stderr


def test_one_person_or_everybody(tally: Tally, runs: tuple[Path, Path]) -> None:
    """Neither or both of `--subject` and `--all` is wrong usage."""
    for words in ((), ("--all", "--subject", "ada")):
        result = tally("why", *runs, *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "`--subject`" in result.stderr


def test_what_is_no_run_is_refused(tally: Tally, runs: tuple[Path, Path], tmp_path: Path) -> None:
    """A folder that is no run is named: exit 2."""
    result = tally("why", runs[0], tmp_path / "nowhere", "--all")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere" in result.stderr


def test_without_records_only_the_net_is_told(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """Runs written without records give the whole difference and a note; with the records, every step."""
    records = tmp_path / "r.csv"
    records.write_text(RECORDS + MORE, encoding="utf-8")
    runs = (tmp_path / "a", tmp_path / "b")
    for folder, day in zip(runs, ("2026-01-31", "2026-02-28"), strict=True):
        tally("score", rulebook, "--records", records, "--as-of", day, "--out", folder, "--no-records")
    result = tally("why", *runs, "--subject", "ada")
    assert result.exit_code == 0
    assert "Only the whole difference is known" in result.stdout
    assert "--records-before" in result.stderr
    given = ("--records-before", records, "--records-after", records)
    assert "Only the whole" not in tally("why", *runs, "--subject", "ada", *given).stdout
    records.write_text(RECORDS, encoding="utf-8")
    refused = tally("why", *runs, "--subject", "ada", *given)
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_records_are_not_asked_for_where_none_are_missing(
    tally: Tally, runs: tuple[Path, Path], rulebook: Path, tmp_path: Path
) -> None:
    """Where the earlier rules cannot read the later records, more records would not help: no note asks for them."""
    timed, records = tmp_path / "timed.tally", tmp_path / "timed.csv"
    rules = rulebook.read_text(encoding="utf-8").partition("\nexample")[0]
    timed.write_text(rules.replace("at      date", "at      time"), encoding="utf-8")
    records.write_text(re.sub(r"(?m)^(2\S{9}),", r"\1T12:00:00Z,", RECORDS + MORE), encoding="utf-8")
    words = ("score", timed, "--records", records, "--as-of", "2026-02-28", "--out", tmp_path / "timed")
    made = tally(*words)
    assert made.exit_code == 0, made.stderr
    result = tally("why", runs[0], tmp_path / "timed", "--all")
    assert "Only the whole difference is known" in result.stdout
    assert "--records-before" not in result.stderr


def test_who_was_removed_is_not_said_to_have_lost_a_score(
    tally: Tally, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    """Of whom a run does not name, from which somebody was removed since, `why` says that; it is no score lost."""
    before, after = runs = tuple(Path(shutil.copytree(each, tmp_path / each.name)) for each in runs)
    told = tally("why", *runs, "--subject", "ada").stdout + tally("why", *runs, "--all").stdout
    assert "removed" not in told
    assert tally("forget", "ada", after).exit_code == 0
    person = " ".join(tally("why", *runs, "--subject", "ada").stdout.split())
    assert "But somebody was removed from this run since it was made, and it does not say who: it may be you." in person
    everybody = " ".join(tally("why", *runs, "--all").stdout.split())
    assert "lost theirs" not in everybody
    assert "The later run does not name 1 person with a score in the earlier one." in everybody
    assert "1 person was removed from the later run since it was made; it does not say who." in everybody
    document = json.loads(tally("why", *runs, "--all", "--format", "json").stdout)
    assert (document["summary"]["lost"], document["summary"]["gone"]) == (0, 1)
    assert ("removed" in document["before"], document["after"]["removed"]) == (False, 1)
    assert tally("forget", "ada", before).exit_code == 0
    assert "somebody was removed from one run or both" in tally("why", *runs, "--subject", "ada").stderr
    assert "somebody was removed from the run" in tally("explain", before, "--subject", "ada").stderr
