"""Takes made-up rulebooks and records, and those of the examples; gives proof that a ledger whose records stay in
PostgreSQL is the reference's, to the last digit."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases, cases_by, scored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers.from_files import corrections_file
from ledgers.in_parquet import pauses_file, records_file, subjects_file
from ledgers.in_postgres import Server, scored_there, typed_table

from tallystick.engine.digest import digest_of
from tallystick.engine.intake.reading import read_rows, record_fields
from tallystick.engine.reference import refer
from tallystick.engine.scoring import score
from tallystick.rules import load

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[2]
SOME = max(20, settings.default.max_examples // 2) if settings.default is not None else 20
FEW = max(10, SOME // 3)
EXAMPLES = (
    ("community/community.tally", "community/records.csv", "community/subjects.csv", date(2026, 3, 31)),
    ("maintainers/maintainers.tally", "maintainers/credit.csv", None, date(2026, 7, 1)),
    ("trust/trust.tally", "trust/ratings.csv", None, date(2026, 7, 1)),
)
# What is said here stands in place of what the profile says: that time is no matter is said again.
one_server = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)


@settings(one_server, max_examples=SOME)
@given(case=cases(by=False), threads=st.sampled_from((1, 2)))
def test_the_ledger_is_the_reference_s(server: Server, case: Case, threads: int) -> None:
    """I2, I3: whatever the rulebook and the records, PostgreSQL and the reference give everybody the same ledger."""
    if case.rulebook.records is None:
        return
    reference = scored(case)
    table = typed_table(server, record_fields(case.rulebook), case.read_records.rows)
    people = case.read_subjects.rows
    with scored_there(case.rulebook, table, people, case.as_of, case.pauses, threads=threads) as found:
        assert list(found.ledgers) == list(reference.ledgers())
        assert found.digest == digest_of(reference.ledgers())
        assert found.not_admitted == reference.counts.not_admitted


@settings(one_server, max_examples=SOME)
@given(case=cases(by=False).filter(lambda case: bool(case.corrections)))
def test_corrected_records_give_the_reference_s_ledger(
    server: Server, case: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """I2, I3: records struck out and put in place by a file, of any rulebook, count there as they do in the
    reference; the table keeps what it holds."""
    here, fields = tmp_path_factory.mktemp("case"), record_fields(case.rulebook)
    reference = scored(case, corrected=True)
    run = score(
        case.rulebook,
        typed_table(server, fields, case.read_records.rows),
        subjects_file(here, case),
        as_of=case.as_of,
        pauses=pauses_file(here, case),
        corrections=corrections_file(here, case),
        engine="postgres",
    )
    try:
        assert list(run.ledgers()) == list(reference.ledgers())
        assert run.receipt.ledger_digest == digest_of(reference.ledgers())
        assert run.counts.not_admitted == reference.counts.not_admitted
        assert run.counts.voided + run.counts.replaced == len(case.corrections)
    finally:
        run.close()


@settings(one_server, max_examples=FEW)
@given(case=cases_by())
def test_a_score_by_a_field_is_that_of_a_file(
    server: Server, case: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """I3: of each value, the records that stand give there the ledger that they give from a file."""
    here = tmp_path_factory.mktemp("case")
    table = typed_table(server, record_fields(case.rulebook), case.read_records.rows)
    subjects, pauses = subjects_file(here, case), pauses_file(here, case)
    corrections = corrections_file(here, case)
    of_file, of_table = (
        score(
            case.rulebook,
            records,
            subjects,
            as_of=case.as_of,
            pauses=pauses,
            corrections=corrections,
            engine=engine,
            out=here / engine,
        )
        for engine, records in (("duckdb", records_file(here, case)), ("postgres", table))
    )
    try:
        assert of_table.receipt.by == of_file.receipt.by
        assert of_table.receipt.ledger_digest == of_file.receipt.ledger_digest
        assert of_table.receipt.counts.model_copy(update={"exact": 0}) == of_file.receipt.counts.model_copy(
            update={"exact": 0}
        )
        for there, expected in zip(of_table.parts(), of_file.parts(), strict=True):
            assert list(there.ledgers()) == list(expected.ledgers())
    finally:
        of_file.close()
        of_table.close()


@settings(one_server, max_examples=FEW)
@given(case=cases(by=False))
def test_texts_are_read_as_everywhere(server: Server, case: Case) -> None:
    """From columns of texts, good and bad, PostgreSQL accepts the rows that the reader accepts, and rejects the others
    for its reasons."""
    if case.records is None:
        return
    # Nothing but NUL cannot be put into a text there.
    rows = [[cell or "" for cell in row] for row in case.records.rows if not any("\0" in (cell or "") for cell in row)]
    read = read_rows(record_fields(case.rulebook), case.records.names, rows, "id")
    people = None if case.subjects is None else case.read_subjects.rows
    reference = refer(case.rulebook, read.rows, people, case.as_of, case.pauses)
    table = server.table(dict.fromkeys(case.records.columns, "text"), rows)
    with scored_there(case.rulebook, table, case.read_subjects.rows, case.as_of, case.pauses) as found:
        taken = found.taken
        assert (taken.rows, taken.copies, taken.accepted) == (len(rows), read.copies, len(read.rows))
        assert {(each.field, each.reason) for each in taken.rejected} == {
            (each.because.field, each.because.reason) for each in read.rejected
        }
        assert sum(each.rows for each in taken.rejected) == len(read.rejected)
        assert found.digest == digest_of(reference.ledgers())


WRITTEN = """
rulebook "Written in the rulebook" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of like
    at      date

measure before "like" / "likes"
    count like
    when (if actor = "bob" then "a" else "b") < (if actor = "cyd" then "A" else "B")

rule likes "Likes"
    points before

score "Score"
    sum of all rules
"""


def test_texts_written_in_the_rulebook_are_put_in_order_by_code_points(server: Server) -> None:
    """Where no text comes from a column, the order is not that of the database's own language either, in which `a`
    comes before `B`."""
    book = accepted(WRITTEN)
    rows = [("ada", actor, "like", date(2026, 1, 1)) for actor in ("bob", "cyd", "dan")]
    table = typed_table(server, record_fields(book), rows)
    with scored_there(book, table, (), date(2026, 1, 1)) as found:
        assert [each.value for ledger in found.ledgers for each in ledger.measures] == [0]
        assert list(found.ledgers) == list(refer(book, rows, (), date(2026, 1, 1)).ledgers())


@pytest.mark.parametrize(("rulebook", "records", "subjects", "as_of"), EXAMPLES, ids=[e[0] for e in EXAMPLES])
def test_examples_have_one_digest(
    server: Server, rulebook: str, records: str, subjects: str | None, as_of: date
) -> None:
    """I3: over the data of the examples both engines have one ledger digest and count the same rows."""
    folder = ROOT / "examples"
    rules = load(folder / rulebook)
    given_subjects = None if subjects is None else folder / subjects
    here = score(rules, folder / records, given_subjects, as_of=as_of)
    there = score(rules, _of_texts(server, folder / records), given_subjects, as_of=as_of, engine="postgres")
    try:
        assert there.receipt.ledger_digest == here.receipt.ledger_digest
        assert there.receipt.counts == here.receipt.counts
        assert sorted((r.field, r.reason, r.value) for r in there.rejected()) == sorted(
            (r.field, r.reason, r.value) for r in here.rejected()
        )
    finally:
        here.close()
        there.close()


def _of_texts(server: Server, path: Path) -> str:
    """Put a CSV file into a table of texts."""
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    return server.table(dict.fromkeys(heading, "text"), rows)


@pytest.mark.realdata
def test_real_records_have_one_digest(server: Server) -> None:
    """I3: the credits of a real project, some of them with names of many scripts, have one ledger digest."""
    path = ROOT.parent / "shared" / "data" / "iproute2" / "credit.csv"
    if not path.exists():
        pytest.skip("the real data are not here")
    rules = load(ROOT / "examples" / "maintainers" / "maintainers.tally")
    here = score(rules, path, as_of=date(2026, 7, 1))
    there = score(rules, _of_texts(server, path), as_of=date(2026, 7, 1), engine="postgres")
    try:
        assert there.receipt.counts.rows > 10_000
        assert there.receipt.ledger_digest == here.receipt.ledger_digest
        assert there.receipt.counts == here.receipt.counts
    finally:
        here.close()
        there.close()
