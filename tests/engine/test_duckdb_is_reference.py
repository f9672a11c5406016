"""Takes made-up rulebooks and records; gives proof that the fast engine's ledger is the reference's, to the last
digit."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from generators.rulebooks import Case, cases, cases_by, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers.in_duckdb import DuckRun, in_duckdb

from tallystick.engine.digest import digest_of, ledger_digest
from tallystick.engine.reference import refer, refer_each
from tallystick.engine.scoring import score
from tallystick.rules import load, read
from tallystick.rules.source import Source

ROOT = Path(__file__).parents[2]
FEW = max(10, settings.default.max_examples // 8) if settings.default is not None else 10
EXAMPLES = (
    ("community/community.tally", "community/records.csv", "community/subjects.csv", date(2026, 3, 31)),
    ("maintainers/maintainers.tally", "maintainers/credit.csv", None, date(2026, 7, 1)),
    ("trust/trust.tally", "trust/ratings.csv", None, date(2026, 7, 1)),
)


def _in_duckdb(case: Case) -> DuckRun:
    """Run the fast engine on a case, its pauses and its corrections."""
    records, subjects = case.read_records.rows, case.read_subjects.rows
    return in_duckdb(case.rulebook, records, subjects, case.as_of, case.pauses, case.corrections)


@given(cases())
def test_ledger_evidence_and_fates_are_the_reference_s(case: Case) -> None:
    """I2, I4: whatever the rulebook and the records, both engines give everybody the same rows, and one digest;
    evidence is the same record by record; each record's fate is one, and adds up to the accounts."""
    reference = scored(case, corrected=True)
    run = _in_duckdb(case)
    try:
        ledgers = list(reference.ledgers())
        assert list(run.ledgers()) == ledgers
        assert run.counts.not_admitted == reference.counts.not_admitted
        assert ledger_digest(run.ledger.connection, run.rulebook) == digest_of(ledgers)
        accounts: Counter[tuple[str, str]] = Counter()
        for ledger in ledgers:
            accounts.update({(row.fate, row.name): row.records for row in ledger.accounts})
        if case.rulebook.records is not None:
            voided = accounts.pop(("voided", ""), 0)
            assert run.fates() == accounts
            counts = reference.counts
            told = sum(accounts.values()) + voided + run.counts.not_admitted
            assert told == len(case.read_records.rows) + counts.replaced
            assert counts.voided + counts.replaced == len(case.corrections)
        names = list(reference.subjects())[:3]
        assert dict(run.ledger.evidence.of_many(names)) == {name: tuple(reference.evidence(name)) for name in names}
        for name in names:
            assert list(run.evidence(name)) == list(reference.evidence(name))
            assert run.pauses(name) == reference.pauses(name)
        for ledger in ledgers:
            read = run.attributes(ledger.score.subject)
            assert read == reference.attributes(ledger.score.subject)
            assert ledger.inputs in {(), read}
    finally:
        run.close()


@settings(max_examples=max(4, FEW // 3))
@given(cases_by())
def test_a_ledger_by_a_field_is_the_reference_s_for_each_value(case: Case) -> None:
    """I2: for each value of the field that the score is by, both engines give everybody whom a record of it names the
    same rows, the same evidence and fates, and one digest, corrections that give a record another value among them."""
    records, subjects = case.read_records.rows, case.read_subjects.rows
    parts = refer_each(case.rulebook, records, subjects, case.as_of, case.pauses, case.corrections)
    told = 0
    for value, reference in parts.items():
        run = in_duckdb(case.rulebook, records, subjects, case.as_of, case.pauses, case.corrections, value=value)
        try:
            ledgers = list(reference.ledgers())
            assert list(run.ledgers()) == ledgers
            assert run.counts.not_admitted == reference.counts.not_admitted
            assert ledger_digest(run.ledger.connection, run.rulebook) == digest_of(ledgers)
            counts = Counter({(row.fate, row.name): 0 for each in ledgers for row in each.accounts})
            for each in ledgers:
                counts.update({(row.fate, row.name): row.records for row in each.accounts})
            told += sum(counts.values()) + reference.counts.not_admitted
            counts.pop(("voided", ""), None)
            assert run.fates() == counts
            names = [each.score.subject for each in ledgers][:2]
            for name in names:
                assert list(run.evidence(name)) == list(reference.evidence(name))
        finally:
            run.close()
    replaced = sum(each.action == "replace" for each in case.corrections)
    assert told == len(records) + replaced


@settings(max_examples=FEW)
@given(cases(), st.randoms(use_true_random=False))
def test_neither_order_nor_threads_change_the_ledger(case: Case, random: Random) -> None:
    """I3: shuffled rows and one thread instead of two give the same digest."""
    digests = set()
    records, subjects = list(case.read_records.rows), list(case.read_subjects.rows)
    pauses, corrections = list(case.pauses), list(case.corrections)
    for threads in (1, 2):
        run = in_duckdb(case.rulebook, records, subjects, case.as_of, pauses, corrections, threads=threads)
        digests.add(ledger_digest(run.ledger.connection, run.rulebook))
        run.close()
        random.shuffle(records)
        random.shuffle(subjects)
        random.shuffle(pauses)
        random.shuffle(corrections)
    assert len(digests) == 1


@pytest.mark.parametrize("seed", range(4))
def test_what_the_bench_runs_is_the_reference_s(seed: int) -> None:
    """The bench's rulebook, whose endorsements count half when returned and once for each actor and topic, gives the
    reference's ledger, also where people endorse each other at one moment."""
    book, draw = load(ROOT / "benchmarks" / "reference_job.tally"), Random(seed)  # noqa: S311  no secret is drawn
    kinds = ("endorse", "endorse", "endorse", *book.kinds)
    rows = tuple(
        (
            draw.choice("abcd"),
            draw.choice("abcd"),
            draw.choice(kinds),
            datetime(draw.choice((2025, 2026)), 1 + draw.randrange(6), draw.choice((1, 28)), 23, tzinfo=UTC),
            draw.choice(("x", "y")),
        )
        for _ in range(150)
    )
    reference = refer(book, rows, (), date(2026, 6, 29))
    run = in_duckdb(book, rows, (), date(2026, 6, 29))
    assert list(run.ledgers()) == list(reference.ledgers())
    run.close()


PUT_BACK = """
rulebook "Clocks put back" version 1.0.0
    owner "Tests"
    time zone "America/St_Johns"

records
    subject text
    actor   text
    kind    one of thank, praise
    at      time

discount favours "favours returned"
    to 50%
    when returned within 1 day

measure thanks "thanks" / "thanks"
    count thank, praise
{limit}
facet all_of_it "All"

    rule thanks "Thanks"
        points thanks

score "Score"
    sum of all rules
    rounded to 1 places
"""


@pytest.mark.parametrize("limit", ["", "    keep at most 2 per actor\n"])
@pytest.mark.parametrize("seed", range(3))
def test_a_favour_is_returned_where_clocks_are_put_back(seed: int, limit: str) -> None:
    """In Newfoundland a minute of 7 November 2010 was followed by an hour of the 6th: what had been done on the later
    day before is returned all the same."""
    book, diagnostics = read(Source("put-back.tally", PUT_BACK.format(limit=limit)))
    assert book is not None, diagnostics
    draw = Random(seed)  # noqa: S311  no secret is drawn
    times = [datetime(2010, 11, 7, *each, tzinfo=UTC) for each in ((2, 20), (2, 30, 10), (2, 30, 50), (2, 31), (3, 31))]
    times += [each + timedelta(days=days) for each in times for days in (-1, 1)]
    rows = tuple(
        (draw.choice("abc"), draw.choice("abc"), draw.choice(("thank", "praise")), draw.choice(times))
        for _ in range(100)
    )
    reference = refer(book, rows, (), date(2010, 11, 30))
    run = in_duckdb(book, rows, (), date(2010, 11, 30))
    assert list(run.ledgers()) == list(reference.ledgers())
    run.close()


@pytest.mark.parametrize(("rulebook", "records", "subjects", "as_of"), EXAMPLES)
def test_the_examples_are_scored_alike(rulebook: str, records: str, subjects: str | None, as_of: date) -> None:
    """The rulebooks and records that we ship have one ledger, whichever engine makes it."""
    from tallystick.engine.intake.reading import read_rows, record_fields, subject_fields  # noqa: PLC0415
    from tallystick.engine.reference import refer  # noqa: PLC0415

    folder = ROOT / "examples"
    book = load(folder / rulebook)
    run = score(book, folder / records, None if subjects is None else folder / subjects, as_of=as_of)
    tables = []
    for file, fields, key in ((records, record_fields(book), "id"), (subjects, subject_fields(book), "subject")):
        if file is None:
            tables.append(())
            continue
        lines = [line.split(",") for line in (folder / file).read_text(encoding="utf-8").splitlines()]
        rows = [tuple(cell or None for cell in line) for line in lines[1:]]
        tables.append(read_rows(fields, lines[0], rows, key if key in lines[0] else None).rows)
    reference = refer(book, tables[0], tables[1], as_of)
    assert run.receipt.ledger_digest == digest_of(reference.ledgers())
    run.close()
