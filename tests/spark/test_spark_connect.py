"""Takes a running Spark that is a server of Spark Connect, too; gives proof that tables which it knows by name are
scored as files are, and that what cannot be read ends the run at once."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import duckdb
import pytest
from ledgers import elsewhere_digest as by_digest
from ledgers.elsewhere_by_hand import DAY as RATED_ON
from ledgers.elsewhere_by_hand import SCORES, changed, files, records_file, told_alike

from tallystick.engine.elsewhere.spark.session import SparkHere
from tallystick.engine.query.sql import quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.scoring import score
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.records import GivenAgain
from tallystick.rules import load

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("spark")]
ROOT = Path(__file__).parents[2]
DAY = date(2026, 6, 29)


def test_a_table_is_read_by_its_name(spark: SparkHere, server: str, tmp_path: Path) -> None:
    """I3: a table that Spark knows gives the ledger of its file, on this machine and by Spark Connect; the receipt
    names it. The run is verified from it where Spark is said to run."""
    rules = load(ROOT / "benchmarks" / "reference_job.tally")
    given = tmp_path / "records.parquet"
    made = (ROOT / "benchmarks" / "records.sql").read_text(encoding="utf-8")
    made = made.replace("$rows", "2000").replace("$people", "20")
    duckdb.sql(f"COPY ({made}) TO {quote_text(str(given))} (FORMAT parquet)")
    spark.rows("CREATE DATABASE the_shop")
    spark.rows(f"CREATE TABLE the_shop.events USING parquet AS SELECT * FROM parquet.`{given}`")  # noqa: S608  ours
    here = score(rules, given, as_of=DAY)
    table = "table:the_shop.events"
    for master in (None, server):
        out = tmp_path / ("here" if master is None else "there")
        run = score(rules, table, as_of=DAY, engine="spark", master=master, out=out)
        assert run.receipt.ledger_digest == here.receipt.ledger_digest
        assert [(each.name, each.rows, each.sha256) for each in run.receipt.inputs] == [(table, 2000, None)]
        run.close()
        found = verify(out, given=GivenAgain([table], master=master))
        assert found.agrees
        assert {each.name: each.outcome for each in found.checks}["replay"] == "agrees"
    here.close()


def test_each_day_has_the_digest_of_its_file(tmp_path: Path) -> None:
    """Records of every type have the digests in Spark that they have here."""
    rules, file = tmp_path / "rules.tally", by_digest.records_file(tmp_path / "records.parquet")
    rules.write_text(by_digest.RULES, encoding="utf-8")
    here, there = (
        score(load(rules), file, as_of=DAY, digest_records=True, engine=engine) for engine in ("duckdb", "spark")
    )
    assert there.receipt.record_digest == here.receipt.record_digest
    assert here.receipt.record_digest is not None
    assert [each.records for each in here.receipt.record_digest] == [1, 2, 2, 1]
    here.close()
    there.close()


def test_evidence_is_told_from_the_table(spark: SparkHere, server: str, tmp_path: Path) -> None:
    """Of one person, the records that matter come here, on this machine and by Spark Connect: evidence, and the score
    without its corrections, are those of the run over a file, with pauses and a private field, and as they were worked
    out by hand. Of records that have changed since nothing is told."""
    rules, pauses, corrections = files(tmp_path)
    file, table = records_file(tmp_path / "records.parquet"), "table:rated.ratings"
    spark.rows("CREATE DATABASE rated")
    spark.rows(f"CREATE TABLE rated.ratings USING parquet AS SELECT * FROM parquet.`{file}`")  # noqa: S608  ours
    here, there = tmp_path / "here", tmp_path / "there"
    for given, out in ((file, here), (table, there)):
        engine = "duckdb" if given == file else "spark"
        run = score(load(rules), given, as_of=RATED_ON, pauses=pauses, corrections=corrections, engine=engine, out=out)
        assert {each.score.subject: each.score.score for each in run.ledgers()} == SCORES
        run.close()
    told_alike(here, there, table)
    told_alike(here, there, table, server)
    spark.rows("INSERT INTO rated.ratings VALUES (6, 'bo', 'ada', 'rating', DATE '2026-03-31', 1)")
    changed(there, table)


def test_what_cannot_be_read_is_refused_by_name(server: str) -> None:
    """A table that Spark does not know, and a server that is not there, end the run at once and say why; a token is not
    repeated."""
    rules = load(ROOT / "benchmarks" / "reference_job.tally")
    for master in (None, server):
        with pytest.raises(DataRefusal, match=r"`nowhere`\.`events` cannot be found"):
            score(rules, "table:nowhere.events", as_of=DAY, engine="spark", master=master)
    began = time.monotonic()
    with pytest.raises(UsageRefusal, match=r"cannot be reached at `sc://127\.0\.0\.1:1`") as refused:
        score(rules, "table:a", as_of=DAY, engine="spark", master="sc://127.0.0.1:1/;token=secret")
    assert "secret" not in str(refused.value)
    assert time.monotonic() - began < 30
