"""Takes made-up rulebooks and records, and those of the examples; gives proof that a ledger whose records were worked
out in Spark is the one of all engines, to the last digit."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from generators.rulebooks import case_by, case_of, scored
from ledgers.from_files import corrections_file
from ledgers.in_parquet import pauses_file, records_file, subjects_file, text_file

from tallystick.engine.digest import digest_of
from tallystick.engine.elsewhere.spark.session import SparkHere
from tallystick.engine.intake.reading import read_rows, record_fields
from tallystick.engine.query.sql import quote_text
from tallystick.engine.reference import refer
from tallystick.engine.scoring import score
from tallystick.rules import load

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("spark")]
ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "iproute2" / "credit.csv"
EVERY = Decimal(1)
CORRECTED = (25, 18, 35)
"""Cases in which some records are struck out and others put in place; none has thirty exclusions (docs/engines.md)."""
BY_A_FIELD = (2, 7)
"""The same, of a score by a field."""
EXAMPLES = (
    ("community/community.tally", "community/records.csv", "community/subjects.csv", date(2026, 3, 31)),
    ("maintainers/maintainers.tally", "maintainers/credit.csv", None, date(2026, 7, 1)),
    ("trust/trust.tally", "trust/ratings.csv", None, date(2026, 7, 1)),
)


def _as_parquet(source: Path, to: Path) -> Path:
    """Write a CSV file's cells as texts."""
    with source.open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return text_file(to, columns, rows)


@pytest.mark.parametrize(("seed", "connect"), [*((seed, False) for seed in CORRECTED), (CORRECTED[0], True)])
def test_corrected_records_give_the_reference_s_ledger(
    seed: int, tmp_path: Path, server: str, *, connect: bool
) -> None:
    """I2, I3: records struck out and put in place by a file count in Spark as they do in the reference."""
    case = case_of(seed, 1 + seed % 4)
    reference = scored(case, corrected=True)
    run = score(
        case.rulebook,
        records_file(tmp_path, case),
        subjects_file(tmp_path, case),
        as_of=case.as_of,
        pauses=pauses_file(tmp_path, case),
        corrections=corrections_file(tmp_path, case),
        engine="spark",
        master=server if connect else None,
    )
    assert run.counts.voided > 0
    assert run.counts.replaced > 0
    assert list(run.ledgers()) == list(reference.ledgers())
    assert run.receipt.ledger_digest == digest_of(reference.ledgers())
    run.close()


@pytest.mark.parametrize(("seed", "connect"), [*((seed, False) for seed in (3, 4, 14, 18, 22, 29, 31, 35)), (29, True)])
def test_the_ledger_is_the_reference_s(seed: int, tmp_path: Path, server: str, *, connect: bool) -> None:
    """I2, I3: whatever the rulebook and the records, Spark and the reference give everybody the same ledger, also where
    tables go to a server of Spark Connect and come back."""
    case = case_of(seed, 1 + seed % 4)
    assert case.rulebook.records is not None
    reference = scored(case)
    run = score(
        case.rulebook,
        records_file(tmp_path, case),
        subjects_file(tmp_path, case),
        as_of=case.as_of,
        pauses=pauses_file(tmp_path, case),
        engine="spark",
        master=server if connect else None,
    )
    assert list(run.ledgers()) == list(reference.ledgers())
    assert run.receipt.ledger_digest == digest_of(reference.ledgers())
    assert run.counts.not_admitted == reference.counts.not_admitted
    run.close()


@pytest.mark.parametrize("actor", ["8", "zoe"])
def test_ids_stay_whole_numbers_where_corrections_leave_them_so(tmp_path: Path, actor: str) -> None:
    """Names that lie there as whole numbers, one of them corrected to a number or to a text, give what they do here."""
    rulebook, given, acts = tmp_path / "book.tally", tmp_path / "numbers.parquet", tmp_path / "corrections.csv"
    rulebook.write_text(NUMBERS, encoding="utf-8")
    ids = "i AS id, 1 + i % 3 AS subject, 4 + i % 5 AS actor"
    rows = f"SELECT {ids}, 'give' AS kind, DATE '2026-01-01' AS \"at\" FROM range(1, 31) AS r (i)"  # noqa: S608  a query of the test's own
    duckdb.sql(f"COPY ({rows}) TO {quote_text(str(given))} (FORMAT parquet)")
    head = "record,action,reason,who,when,actor"
    acts.write_text(f"{head}\n7,replace,r,w,2026-01-01,{actor}\n9,void,r,w,2026-01-01,\n", encoding="utf-8")
    here, there = (
        score(load(rulebook), given, as_of=date(2026, 7, 1), corrections=acts, engine=engine)
        for engine in ("duckdb", "spark")
    )
    assert there.receipt.ledger_digest == here.receipt.ledger_digest
    assert there.receipt.counts == here.receipt.counts
    assert there.counts.voided == there.counts.replaced == 1
    here.close()
    there.close()


@pytest.mark.parametrize("seed", BY_A_FIELD)
def test_a_score_by_a_field_is_that_of_duckdb(seed: int, tmp_path: Path) -> None:
    """I3: of each value, the records that stand give in Spark the ledger that they give in DuckDB."""
    case = case_by(seed, 2)
    given = records_file(tmp_path, case), subjects_file(tmp_path, case)
    pauses, corrections = pauses_file(tmp_path, case), corrections_file(tmp_path, case)
    here, there = (
        score(case.rulebook, *given, as_of=case.as_of, pauses=pauses, corrections=corrections, engine=engine)
        for engine in ("duckdb", "spark")
    )
    assert there.receipt.by == here.receipt.by
    assert there.receipt.ledger_digest == here.receipt.ledger_digest
    assert [list(part.ledgers()) for part in there.parts()] == [list(part.ledgers()) for part in here.parts()]
    assert there.counts.voided == here.counts.voided > 0
    here.close()
    there.close()


@pytest.mark.parametrize(("seed", "connect"), [(13, False), (47, False), (30, False), (47, True)])
def test_texts_are_read_as_everywhere(seed: int, tmp_path: Path, server: str, *, connect: bool) -> None:
    """From columns of texts, good and bad, Spark accepts the rows that the reader accepts, and rejects the others for
    its reasons; a server of Spark Connect, too."""
    case = case_of(seed, 1 + seed % 4)
    assert case.records is not None
    read = read_rows(record_fields(case.rulebook), case.records.names, case.records.rows, "id")
    assert read.rejected
    people = None if case.subjects is None else case.read_subjects.rows
    reference = refer(case.rulebook, read.rows, people, case.as_of, case.pauses)
    run = score(
        case.rulebook,
        text_file(tmp_path / "texts.parquet", case.records.columns, case.records.rows),
        subjects_file(tmp_path, case),
        as_of=case.as_of,
        pauses=pauses_file(tmp_path, case),
        max_rejected=EVERY,
        engine="spark",
        master=server if connect else None,
    )
    counts = run.receipt.counts
    assert (counts.rows, counts.copies, counts.rejected) == (len(case.records.rows), read.copies, len(read.rejected))
    assert sorted((each.field, each.reason) for each in run.rejected()) == sorted(
        (each.because.field, each.because.reason) for each in read.rejected
    )
    assert run.receipt.ledger_digest == digest_of(reference.ledgers())
    run.close()


@pytest.mark.parametrize(("rulebook", "records", "subjects", "as_of"), EXAMPLES, ids=[e[0] for e in EXAMPLES])
def test_examples_have_one_digest(
    rulebook: str, records: str, subjects: str | None, as_of: date, tmp_path: Path
) -> None:
    """I3: over the data of the examples Spark and DuckDB have one ledger digest and count the same rows."""
    folder = ROOT / "examples"
    rules, people = load(folder / rulebook), None if subjects is None else folder / subjects
    given = _as_parquet(folder / records, tmp_path / "records.parquet")
    here = score(rules, given, people, as_of=as_of)
    there = score(rules, given, people, as_of=as_of, engine="spark", out=tmp_path / "run")
    assert there.receipt.ledger_digest == here.receipt.ledger_digest
    assert there.receipt.counts.model_copy(update={"exact": 0}) == here.receipt.counts.model_copy(update={"exact": 0})
    assert [each.sha256 for each in there.receipt.inputs] == [each.sha256 for each in here.receipt.inputs]
    assert (there.receipt.engine.elsewhere or "").startswith("Spark 4")
    assert not (tmp_path / "run" / "records.parquet").exists()
    here.close()
    there.close()


def test_the_reference_job_has_one_digest(tmp_path: Path) -> None:
    """I3: over the bench's records, whose ids are whole numbers, Spark and any threads of DuckDB give one ledger."""
    rules = load(ROOT / "benchmarks" / "reference_job.tally")
    given, as_of = tmp_path / "records.parquet", date(2026, 6, 29)
    made = (ROOT / "benchmarks" / "records.sql").read_text(encoding="utf-8")
    made = made.replace("$rows", "20000").replace("$people", "200")
    duckdb.sql(f"COPY ({made}) TO {quote_text(str(given))} (FORMAT parquet)")
    digests: set[str] = set()
    for run in (
        score(rules, given, as_of=as_of, threads=1),
        score(rules, given, as_of=as_of, threads=2),
        score(rules, given, as_of=as_of, engine="spark"),
    ):
        digests.add(run.receipt.ledger_digest)
        run.close()
    assert len(digests) == 1


def test_several_files_are_read_as_one(spark: SparkHere, tmp_path: Path) -> None:
    """A column that one file lacks is missing in its rows alone; rows that share an id are one, or rejected, across
    files; what a mapping calls otherwise is read, and what it skips is counted."""
    rulebook = tmp_path / "book.tally"
    rulebook.write_text(BOOK, encoding="utf-8")
    mapping = tmp_path / "map.toml"
    mapping.write_text(MAP, encoding="utf-8")
    folder = tmp_path / "records"
    folder.mkdir()
    text_file(folder / "a.parquet", ("key", "subject", "kind", "at"), ROWS[:4])
    text_file(folder / "b.parquet", ("key", "subject", "kind", "at", "note"), [(*row, "x") for row in ROWS[4:]])
    runs = [
        score(load(rulebook), folder, as_of=date(2026, 1, 1), mapping=mapping, max_rejected=EVERY, engine=engine)
        for engine in ("duckdb", "spark")
    ]
    here, there = runs
    counts = there.receipt.counts
    assert (counts.rows, counts.skipped, counts.copies, counts.rejected) == (8, 1, 1, 2)
    assert counts == here.receipt.counts
    assert there.receipt.ledger_digest == here.receipt.ledger_digest
    assert {line.points for ledger in there.ledgers() for line in ledger.lines} >= {Decimal(2)}
    assert spark.rows("SELECT 1") == [(1,)]


def test_columns_of_all_types_are_read_alike(tmp_path: Path) -> None:
    """Binary numbers, decimals, objects, and moments with and without a zone, also as texts, mean what they mean to
    DuckDB, and the same ones are rejected for the same reasons."""
    rulebook, given = tmp_path / "book.tally", tmp_path / "typed.parquet"
    rulebook.write_text(TYPED_BOOK, encoding="utf-8")
    duckdb.sql(f"COPY ({TYPED}) TO {quote_text(str(given))} (FORMAT parquet)")
    here, there = (
        score(load(rulebook), given, as_of=date(2026, 7, 1), max_rejected=EVERY, engine=engine)
        for engine in ("duckdb", "spark")
    )
    assert there.receipt.counts == here.receipt.counts
    assert there.receipt.counts.rejected == 5
    found = [sorted((each.field, each.reason, each.value) for each in run.rejected()) for run in (here, there)]
    assert found[0] == found[1]
    assert there.receipt.ledger_digest == here.receipt.ledger_digest


@pytest.mark.realdata
def test_real_credit_has_one_digest(tmp_path: Path) -> None:
    """I3: over the credit of a real project's maintainers Spark and DuckDB have one ledger digest."""
    if not REAL.exists():
        pytest.skip("the real records are not here")
    rules, given = load(ROOT / "examples/maintainers/maintainers.tally"), _as_parquet(REAL, tmp_path / "credit.parquet")
    as_of = date(2026, 7, 1)
    digests = {
        score(rules, given, as_of=as_of, threads=1).receipt.ledger_digest,
        score(rules, given, as_of=as_of, threads=2).receipt.ledger_digest,
        score(rules, given, as_of=as_of, engine="spark").receipt.ledger_digest,
    }
    assert len(digests) == 1


BOOK = r"""rulebook "Hostile names" version 1.0.0
    owner "Tests"
    purpose "Hold on to what a text is."
    measures "Nothing."
    not for "anything"

records
    id text
    subject text
    kind one of give, take
    note text optional
    at date

measure given "gift" / "gifts"
    count give
    when note is missing or note = "x" or note = "it's \\ ${spark.master} `"

rule gifts "Gifts"
    points given
    because "They count."

score "Gifts"
    sum of all rules
"""
NUMBERS = """rulebook "Names that are numbers" version 1.0.0
    owner "Tests"
    purpose "Keep them so."
    measures "Nothing."
    not for "anything"

records
    id      text
    subject text
    actor   text
    kind    one of give
    at      date

measure givers "giver" / "givers"
    distinct actor of give

measure given "gift" / "gifts"
    count give

rule gifts "Gifts"
    points given + givers
    because "They count."

score "Gifts"
    sum of all rules
"""
MAP = """skip = ["robot"]

[fields]
id = "key"

[kinds]
gave = "give"
"""
ROWS = [
    ("1", "o'hara", "gave", "2025-12-01"),
    ("2", "a\\b", "give", "2025-12-02"),
    ("2", "a\\b", "give", "2025-12-02"),
    ("3", "x", "robot", "2025-12-03"),
    ("4", "${spark.master}", "give", "2025-12-04"),
    ("5", "o'hara", "gave", "2025-12-05"),
    ("6", "`q`", "give", "2025-12-06"),
    ("6", "`r`", "give", "2025-12-06"),
]
TYPED_BOOK = """rulebook "Types" version 1.0.0
    owner "Tests"
    purpose "Read each type of column."
    measures "Nothing."
    not for "anything"

records
    subject from "who.name" text
    kind one of give
    at time
    local time in "Europe/Berlin"
    told time in "Europe/Berlin"
    amount number 0 to 1000000000 with 2 places
    share number -1 to 1 with 3 places
    whole whole number 0 to 100
    sure yes/no

measure given "gift" / "gifts"
    sum amount + share + whole of give
    when sure and seconds from local to at < 7200 and seconds from told to at < 7200000

rule gifts "Gifts"
    points given
    because "They count."

score "Gifts"
    sum of all rules
"""
TYPED = """
SELECT
    {'name': CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END} AS who,
    'give' AS kind,
    TIMESTAMPTZ '2026-03-29 00:30:00+00' + to_minutes(i * 30) AS "at",
    TIMESTAMP '2026-03-29 00:30:00' + to_minutes(i * 30) AS local,
    CASE i WHEN 0 THEN '2024-02-29T12:00:00' WHEN 1 THEN '2026-03-01T10:00:00Z'
        ELSE strftime(TIMESTAMP '2026-01-25 00:30:00.25' + to_minutes(i * 30), '%Y-%m-%dT%H:%M:%S.%g') END AS told,
    CASE i WHEN 3 THEN 0.005 WHEN 8 THEN 123456789.25 WHEN 5 THEN CAST('NaN' AS DOUBLE) ELSE i * 1e-1 END AS amount,
    CAST(CASE i WHEN 6 THEN 1.5 ELSE i * 0.1 - 0.3 END AS FLOAT) AS share,
    CAST(CASE i WHEN 7 THEN 7.5 ELSE i END AS DECIMAL(9, 1)) AS whole,
    i <> 1 AS sure
FROM range(10) AS rows (i)
"""
