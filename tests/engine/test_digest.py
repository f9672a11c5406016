"""The ledger's digest notices any change of any cell, and is the same from the database and from rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from generators.accepted import accepted
from generators.rulebooks import case_of, scored
from ledgers.in_duckdb import in_duckdb
from msgspec.structs import replace

from tallystick.engine.digest import digest_of, ledger_digest, weight
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query import counted as sql_counted
from tallystick.engine.query import people as sql_people
from tallystick.engine.query import rounding as sql_rounding
from tallystick.engine.reference import refer

SEEDS = (2, 6, 11)
LONG = """\
rulebook "Wealth" version 1.0.0
    owner "x"

subjects
    wealth number -100000000000000000000 to 100000000000000000000 optional

rule rich "Wealth"
    when wealth is not missing
    points wealth
    because "It is told."

score "Wealth"
    sum of all rules
"""


def changed(ledger: SubjectLedger) -> Iterator[SubjectLedger]:
    """Give a person's ledger with one cell changed, for each cell of each row but the person's name."""
    for part in ledger.__struct_fields__:
        rows = getattr(ledger, part)
        for place, row in enumerate(rows if isinstance(rows, tuple) else (rows,)):
            for cell in row.__struct_fields__:
                if cell != "subject":
                    value = getattr(row, cell)
                    other = f"{value}x" if isinstance(value, str) else Decimal(1) if value is None else value + 1
                    new = replace(row, **{cell: other})
                    whole = (*rows[:place], new, *rows[place + 1 :]) if isinstance(rows, tuple) else new
                    yield replace(ledger, **{part: whole})


def with_two_points(seed: int) -> list[SubjectLedger]:
    """Return the ledgers of a case whose first two lines differ in points; of people with the same lines only one."""
    found = [each for each in scored(case_of(seed)).ledgers() if len({line.points for line in each.lines[:2]}) > 1]
    return list({tuple((line.rule, line.points) for line in each.lines): each for each in found}.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_each_cell_is_noticed(seed: int) -> None:
    """Whatever cell of whatever row is another, the digest is another."""
    ledgers = list(scored(case_of(seed)).ledgers())
    before = digest_of(ledgers)
    others = [[*ledgers[:i], other, *ledgers[i + 1 :]] for i, each in enumerate(ledgers) for other in changed(each)]
    assert len(others) > 50
    for other in others:
        assert digest_of(other) != before


@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_that_goes_is_noticed(seed: int) -> None:
    """A row less, even one of zeros alone, gives another digest."""
    ledgers = list(scored(case_of(seed)).ledgers())
    before = digest_of(ledgers)
    for place, ledger in enumerate(ledgers):
        for part in ledger.__struct_fields__:
            rows = getattr(ledger, part)
            if isinstance(rows, tuple) and rows:
                fewer = replace(ledger, **{part: rows[1:]})
                assert digest_of([*ledgers[:place], fewer, *ledgers[place + 1 :]]) != before


def test_cells_that_change_places_are_noticed() -> None:
    """Points that stand with another person's name or under another rule give another digest; rows in another order
    do not."""
    ledgers = next(found for seed in range(100) if len(found := with_two_points(seed)) > 1)
    first, second = ledgers[:2]
    before = digest_of(ledgers)
    assert digest_of(reversed(ledgers)) == before
    assert digest_of([replace(each, lines=each.lines[::-1]) for each in ledgers]) == before
    crossed = [replace(first, lines=second.lines), replace(second, lines=first.lines), *ledgers[2:]]
    assert digest_of(crossed) != before
    one, other, *rest = first.lines
    swapped = (replace(one, points=other.points), replace(other, points=one.points), *rest)
    assert one.points != other.points
    assert digest_of([replace(first, lines=swapped), *ledgers[1:]]) != before


def test_what_a_text_weighs_stays() -> None:
    """Another version gives the same digest: the MD5 of `lines` is 980da984…, of which 48 bits count."""
    assert weight("lines") == int.from_bytes(bytes.fromhex("980da98409d0"), "little")


@pytest.mark.parametrize("others", [0, 1, 120])
def test_numbers_too_long_for_the_database_are_weighed_all_the_same(
    others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People whose sums leave the database's numbers are worked out from their rows, and the digest is the same; they
    are asked for one by one only where they are few among many others."""
    asked: list[str] = []
    subject = LedgerTables.subject
    monkeypatch.setattr(LedgerTables, "subject", lambda self, name: asked.append(name) or subject(self, name))
    rulebook = accepted(LONG)
    rows = (
        ("ada", Decimal(10) ** 20),
        *((f"bob {at}", Decimal(at)) for at in range(others)),
        ("cyd", None),
        ("dan", -(Decimal(10) ** 20) + 1),
    )
    reference = refer(rulebook, (), rows, date(2026, 1, 1))
    run = in_duckdb(rulebook, (), rows, date(2026, 1, 1))
    try:
        assert list(run.ledgers()) == list(reference.ledgers())
        assert ledger_digest(run.ledger.connection, rulebook) == digest_of(reference.ledgers())
    finally:
        run.close()
    assert sorted(asked) == (["ada", "dan"] if others == 120 else [])


@pytest.mark.parametrize("seed", range(12))
def test_much_is_worked_out_as_little_is(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However records are counted that nothing leaves out, and those that something does, and however measures are
    joined and points added, the ledger is the reference's."""
    case = case_of(seed)
    digests = set()
    for few, few_pairs, many, joined, summed in ((-1, 1000, 100, 2, 200), (1000, -1, 100, 36, 2), (-1, -1, 0, 36, 200)):
        monkeypatch.setattr(sql_counted, "_FEW", few)
        monkeypatch.setattr(sql_counted, "_FEW_PAIRS", few_pairs)
        monkeypatch.setattr(sql_counted, "_MANY_EXCLUSIONS", many)
        monkeypatch.setattr(sql_people, "_FEW_JOINED", joined)
        monkeypatch.setattr(sql_people, "_MOST_JOINED", 2)
        monkeypatch.setattr(sql_rounding, "_MOST_ADDED", summed)
        run = in_duckdb(case.rulebook, case.read_records.rows, case.read_subjects.rows, case.as_of, case.pauses)
        digests.add(ledger_digest(run.ledger.connection, run.rulebook))
        run.close()
    assert digests == {digest_of(scored(case).ledgers())}
