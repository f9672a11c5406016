"""Takes a running Spark; gives proof that numbers and texts in a session of ours are what they are in DuckDB."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tallystick.engine import arithmetic
from tallystick.engine.elsewhere.dialects.spark import quote_text
from tallystick.engine.elsewhere.readable import readable_elsewhere
from tallystick.engine.elsewhere.spark.functions import register
from tallystick.engine.elsewhere.spark.session import SparkHere, open_spark
from tallystick.engine.refusals import DataRefusal
from tallystick.rules import load

pytestmark = pytest.mark.whole
WIDE, NARROW = "CAST('12345678901234567890123456789.123456789' AS DECIMAL(38, 9))", "CAST(1 AS DECIMAL(38, 0))"
PLACES = {
    "a product": ("CAST('1.123456789' AS DECIMAL(38, 9)) * CAST('0.5' AS DECIMAL(10, 9))", "0.5617283945"),
    "a case": (f"CASE WHEN true THEN {WIDE} ELSE {NARROW} END", "12345678901234567890123456789.123456789"),
    "a value for a missing one": (f"coalesce({WIDE}, {NARROW})", "12345678901234567890123456789.123456789"),
    "a sum": (f"{WIDE} + CAST('0.000000001' AS DECIMAL(38, 9))", "12345678901234567890123456789.12345679"),
    "the greater": ("greatest(CAST('1.5' AS DECIMAL(38, 9)), CAST(1 AS DECIMAL(38, 2)))", "1.5"),
    "a rounding, half away from zero": ("CAST(CAST('-2.5' AS DECIMAL(38, 9)) AS DECIMAL(29, 0))", "-3"),
}


@pytest.mark.parametrize("what", sorted(PLACES))
def test_no_place_is_dropped(spark: SparkHere, what: str) -> None:
    """Where two kinds of number meet, all their places stay."""
    query, expected = PLACES[what]
    assert spark.rows(f"SELECT {query}") == [(Decimal(expected),)]


def test_a_comparison_sees_every_place(spark: SparkHere) -> None:
    """What lies between two numbers of two places is less than the greater: neither is rounded before."""
    compared = "CAST('10.005' AS DECIMAL(38, 9)) >= limit FROM VALUES (CAST('10.01' AS DECIMAL(38, 2))) AS t(limit)"
    assert spark.rows(f"SELECT {compared}") == [(False,)]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT {WIDE} * 100",
        f"SELECT sum(x) FROM VALUES ({WIDE}), (CAST('99999999999999999999999999999' AS DECIMAL(38, 9))) AS t(x)",  # noqa: S608  a query of the test's own
        "SELECT sum(x) FROM VALUES (9223372036854775807), (1) AS t(x)",
        f"SELECT CAST({WIDE} AS DECIMAL(18, 9))",
    ],
    ids=["product", "sum of decimals", "sum of whole numbers", "cast"],
)
def test_what_does_not_fit_is_an_error(spark: SparkHere, query: str) -> None:
    """A number that its type cannot hold ends the run; it is never missing, and never what fits of it."""
    with pytest.raises(DataRefusal, match=r"OUT_OF_RANGE|OVERFLOW"):
        spark.rows(query)


@pytest.mark.parametrize(
    "text", ["it's", "a\\nb", "a\nb", "${spark.master}", "`", "\\", "😀", "\u2028", 'a"b', "--", "/*+ x */"]
)
def test_a_text_comes_back_as_it_was(spark: SparkHere, text: str) -> None:
    """Whatever stands in a text, Spark reads it as itself."""
    assert spark.rows(f"SELECT {quote_text(text)}, char_length({quote_text(text)})") == [(text, len(text))]


def test_texts_are_ordered_by_code_points(spark: SparkHere) -> None:
    """Which text comes first does not depend on a language."""
    texts = ["Z", "a", "é", "\uffff", "😀"]
    rows = spark.rows(
        f"SELECT * FROM VALUES {', '.join(f'({quote_text(each)})' for each in reversed(texts))} ORDER BY 1"  # noqa: S608  a query of the test's own
    )
    assert [text for (text,) in rows] == texts


def test_functions_are_ours(spark: SparkHere) -> None:
    """Quotients, products, roots and logarithms of records are the true values, rounded once; missing where there is
    none."""
    register(spark.session)
    row = spark.rows(
        "SELECT long_quotient(2, 3), quotient(-1, 3), long_product(12345678901234.123456789, 0.333333333), "
        "square_root(2), natural_log(2), common_log(2), exponential(1), complementary_error(0.5), "
        "long_quotient(1, 0), natural_log(0), square_root(-1), exponential(21), long_product(NULL, 1)"
    )[0]
    product = arithmetic.multiply(Decimal("12345678901234.123456789"), Decimal("0.333333333"))
    found = ("0.666666667", "-0.333333333", str(product), "1.414213562", "0.693147181", "0.301029996", "2.718281828")
    assert row == (*map(Decimal, found), Decimal("0.479500122"), None, None, None, None, None)


def test_the_script_runs_by_hand(spark: SparkHere) -> None:
    """What `tally sql --dialect spark` prints is understood by Spark from the top to the end, and gives rows."""
    rules = load(Path(__file__).parents[2] / "examples" / "community" / "community.tally")
    register(spark.session)
    given: list[int] = []
    for statement in readable_elsewhere(rules, "spark", date(2026, 3, 31)).split(";\n"):
        if not statement.strip():
            continue
        frame = spark.session.sql(statement)
        if statement.startswith("SELECT"):
            given.append(len(frame.columns))
    assert len(given) > 3
    assert min(given) > 1


def test_a_session_of_ones_own_stays_as_it_is(spark: SparkHere, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who has a Spark already finds its settings and views as they were, and Spark running."""
    theirs = spark.session
    theirs.conf.set("spark.sql.session.timeZone", "Europe/Berlin")
    ours = open_spark("local[2]", tmp_path_factory.mktemp("ours"))
    ours.name("SELECT 1 AS x", "ours alone")
    assert ours.session.conf.get("spark.sql.session.timeZone") == "UTC"
    ours.close()
    assert theirs.conf.get("spark.sql.session.timeZone") == "Europe/Berlin"
    assert not theirs.catalog.tableExists("`ours alone`")
    assert theirs.sql("SELECT 1").collect()[0][0] == 1
    theirs.conf.set("spark.sql.session.timeZone", "UTC")
