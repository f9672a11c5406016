"""Takes the command and a table in PostgreSQL; gives proof that a run made from it can be used like any other."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from ledgers import elsewhere_digest as by_digest
from ledgers.elsewhere_by_hand import COLUMNS, DAY, ROWS, SCORES, changed, files, records_file, told_alike
from ledgers.in_postgres import Server
from typer.testing import CliRunner, Result

from tallystick.cli.main import app
from tallystick.engine.elsewhere.postgres.address import table_address
from tallystick.engine.query.sql import quote_name
from tallystick.engine.scoring import score
from tallystick.rules import load

pytestmark = pytest.mark.whole
COMMUNITY = Path(__file__).parents[2] / "examples" / "community"


def _tally(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_run_from_a_table_can_be_verified_and_explained(server: Server, tmp_path: Path) -> None:
    """The run's folder holds what any does but for the records: it is explained, it verifies, with the table or a copy
    from the ground up; the receipt names the table and no password, and says that there is no digest of it."""
    with (COMMUNITY / "records.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    table = server.table(dict.fromkeys(heading, "text"), rows).replace("tally@", "tally:secret@")
    given = ("--subjects", COMMUNITY / "subjects.csv")
    words = ("score", COMMUNITY / "community.tally", *given, "--as-of", "2026-03-31")
    run, copy = tmp_path / "run", tmp_path / "copy"
    there = _tally(*words, "--engine", "postgres", "--records", table, "--out", run, "--format", "csv")
    here = _tally(*words, "--records", COMMUNITY / "records.csv", "--out", copy, "--format", "csv")
    assert (there.exit_code, here.exit_code) == (0, 0), there.stderr
    assert there.stdout == here.stdout
    for name in ("scores", "lines", "adjustments", "measures", "inputs", "accounts"):
        assert (run / f"{name}.parquet").read_bytes() == (copy / f"{name}.parquet").read_bytes(), name
    assert not (run / "records.parquet").exists()
    receipt = json.loads((run / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["engine"]["elsewhere"].startswith("PostgreSQL ")
    assert receipt["inputs"][0]["name"].startswith("postgresql://")
    assert receipt["inputs"][0]["sha256"] is None
    assert "secret" not in "".join(path.read_text() for path in run.glob("*.json")) + there.output
    records = ("--records", COMMUNITY / "records.csv", *given)
    assert _tally("verify", run).exit_code == 0
    for each in (records, ("--records", table, *given)):
        verified = _tally("verify", run, *each)
        assert verified.exit_code == 0, verified.stdout
        assert "Not checked: the replay" not in verified.stdout
    assert "65.3" in _tally("explain", run, "--subject", "ada").stdout
    assert _tally("explain", run, "--subject", "ada", "--evidence").exit_code == 2
    # Nobody can tell whether a copy is what the table was: evidence is to be had from a run over the copy.
    assert _tally("explain", run, "--subject", "ada", "--evidence", *records).exit_code == 1


def test_corrections_and_statements_go_with_a_table(server: Server, tmp_path: Path) -> None:
    """An error is put right without a write to the table: the corrected run is that of a file, its explanation tells of
    the corrections, and it verifies against the table and against a copy; of a run from a file the table gives the
    numbers again, and is told apart from the file."""
    with (COMMUNITY / "records.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    table = server.table(dict.fromkeys(heading, "text"), rows)
    given = ("--subjects", COMMUNITY / "subjects.csv", "--corrections", COMMUNITY / "corrections.csv")
    words = ("score", COMMUNITY / "community.tally", *given, "--as-of", "2026-03-31", "--format", "csv")
    said = ("--statements", COMMUNITY / "statements.csv")
    run, copy = tmp_path / "run", tmp_path / "copy"
    there = _tally(*words, *said, "--engine", "postgres", "--records", table, "--out", run)
    here = _tally(*words, *said, "--records", COMMUNITY / "records.csv", "--out", copy)
    assert (there.exit_code, here.exit_code) == (0, 0), there.stderr
    assert there.stdout == here.stdout
    assert "3  struck out by a correction" in there.stderr
    assert "holds none but those that were corrected" in " ".join(there.stderr.split())
    told = _tally("explain", run, "--subject", "jun").stdout
    assert "One person reported from several accounts." in " ".join(told.split())
    assert "What the score was without this cannot be told" in " ".join(told.split())
    for kept, records, code in ((run, table, 0), (run, COMMUNITY / "records.csv", 0), (copy, table, 1)):
        verified = _tally("verify", kept, "--records", records, *given)
        assert verified.exit_code == code, verified.output
        assert "The records give these numbers again" in verified.output
        assert ("is not given with the bytes" in verified.output) == (code == 1)


def test_a_copy_is_known_by_each_day_s_digest(server: Server, tmp_path: Path) -> None:
    """Records of every type have the digests in a table that they have in a file, so that a copy is known to be one: it
    gives evidence, and the run verifies from it. Of another file the first day that differs is named."""
    rules, copy, run = tmp_path / "rules.tally", by_digest.records_file(tmp_path / "copy.parquet"), tmp_path / "run"
    rules.write_text(by_digest.RULES, encoding="utf-8")
    table = server.table(dict(zip(by_digest.NAMES, by_digest.KINDS, strict=True)), by_digest.ROWS)
    as_of = ("--as-of", "2026-03-31", "--digest-records")
    there = _tally("score", rules, *as_of, "--engine", "postgres", "--records", table, "--out", run)
    assert there.exit_code == 0, there.output
    receipt, due = json.loads((run / "receipt.json").read_text(encoding="utf-8")), tmp_path / "due"
    assert _tally("score", rules, *as_of, "--records", copy, "--out", due).exit_code == 0
    assert receipt["record_digest"] == json.loads((due / "receipt.json").read_text(encoding="utf-8"))["record_digest"]
    assert [each["records"] for each in receipt["record_digest"]] == [1, 2, 2, 1]
    told = _tally("explain", run, "--subject", "bo", "--evidence", "--records", copy)
    assert told.exit_code == 0, told.output
    assert "THE RECORDS BEHIND THE LINES" in told.stdout
    assert _tally("verify", run, "--records", copy).exit_code == 0
    other = by_digest.records_file(tmp_path / "other.parquet", without=5)
    assert _tally("explain", run, "--subject", "bo", "--evidence", "--records", other).exit_code == 1
    differs = _tally("verify", run, "--records", other)
    assert differs.exit_code == 1
    assert "2026-03-03" in differs.output


def test_evidence_is_told_from_the_table(server: Server, tmp_path: Path) -> None:
    """Of one person, the records that matter come here: evidence, and the score without its corrections, are those of
    the run over a file, with pauses and a private field, and as they were worked out by hand. Of records that have
    changed since nothing is told."""
    rules, pauses, corrections = files(tmp_path)
    table, file = server.table(COLUMNS, ROWS), records_file(tmp_path / "records.csv")
    here, there = tmp_path / "here", tmp_path / "there"
    more = {"as_of": DAY, "pauses": pauses, "corrections": corrections}
    for given, out in ((file, here), (table, there)):
        run = score(load(rules), given, engine="duckdb" if given == file else "postgres", out=out, **more)  # type: ignore[arg-type]
        assert {each.score.subject: each.score.score for each in run.ledgers()} == SCORES
        run.close()
    told_alike(here, there, table)
    everybody = _tally("explain", there, "--all", "--format", "ndjson", "--evidence", "--records", table)
    assert everybody.exit_code == 2
    assert "only those of one person" in str(everybody.exception) + everybody.stderr
    name = quote_name(table_address(table, "records").table)
    server.run(f"INSERT INTO {name} VALUES (6, 'bo', 'ada', 'rating', '2026-03-31', 1)")  # noqa: S608  the test's own
    changed(there, table)
    refused = _tally("explain", there, "--subject", "bo", "--records", table)
    assert refused.exit_code == 1


def test_what_cannot_go_together_is_said_before_anything_runs(server: Server, tmp_path: Path) -> None:
    """Options of the embedded engine are refused by name with exit 2, and no folder is left behind."""
    table = server.table({"subject": "text"}, [])
    words = ("score", COMMUNITY / "community.tally", "--subjects", COMMUNITY / "subjects.csv", "--as-of", "2026-03-31")
    there = (*words, "--records", table, "--out", tmp_path / "run", "--engine", "postgres")
    for more, told in (
        (("--state", tmp_path / "state"), "--state"),
        (("--profile",), "--profile"),
        ((), "has no column"),
    ):
        refused = _tally(*there, *more)
        assert refused.exit_code == 2, (more, refused.output)
        assert told in str(refused.exception) + refused.output, more
    assert list(tmp_path.iterdir()) == []
