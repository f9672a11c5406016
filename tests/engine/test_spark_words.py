"""Takes queries and requests for Spark; gives proof of what is written for it, and of what is refused before it is
started."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from tallystick.engine.elsewhere.dialects.script import NotInDialect, translated
from tallystick.engine.elsewhere.dialects.spark import SETTINGS, SPARK, quote_name, quote_text
from tallystick.engine.elsewhere.engines import engine_for
from tallystick.engine.elsewhere.readable import readable_elsewhere
from tallystick.engine.elsewhere.spark.connect import shown
from tallystick.engine.elsewhere.spark.session import open_spark
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.scoring import score
from tallystick.rules import load

ROOT = Path(__file__).parents[2]
TRUST = ROOT / "examples" / "trust"
AS_OF = date(2026, 7, 1)
RELATIONS = {"t": ("a", "b", "when"), "clock": ("since", "ahead")}


def _in_spark(query: str) -> str:
    return " ".join(translated(query, SPARK, RELATIONS).text.split())


def test_a_text_stays_itself_in_a_literal() -> None:
    """Neither a quote, nor a backslash, which begins an escape there, nor the end of a line changes a text."""
    assert quote_text(r"it's \' OR 1=1 --") == r"'it\'s \\\' OR 1=1 --'"
    assert quote_text("a\r\nb") == r"'a\r\nb'"
    assert quote_name("a`b") == "`a``b`"
    assert _in_spark(r"SELECT 'it''s \' AS x FROM t") == r"SELECT 'it\'s \\' AS `x` FROM `t`"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT DATE '2026-03-01' - DATE '0001-01-01' AS x FROM t", "739675 AS `x`"),
        ("SELECT TRY(a + b * 2) AS x FROM t", "try_add(`a`, try_multiply(`b`, 2)) AS `x`"),
        ("SELECT TRY(CAST(a AS DECIMAL(38, 9))) AS x FROM t", "TRY_CAST(`a` AS DECIMAL(38, 9)) AS `x`"),
        ("SELECT list_transform([{'x': a + 1}], lambda v: v.x * v.x)[1] AS x FROM t", "`v` -> `v`.`x` * `v`.`x`)[0]"),
        ("SELECT max_by(a, {'m': b, 'v': a}) AS x FROM t", "max_by(`a`, struct(`b`, `a`)) FILTER (WHERE `a` IS NOT"),
        ("SELECT row_number() OVER (ORDER BY a DESC, b) AS x FROM t", "ORDER BY `a` DESC NULLS LAST, `b` NULLS LAST"),
        ("SELECT t.* FROM t ASOF LEFT JOIN clock ON t.b >= clock.since", "lead(`since`) OVER (ORDER BY `since`)"),
        ("SELECT CAST(a AS TIMESTAMP) AS x FROM t", "CAST(`a` AS TIMESTAMP_NTZ)"),
    ],
    ids=["days", "try", "try cast", "let", "latest", "order", "as of", "moment"],
)
def test_what_differs_is_written_in_sparks_words(query: str, words: str) -> None:
    """Each of what Spark has no words for, or means otherwise by the same, is written so that it means the same."""
    assert words in _in_spark(query)


def test_a_star_after_using_names_a_column_once() -> None:
    """Of the columns by which a join goes, `*` gives one, as in DuckDB."""
    query = "SELECT * FROM t LEFT JOIN (SELECT since AS a, ahead FROM clock) AS c USING (a)"
    assert translated(query, SPARK, RELATIONS).columns == ("a", "b", "when", "ahead")


@pytest.mark.parametrize("query", ["SELECT sha256(a) FROM t", "SELECT date_trunc('week', a) FROM t", "SELECT * FROM u"])
def test_what_has_no_words_is_refused(query: str) -> None:
    """A function that nobody has looked at, or a table that nobody made, never reaches Spark."""
    with pytest.raises(NotInDialect, match="no words in Spark"):
        translated(query, SPARK, RELATIONS)


def test_the_script_sets_what_its_meaning_rests_on() -> None:
    """Who runs the script by hand has the settings first, without which Spark would drop places in silence."""
    script = readable_elsewhere(load(TRUST / "trust.tally"), "spark", AS_OF)
    begins = script.index("CREATE OR REPLACE")
    assert SETTINGS
    for name, value in SETTINGS.items():
        assert script.index(f"SET {name}={value};\n") < begins


def test_records_that_are_no_parquet_are_refused() -> None:
    """Spark is not started for files that it would read otherwise than we do."""
    with pytest.raises(UsageRefusal, match=r"reads records from Parquet files, and `.*ratings.csv` is none"):
        score(load(TRUST / "trust.tally"), TRUST / "ratings.csv", as_of=AS_OF, engine="spark")


def test_a_table_that_spark_knows_is_read_by_spark_alone() -> None:
    """A table by its name is Spark's to read, wherever a run is made again; without Spark, or beside other records, it
    is refused before anything is started."""
    assert engine_for("table:shop.events") == "spark"
    rules = load(TRUST / "trust.tally")
    with pytest.raises(UsageRefusal, match=r"lie in a database: table:shop\.events") as refused:
        score(rules, "table:shop.events", as_of=AS_OF)
    assert "--engine spark" in (refused.value.help or "")
    for other in ("table:b", TRUST / "ratings.csv"):
        with pytest.raises(UsageRefusal, match="`table:a` is given with other records"):
            score(rules, ["table:a", other], as_of=AS_OF, engine="spark")


def test_a_token_in_an_address_is_not_repeated() -> None:
    """What names a server of Spark Connect is said without what follows the host."""
    assert shown("sc://spark.example:15002/;token=secret;user_id=me") == "sc://spark.example:15002"
    assert shown("local[2]") == "local[2]"


def test_a_master_without_spark_is_refused() -> None:
    """Whoever says where Spark runs, and not that it is wanted, is told so."""
    with pytest.raises(UsageRefusal, match="Spark is not asked"):
        score(load(TRUST / "trust.tally"), TRUST / "ratings.csv", as_of=AS_OF, master="local[2]")


def test_where_spark_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the extra, the refusal says how to get it."""
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(UsageRefusal) as refused:
        open_spark("local[2]", tmp_path)
    assert refused.value.help == "install it with `pip install 'tallystick[spark]'`"
