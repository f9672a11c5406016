"""Takes runs and a name; checks what `tally forget` says, and what it leaves alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from left_alone import left_alone
from typer.testing import CliRunner, Result

from tallystick.cli.main import app

Tally = Callable[..., Result]


@pytest.fixture
def run(tally: Tally, rulebook: Path, tmp_path: Path) -> Path:
    """Score two people, of whom bob shared what ada posted."""
    records = tmp_path / "records.csv"
    records.write_text(
        "at,subject,actor,kind\n2026-01-02,ada,ada,post\n2026-01-03,ada,bob,share\n2026-01-03,bob,bob,post\n",
        encoding="utf-8",
    )
    made = tally("score", rulebook, "--records", records, "--as-of", "2026-01-31", "--out", tmp_path / "run")
    assert made.exit_code == 0, made.stderr
    return tmp_path / "run"


def test_it_says_what_is_gone_and_what_is_left_to_do(tally: Tally, run: Path) -> None:
    """How many records went, where the name was replaced, and that published sites are to be published again; the check
    of the run says that somebody was removed, and on which day."""
    result = tally("forget", "bob", run, "--on", "2026-02-01")
    assert result.exit_code == 0, result.stderr
    assert "their ledger and 1 record about them are gone" in result.stdout
    assert "in 1 record about others, (removed 1) stands in place of the name" in result.stdout
    assert "publish them again" in result.stderr
    assert "bob" not in result.stdout
    checked = json.loads(tally("verify", run, "--format", "json").stdout)
    assert checked["agrees"] is True
    assert checked["runs"][0]["forgotten"] == ["2026-02-01"]
    assert tally("explain", run, "--subject", "bob").exit_code == 1
    assert "(removed 1)" in tally("explain", run, "--subject", "ada", "--evidence").stdout


def test_a_name_in_the_rulebook_is_told(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """The rulebook stays as it is, since the receipt holds its text; so whoever owns it has to know."""
    text = rulebook.read_text(encoding="utf-8")
    assert '"bob"' not in text
    rulebook.write_text(re.sub('owner ".*"', 'owner "bob"', text), encoding="utf-8")
    (tmp_path / "r.csv").write_text(
        "at,subject,actor,kind\n2026-01-02,ada,bob,share\n2026-01-02,ada,zoe,share\n", encoding="utf-8"
    )
    words = ("--records", tmp_path / "r.csv", "--as-of", "2026-01-31", "--out", tmp_path / "run")
    assert tally("score", rulebook, *words).exit_code == 0
    told = tally("forget", "bob", tmp_path / "run").stdout
    assert "the name stands in the rulebook, too, which was left as it is" in told
    assert 'owner "bob"' in (tmp_path / "run" / "rulebook.tally").read_text(encoding="utf-8")
    assert "stands in the rulebook" not in tally("forget", "zoe", tmp_path / "run").stdout


def test_what_cannot_be_done_changes_nothing(tally: Tally, run: Path) -> None:
    """No run, no name, no day: exit 2; nobody of that name: exit 1; and every byte stays."""
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    for words in (("ada", run, "nowhere"), ("", run), ("ada", run, "--on", "today")):
        assert tally("forget", *words).exit_code == 2, words
    swapped = tally("forget", run, "ada")
    assert (swapped.exit_code, swapped.stdout) == (2, "")
    assert f"help: the person comes first: write `tally forget ada {run}`" in swapped.stderr
    assert tally("forget", "zoe", run).exit_code == 1
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


@pytest.mark.parametrize("kept", [(), ("--no-records",)], ids=["kept", "not kept"])
def test_whose_record_was_taken_from_somebody_removed_is_still_explained(
    tally: Tally, kept: tuple[str, ...], tmp_path: Path
) -> None:
    """A correction moved a record from jun to olga. With jun removed, olga's explanation and page still tell of it, as
    far as the run still has it; what the score was before is not told."""
    community, out = Path(__file__).parents[2] / "examples" / "community", tmp_path / "run"
    given = ("--records", community / "records.csv", "--subjects", community / "subjects.csv")
    words = (*given, "--corrections", community / "corrections.csv", "--as-of", "2026-03-31", "--out", out)
    assert tally("score", community / "community.tally", *words, *kept).exit_code == 0
    assert tally("forget", "jun", out).exit_code == 0
    told = tally("explain", out, "--subject", "olga")
    assert told.exit_code == 0, told.stderr
    assert "The report was about another member's post." in " ".join(told.stdout.split())
    assert "What the score was without this cannot be told" in " ".join(told.stdout.split())
    assert "jun" not in told.stdout
    assert tally("publish", out, "--out", tmp_path / "site").exit_code == 0


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Score the community example with its corrections, once for this file; copies of it are tried."""
    given, folder = Path(__file__).parents[2] / "examples" / "community", tmp_path_factory.mktemp("corrected") / "run"
    words = ["score", given / "community.tally", "--as-of", "2026-03-31", "--out", folder]
    words += [word for name in ("records", "subjects", "corrections") for word in (f"--{name}", given / f"{name}.csv")]
    made = CliRunner().invoke(app, [str(word) for word in words])
    assert made.exit_code == 0, made.stderr
    with left_alone(folder):
        yield folder


@pytest.mark.parametrize(("removed", "left"), [("jun", "olga"), ("olga", "jun")])
def test_what_a_removed_person_s_record_said_is_not_called_unknown(
    tally: Tally, removed: str, left: str, corrected: Path, tmp_path: Path
) -> None:
    """A correction moved a record from jun to olga. With either removed, the other reads that it was moved; of what
    else the record said, which is gone, nobody reads that it was not known, or is not known now."""
    out = shutil.copytree(corrected, tmp_path / "run")
    assert tally("forget", removed, out).exit_code == 0
    told = tally("explain", out, "--subject", left).stdout
    corrected = told[told.index("WHAT WAS CORRECTED") : told.index("ABOUT THIS SCORE")]
    moved = [line for line in corrected.splitlines() if "it was" in line and "now it is" in line]
    names = {"jun": '"(removed 1)", now it is "olga"', "olga": '"jun", now it is "(removed 1)"'}
    assert moved == [f"  - Subject: it was {names[removed]}."]
    assert "not known" not in corrected


def test_a_run_whose_records_went_with_somebody_is_not_said_to_be_written_without(tally: Tally, tmp_path: Path) -> None:
    """Others' numbers rest on a favour that hana returned, so the run keeps no records: the check says that it has not
    kept them, and so does who asks for what lies between."""
    community, out = Path(__file__).parents[2] / "examples" / "community", tmp_path / "run"
    given = ("--records", community / "records.csv", "--subjects", community / "subjects.csv", "--as-of", "2026-03-31")
    assert tally("score", community / "community.tally", *given, "--out", out).exit_code == 0
    shutil.copytree(out, tmp_path / "before")
    assert "the run keeps none" in tally("forget", "hana", out).stdout
    told = " ".join(tally("verify", out).stdout.split())
    assert "the replay from the records. The run has not kept its records: give them with `--records`." in told
    why = tally("why", tmp_path / "before", out, "--all")
    assert "has not kept its records" in " ".join(why.stdout.split())
    assert "records that a run has not kept can be given" in why.stderr
