"""A run given little memory keeps what is too much on the disk beside it, gives the same ledger, and leaves nothing."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from generators.accepted import accepted
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.engine import score, scoring
from tallystick.engine.memory import checked_limit
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.rules.rulebook import Rulebook

AS_OF = date(2026, 3, 1)
RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like
    at      date

measure fans "fan" / "fans"
    distinct actor of like

measure likes "like" / "likes"
    count like
    halving every 30 days

rule liked "People like it"
    points fans
    because "A fan is a fan."

rule lately "They like it now"
    points likes
    because "A like fades."

score "Likes"
    sum of all rules
"""
ROWS = 300_000
"""So many, with names of 60 letters, need more than the least memory."""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Read the rulebook."""
    return accepted(RULEBOOK)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write many records with long names."""
    path = tmp_path_factory.mktemp("records") / "likes.parquet"
    name = "repeat('{0}', 54) || lpad(CAST(i {1} AS VARCHAR), 6, '0')"
    columns = f"{name.format('s', '% 5003')} AS subject, {name.format('a', '')} AS actor, 'like' AS kind"
    with duckdb.connect() as connection:
        made = connection.sql(f"SELECT {columns}, DATE '2026-02-01' AS \"at\" FROM range({ROWS}) AS numbers (i)")  # noqa: S608  ours
        made.write_parquet(str(path))
    return path


def test_what_is_too_much_waits_beside_the_run(rulebook: Rulebook, records: Path, tmp_path: Path) -> None:
    """In the least memory part of the work lies in a hidden folder beside the run while it is made; the ledger is the
    same to the last bit, and when the run is closed nothing but its folder is there."""
    waiting: list[int] = []

    def watch(_doing: str, _rows: int) -> None:
        waiting.append(sum(each.stat().st_size for each in tmp_path.glob(".run.*.partial/spill/*")))

    with_much = score(rulebook, records, as_of=AS_OF)
    run = score(rulebook, records, as_of=AS_OF, out=tmp_path / "run", memory_limit="64MB", threads=1, progress=watch)
    assert max(waiting) > 0
    assert run.receipt.ledger_digest == with_much.receipt.ledger_digest
    assert run.receipt.counts == with_much.receipt.counts
    with_much.close()
    run.close()
    assert [each.name for each in tmp_path.iterdir()] == ["run"]
    assert not list(tmp_path.glob("run/.*"))


def test_too_little_memory_or_disk_is_refused(
    rulebook: Rulebook, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database cannot go on, the refusal names the limit and the remedy, and nothing is left behind."""

    def full(*_given: object, **_named: object) -> None:
        message = "Out of Memory Error: failed to offload data block"
        raise duckdb.OutOfMemoryException(message)

    monkeypatch.setattr(scoring, "run_ledger", full)
    with pytest.raises(DataRefusal, match="64MB of memory, and the room on the disk, are too little") as refused:
        score(rulebook, records, as_of=AS_OF, out=tmp_path / "run", memory_limit="64MB")
    assert "allow it more" in str(refused.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("given", ["500MB", "4GB", "64MB", "62MiB", "1TiB"])
def test_an_amount_is_a_whole_number_and_a_unit(given: str) -> None:
    """What is plainly an amount of memory is handed to the database as it stands."""
    assert checked_limit(given) == given


@pytest.mark.parametrize("given", ["", "500", "MB", "0MB", "-1GB", "1.5GB", "500 MB", "80%", "500mb", "1GB;", "１GB"])  # noqa: RUF001  digits of another script
def test_anything_else_is_refused(given: str) -> None:
    """What is not, or not plainly, an amount of memory is refused with how to write one."""
    with pytest.raises(UsageRefusal, match=re.escape(f"`{given}` is not an amount of memory")):
        checked_limit(given)


def test_less_than_the_least_is_refused_on_the_command_line(records: Path, tmp_path: Path) -> None:
    """Too small an amount is refused before anything is read, with what is enough."""
    path = tmp_path / "likes.tally"
    path.write_text(RULEBOOK, encoding="utf-8")
    words = ["score", str(path), "--records", str(records), "--as-of", "2026-03-01", "--memory-limit", "61MiB"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert "`61MiB` of memory are too little to work in" in done.output
    assert "give at least 64MB" in done.output
