"""Takes the compiled query; gives proof that it is put into another database's words whole, or refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from generators.accepted import accepted
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.elsewhere.dialects.postgres import POSTGRES, quote_list, quote_name
from tallystick.engine.elsewhere.dialects.script import Dialect, NotInDialect, translated
from tallystick.engine.elsewhere.dialects.spark import SPARK
from tallystick.engine.elsewhere.postgres.address import table_address
from tallystick.engine.elsewhere.readable import DialectName, readable_elsewhere
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules import load

ROOT = Path(__file__).parents[2]
RELATIONS = {"t": ("a", "b", "at"), "k": ("a", "b")}
SMALL = """\
rulebook "Small" version 1.0.0
records
    subject text
    actor   text
    kind    one of post, share
    at      time
exclude own "your own"
    when actor = subject and kind = share
measure sharers "person" / "people"
    distinct actor of share
    halving every 2 days
    within 3 days
rule sharers "Shares"
    points sharers
score "Small"
    sum of all rules
"""


@pytest.mark.parametrize(
    ("query", "lacking"),
    [
        ("SELECT levenshtein(a, b) AS c FROM t", "`Levenshtein`"),
        ("SELECT md5(a) AS c FROM t", "`MD5`"),
        ("SELECT no_such_function(a) AS c FROM t", "`no_such_function`"),
        ("SELECT a FROM read_csv('/etc/passwd')", "to read from"),
        ("SELECT a FROM elsewhere.t", "to read from"),
        ("SELECT a FROM not_there", "to read from"),
        ("SELECT CAST(a AS HUGEINT) AS c FROM t", "the type"),
        ("SELECT CAST(a AS DOUBLE[]) AS c FROM t", "the type"),
        ("SELECT a FROM t FULL JOIN k ON t.a = k.a", "the join"),
        ("SELECT a FROM t LIMIT 3", "`limit`"),
        ("SELECT a FROM t GROUP BY ALL HAVING count(*) > 1", "`having`"),
        ("SELECT [a] AS c FROM t", "`Array`"),
        ("SELECT sum(DISTINCT a) AS c FROM t", "`Distinct`"),
        ("SELECT a / b AS c FROM t", "`Div`"),
        ("SELECT a FROM t INTERSECT SELECT a FROM k", "the query `Intersect`"),
    ],
)
@pytest.mark.parametrize("dialect", [POSTGRES, SPARK], ids=["postgres", "spark"])
def test_what_has_no_words_is_refused_by_name(dialect: Dialect, query: str, lacking: str) -> None:
    """A function, type, join or clause that is not known to mean alike is never passed on."""
    with pytest.raises(NotInDialect) as refused:
        translated(query, dialect, RELATIONS)
    assert lacking in str(refused.value)
    assert dialect.title in str(refused.value)


def test_what_only_duckdb_has_is_written_as_all_have_it() -> None:
    """Stars get their columns, unions by name their order, and `GROUP BY ALL` its keys."""
    query = "SELECT * EXCLUDE (b) REPLACE (1 AS at), count(*) AS n FROM t GROUP BY ALL"
    found = translated(query, POSTGRES, RELATIONS)
    assert found.columns == ("a", "at", "n")
    assert " ".join(found.text.split()) == 'SELECT "a", 1 AS "at", count(*) AS "n" FROM "t" GROUP BY 1, 2'
    both = translated("SELECT a, b FROM k UNION ALL BY NAME SELECT b, a FROM k", POSTGRES, RELATIONS)
    assert both.columns == ("a", "b")
    assert " ".join(both.text.split()).endswith('SELECT "a", "b" FROM ( SELECT "b", "a" FROM "k" ) AS "query 1"')
    semi = translated("SELECT x.* FROM k AS x ANTI JOIN t ON t.a = x.a", POSTGRES, RELATIONS)
    assert 'WHERE NOT EXISTS (SELECT 1 FROM "t" WHERE "t"."a" = "x"."a")' in semi.text


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
def test_examples_have_words_in_every_dialect(dialect: DialectName) -> None:
    """The query of every kind of example can be had in every dialect."""
    for name in ("community", "maintainers", "trust"):
        script = readable_elsewhere(load(ROOT / "examples" / name / f"{name}.tally"), dialect)
        assert "records in play" in script
        assert "getvariable" not in script


def test_the_script_for_postgresql(snapshot: SnapshotAssertion) -> None:
    """What an auditor runs by hand is readable: each step has its comment, each weight stands in it."""
    rulebook = accepted(SMALL)
    assert readable_elsewhere(rulebook, "postgres", date(2026, 3, 31)) == snapshot


def test_names_and_texts_cannot_end_their_quotes() -> None:
    """Quotes and backslashes of others stay inside what they are written in; long names do not become one."""
    assert quote_name('a"; DROP TABLE t; --') == '"a""; DROP TABLE t; --"'
    assert quote_list(["a\"b\\c'd", None, "NULL", ""], "text") == (
        'CAST(\'{"a\\"b\\\\c\'\'d",NULL,"NULL",""}\' AS text[])'
    )
    with pytest.raises(UsageRefusal, match="NUL"):
        quote_list(["a\0b"], "text")
    long = [quote_name("é" * 40 + end) for end in "ab"]
    assert len(set(long)) == 2
    assert all(len(each.encode()) <= 65 for each in long)
    spark = translated("SELECT 'a\\b''c' AS \"x`y\" FROM t", SPARK, RELATIONS)
    assert spark.text.split() == ["SELECT", "'a\\\\b\\'c'", "AS", "`x``y`", "FROM", "`t`"]


def test_an_address_is_read_and_never_shows_a_password() -> None:
    """Host, database and table are shown; user and password are not, not even where the address is wrong."""
    found = table_address("postgresql://me:se%40cret@db.example:5433/app?table=public.events&timeout=30", "records")
    assert (found.schema, found.table, found.timeout) == ("public", "events", 30)
    assert found.shown == "postgresql://db.example:5433/app public.events"
    assert "se" not in found.shown.replace("events", "")
    assert "cret" not in repr(found)
    dotted = table_address("postgresql:///app?host=/run/pg&schema=a.b&table=c.d", "records")
    assert (dotted.schema, dotted.table, dotted.shown) == ("a.b", "c.d", "postgresql:///run/pg/app a.b.c.d")
    for wrong in (
        "postgresql://me:secret@db/\udcff?table=x",
        "postgresql://me:secret@db/app",
        "postgresql://me:secret@db/app?table=x&timeout=soon",
    ):
        with pytest.raises(UsageRefusal) as refused:
            table_address(wrong, "records")
        assert "secret" not in str(refused.value)
