"""What `tally score` prints and sums up straight from the tables is what everybody's whole ledger says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, case_by, case_of, cases, cases_by
from hypothesis import given
from hypothesis import strategies as st
from ledgers.from_files import scored_from_files

from tallystick.cli import score_formats
from tallystick.cli.score_formats import CsvForm, Form, TableForm, Told, printed, told, told_in_brief
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.wide import wide_name
from tallystick.engine.scores_told import ScoreTold, totals
from tallystick.explain.summary import summarise
from tallystick.rules import read
from tallystick.rules.source import Source

SUBJECTS = """\
rulebook "Wealth" version 1.0.0
    owner "x"

subjects
    wealth number -999999999999999999999999 to 999999999999999999999999
"""
SCORE = """\
score "Wealth"
    sum of all rules
"""
RULE = """\
rule r{n} "Rule {n}"
    points wealth
    at least -{most}
    at most {most}
    because "It is told."
"""
RICH = f"""\
{SUBJECTS}
rule rich "Wealth"
    points wealth
    because "It is told."

{SCORE}
"""


def text(results: Iterable[Told] | Iterable[ScoreTold], form: Form, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what is printed of some results."""
    shown: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(score_formats, "put", shown.append)
        for _ in printed(results, form):
            pass
    return "".join(shown)


def hold(case: Case, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold what is told in brief of a case against its ledgers."""
    run = scored_from_files(case, here)
    for form in (CsvForm, TableForm):
        whole = text(told(run), form(run.rulebook), monkeypatch)
        assert text(told_in_brief(run), form(run.rulebook), monkeypatch) == whole
    assert summarise(run) == summarise(run, told(run))
    run.close()


@pytest.mark.parametrize("seed", [6, 11])
def test_in_brief_is_what_the_ledgers_say(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For random rulebooks and records both give the same CSV, the same table and the same summary."""
    hold(case_of(seed), tmp_path, monkeypatch)


def test_by_a_field_in_brief_is_what_the_ledgers_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where each person can have several scores."""
    hold(case_by(3, size=2), tmp_path, monkeypatch)


@pytest.mark.whole
@given(case=st.one_of(cases(by=False), cases_by()))
def test_in_brief_is_what_the_ledgers_say_of_many(case: Case) -> None:
    """The same for as many cases as the profile says."""
    with TemporaryDirectory() as here, pytest.MonkeyPatch.context() as monkeypatch:
        hold(case, Path(here), monkeypatch)


def test_a_sum_longer_than_the_database_s_numbers_is_exact() -> None:
    """What 300,000 people's greatest points come to has 30 digits before the point, and nothing is lost of them; nor
    where they are negative."""
    rulebook = accepted(RICH)
    each, people = "999999999999999999999999.123456789", 300_000
    with duckdb.connect() as connection:
        for table, column in (("scores", "'scored' AS outcome, NULL AS requirement, NULL AS band"), ("lines", "{}")):
            points = f"CAST('-{each}' AS DECIMAL(38, 9)) AS {quote_name('rich: points')}"
            made = connection.sql(f"SELECT {column.format(points)} FROM range({people})")  # noqa: S608  ours
            made.create(quote_name(wide_name(table)))
        found = totals(LedgerTables(connection, rulebook))
    assert found.points == {"rich": Decimal("-299999999999999999999999737037.0367")}
    assert found.sizes == {"rich": Decimal("299999999999999999999999737037.0367")}
    assert found.people == {("scored", None, None): people}


@pytest.mark.parametrize(("most", "queries"), [("999999999999999999999", [1_000, 200]), ("9", [600])])
def test_so_many_sums_are_asked_at_once_and_no_more(
    most: str, queries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database plans a query of sums in a time that grows with their square: those of 300 rules whose points are
    long come in two queries, and where they are short, there are half as many."""
    people, rules = 3, range(300)
    text = "\n".join([SUBJECTS, *(RULE.format(n=n, most=most) for n in rules), SCORE])
    rulebook, found = read(Source("many.tally", text))
    assert rulebook is not None, found
    asked: list[int] = []
    fetched = LedgerTables.fetched

    def counting(tables: LedgerTables, query: str) -> Iterator[tuple[object, ...]]:
        if quote_name(wide_name("lines")) in query:
            asked.append(query.count("sum("))
        return fetched(tables, query)

    monkeypatch.setattr(LedgerTables, "fetched", counting)
    with duckdb.connect() as connection:
        points = ", ".join(f"CAST(-{n} - 0.5 AS DECIMAL(38, 9)) AS {quote_name(f'r{n}: points')}" for n in rules)
        for table, columns in (
            ("scores", "'scored' AS outcome, NULL AS requirement, NULL AS band"),
            ("lines", points),
        ):
            made = connection.sql(f"SELECT {columns} FROM range({people})")  # noqa: S608  ours
            made.create(quote_name(wide_name(table)))
        sums = totals(LedgerTables(connection, rulebook))
    assert asked == queries
    assert sums.points == {f"r{n}": -people * (n + Decimal("0.5")) for n in rules}
    assert sums.sizes == {f"r{n}": people * (n + Decimal("0.5")) for n in rules}
