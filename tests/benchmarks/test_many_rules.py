"""The rulebook of many rules, which the bench reads, is a rulebook, and the engine takes it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest
from benchmarks.many_rules import many_rules
from generators.accepted import accepted
from ledgers.in_duckdb import in_duckdb

from tallystick.engine import score
from tallystick.engine.intake.reading import Row
from tallystick.engine.ledger_columns import check_ledger
from tallystick.engine.query.ledger_rows import ledger_views
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.wide import wide_name
from tallystick.engine.reference import refer
from tallystick.engine.refusals import DataRefusal
from tallystick.rules.rulebook import Rulebook

AS_OF = date(2026, 6, 29)


@pytest.mark.parametrize("rules", [1, 60])
def test_a_rulebook_of_so_many_rules_is_checked(rules: int) -> None:
    """It has as many rules as were asked for, and no mistake."""
    assert len(_rulebook(rules).rules) == rules


@pytest.mark.parametrize("rules", [60, pytest.param(1_000, marks=pytest.mark.whole)])
def test_so_many_rules_give_the_ledger_of_the_reference(rules: int) -> None:
    """No query is too deep for the database, and everybody's ledger is the reference's, however the measures are
    joined."""
    rulebook, rows = _rulebook(rules), tuple(_records(400))
    reference = list(refer(rulebook, rows, (), AS_OF).ledgers())
    run = in_duckdb(rulebook, rows, (), AS_OF)
    try:
        assert sum(len(each.steps) for each in reference) > rules
        assert list(run.ledgers()) == reference
    finally:
        run.close()


@pytest.mark.whole
def test_a_thousand_measures_that_fade_give_the_ledger_of_the_reference(tmp_path: Path) -> None:
    """They are a query of more parts within each other than the database takes unless it is told to."""
    head = many_rules(1).split("measure", maxsplit=1)[0]
    fading = "".join(
        f'measure m{n} "unit" / "units"\n    sum size of act{n % 40}\n    halving every 30 days\n' for n in range(1_000)
    )
    rule = 'rule r "Rule"\n    points m999\n    because "Somebody took the trouble."\n'
    rulebook = accepted(f'{head}{fading}{rule}score "Total"\n    sum of all rules\n')
    rows = tuple(_records(200))
    lines = [
        f"{subject},{actor},{kind},{moment:%Y-%m-%dT%H:%M:%SZ},{size}" for subject, actor, kind, moment, size in rows
    ]
    records = tmp_path / "records.csv"
    records.write_text("\n".join(["subject,actor,kind,at,size", *lines]), encoding="utf-8")
    with closing(score(rulebook, records, as_of=AS_OF)) as run:
        assert list(run.ledgers()) == list(refer(rulebook, rows, (), AS_OF).ledgers())


def test_a_ledger_of_thousands_of_columns_is_known_again() -> None:
    """The database describes more than 2,048 columns in no order; they are held to the ledger's in theirs."""
    rulebook = _rulebook(600)
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    for table in ledger_views(plan(rulebook)).wide.tables.values():
        columns = ", ".join(["subject VARCHAR", *(f"{each.name} {each.type}" for each in table.columns)])
        connection.execute(f"CREATE TABLE {quote_name(wide_name(table.name))} ({columns})")
    assert max(len(each.columns) for each in ledger_views(plan(rulebook)).wide.tables.values()) > 2_048
    check_ledger(connection, rulebook)
    connection.execute(f"ALTER TABLE {quote_name(wide_name('lines'))} RENAME COLUMN subject TO person")
    with pytest.raises(DataRefusal, match="`lines` has other columns"):
        check_ledger(connection, rulebook)


def _rulebook(rules: int) -> Rulebook:
    return accepted(many_rules(rules))


def _records(number: int) -> list[Row]:
    """Return records in the order of the fields: subject, actor, kind, moment, size."""
    draw = Random(7)  # noqa: S311  no secret
    begin = datetime(2026, 1, 1, 12, tzinfo=UTC)
    return [
        (
            f"person {draw.randrange(3)}",
            draw.choice(["ann", "bob", "cyd", "crawler[bot]"]),
            f"act{draw.randrange(40)}",
            begin + timedelta(days=draw.randrange(179), hours=draw.randrange(9)),
            Decimal(draw.randrange(0, 120)),
        )
        for _ in range(number)
    ]
