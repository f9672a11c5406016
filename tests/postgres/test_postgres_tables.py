"""Takes tables in PostgreSQL, good and bad; gives proof of what is read from them, what is refused, and that nothing is
changed there."""

# ruff: noqa: S608  the queries are the tests' own

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import duckdb
import psycopg
import pytest
from ledgers.in_postgres import Server

from tallystick.engine.elsewhere.intake import take_in_rows
from tallystick.engine.elsewhere.postgres.address import table_address
from tallystick.engine.elsewhere.postgres.rows import PostgresRows
from tallystick.engine.elsewhere.postgres.session import open_session
from tallystick.engine.elsewhere.readable import readable_elsewhere
from tallystick.engine.intake.reading import Rejected, read_cell
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.table import Wanted
from tallystick.engine.refusals import DataRefusal, Refusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.scoring import score
from tallystick.engine.workshop import open_workshop
from tallystick.rules import load, read
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import TimeType

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[2]
DAY = date(2026, 3, 31)
TEXT = """
rulebook "Every type" version 1.0.0
records
    subject text
    kind    one of post, like
    at      time
    amount  number 0 to 100 with 2 places optional
    ready   yes/no optional
    seen    date optional
exclude twice "the same again"
    when kind = like
    repeats of kind, seen
measure amounts "amount" / "amounts"
    sum (amount or else (if (ready or else yes) then 1 else 0)) of post, like
measure seen_days "day" / "days"
    distinct seen of post, like
    when seen is not missing
rule amounts "Amounts"
    points amounts + seen_days
score "Sum"
    sum of all rules
"""
RULES = TEXT.strip()
IDS = """rulebook "Names that are numbers" version 1.0.0
records
    id      text
    subject text
    actor   text
    kind    one of like
    at      date
measure fans "person" / "people"
    distinct actor of like
measure likes "like" / "likes"
    count like
rule liked "Liked"
    points fans + likes
score "Sum"
    sum of all rules
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """A rulebook that reads a field of every type."""
    found, told = read(Source("types.tally", RULES))
    assert found is not None, told
    return found


COLUMNS = {"subject": "text", "kind": "text", "at": "timestamptz"}
ROWS = [("ada", "post", "2026-03-01T10:00:00+02:00"), ("bo", "like", "2026-03-02 00:00:00Z")]


def _scores(run: FinishedRun) -> dict[str, Decimal | None]:
    try:
        return {each.score.subject: each.score.score for each in run.ledgers()}
    finally:
        run.close()


def _refused(rulebook: Rulebook, table: str, **more: object) -> str:
    with pytest.raises(Refusal) as refused:
        score(rulebook, table, as_of=DAY, engine="postgres", **more).close()  # type: ignore[arg-type]
    assert isinstance(refused.value, UsageRefusal)
    return str(refused.value)


AMOUNTS: tuple[tuple[str, dict[str, str | None]], ...] = (
    ("integer", {"1": "1", "100": "100", "101": None, "-1": None}),
    ("numeric", {"1.50": "1.5", "2.000": "2", "0.005": None, "NaN": None, "100.01": None, "1e1": "10"}),
    ("double precision", {"0.1": "0.1", "1e-3": None, "Infinity": None, "1e300": None, "99.99": "99.99"}),
    ("real", {"0.1": "0.1", "NaN": None, "0.001": None, "-0.5": None, "7.25": "7.25"}),
    ("text", {"7": "7", "0.10": "0.1", "x": None, "0.001": None}),
)


@pytest.mark.parametrize(("kind", "amounts"), AMOUNTS, ids=[kind for kind, _ in AMOUNTS])
def test_numbers_of_every_type_are_read(
    server: Server, rulebook: Rulebook, kind: str, amounts: dict[str, str | None]
) -> None:
    """Whole, decimal and binary numbers and texts are read as what they mean; what lies outside the field's range, or
    has more places, is rejected, never rounded."""
    table = server.table({**COLUMNS, "amount": kind}, [(each, "post", "2026-03-01Z", each) for each in amounts])
    run = score(rulebook, table, as_of=DAY, engine="postgres", max_rejected=Decimal(1))
    assert [row.field for row in run.rejected()] == ["amount"] * sum(each is None for each in amounts.values())
    assert _scores(run) == {text: Decimal(each) for text, each in amounts.items() if each is not None}


def test_columns_of_other_types_are_read(server: Server, rulebook: Rulebook) -> None:
    """Lists of values, domains over narrow texts, moments of any offset, booleans and dates are read; a day without an
    end is rejected."""
    server.run("CREATE TYPE mood AS ENUM ('post', 'like'); CREATE DOMAIN person AS varchar(20)")
    columns = {"subject": "person", "kind": "mood", "at": "timestamptz", "ready": "boolean", "seen": "date"}
    rows = [
        ("ada", "post", "2026-03-31 23:30:00-01", "t", "2026-03-01"),  # in UTC that is April, and not yet
        ("ada", "post", "2026-03-31 23:30:00+01", "f", "2026-03-02"),
        ("ada", "like", "2026-03-01 00:00:00+00", "t", "2026-03-03"),
        ("ada", "like", "2026-03-01 00:00:01+00", "t", "2026-03-03"),
        ("bo", "like", "2026-03-01 00:00:01+00", "t", "infinity"),
    ]
    run = score(rulebook, server.table(columns, rows), as_of=DAY, engine="postgres", max_rejected=Decimal(1))
    assert [(each.field, each.value) for each in run.rejected()] == [("seen", "infinity")]
    assert {(row.fate, row.name): row.records for each in run.ledgers() for row in each.accounts if row.records} == {
        ("not yet", ""): 1,
        ("excluded", "twice"): 1,
        ("taken in", ""): 2,
    }
    assert _scores(run) == {"ada": Decimal(3)}  # 0 for what is not ready, 1 for what is, and 2 days


@pytest.mark.parametrize(("kind", "here"), [("double precision", "DOUBLE"), ("real", "FLOAT")])
def test_a_binary_number_is_the_text_that_it_is_in_a_file(
    server: Server, rulebook: Rulebook, kind: str, here: str
) -> None:
    """A name that lies in a column of binary numbers is the text that the same column of a file would give."""
    numbers = ("0.1", "1e30", "10000000", "-0.5", "1e-7")
    table = server.table({**COLUMNS, "subject": kind}, [(each, "post", "2026-03-01Z") for each in numbers])
    given = ", ".join(f"CAST('{each}' AS {here})" for each in numbers)
    names = [str(text) for (text,) in duckdb.sql(f"SELECT CAST(unnest([{given}]) AS VARCHAR)").fetchall()]
    assert _scores(score(rulebook, table, as_of=DAY, engine="postgres")) == dict.fromkeys(names, Decimal(1))


def test_hostile_names_and_texts_come_back_as_they_are(server: Server, rulebook: Rulebook) -> None:
    """Quotes, commas, line ends, backslashes, other scripts and words of SQL are nothing but text on the way there and
    back."""
    odd = ('a"b', "a'b", "a,b", "a\nb", "a\r\nb", "\\N", "NULL", "{a}", " a ", "é", "\U0001d4b3", "\u200b", "-0")
    names = (*odd, "'); DROP TABLE x; --", "\\n\n'")
    table = server.table({**COLUMNS, "amount": "numeric"}, [(n, "post", "2026-03-01Z", "2") for n in names])
    assert _scores(score(rulebook, table, as_of=DAY, engine="postgres")) == dict.fromkeys(names, Decimal(2))


def test_long_names_are_told_apart(server: Server) -> None:
    """Names that PostgreSQL would cut at 63 bytes, and take for one, stay two."""
    long = ["m" * 62 + "a", "m" * 62 + "b"]
    measures = "".join(f'measure {name} "m"\n    sum {value} of post\n' for name, value in zip(long, "27", strict=True))
    rules = "".join(f'rule r{place} "R"\n    points {name}\n' for place, name in enumerate(long))
    fields = "records\n    subject text\n    kind one of post\n    at time\n"
    text = f'rulebook "Long" version 1.0.0\n{fields}{measures}{rules}score "S"\n    sum of all rules\n'
    found, told = read(Source("long.tally", text))
    assert found is not None, told
    run = score(found, server.table(COLUMNS, ROWS[:1]), as_of=DAY, engine="postgres")
    assert [(line.rule, line.points) for each in run.ledgers() for line in each.lines] == [("r0", 2), ("r1", 7)]
    run.close()


def test_a_run_sees_one_state_and_changes_nothing(server: Server, rulebook: Rulebook) -> None:
    """A view that would write is stopped, and the table is as it was."""
    table = server.table({**COLUMNS, "amount": "numeric"}, [(*row, "1") for row in ROWS])
    name = table.rpartition("table=")[2].replace("%20", " ")
    server.run(
        "CREATE FUNCTION spoil(text) RETURNS text LANGUAGE plpgsql AS "
        f'$$BEGIN DELETE FROM public."{name}"; RETURN $1; END$$;'
        f'CREATE VIEW spoiling AS SELECT spoil(subject) AS subject, kind, at, amount FROM "{name}"'
    )
    assert "read-only transaction" in _refused(rulebook, f"{server.address}&table=spoiling")
    with psycopg.connect(server.address) as connection:
        assert connection.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (2,)


def test_what_cannot_be_read_is_refused_by_name(server: Server, rulebook: Rulebook, tmp_path: Path) -> None:
    """A server away, a table or column that is not there, a column of another sort, no permission, hidden rows and a
    query that takes too long each end the run with their cause, and nothing is written; no password is repeated."""
    address = server.address
    table = server.table(COLUMNS, ROWS)
    name = table.rpartition("table=")[2].replace("%20", " ")
    server.run(
        "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'secret';"
        f'CREATE TABLE owned AS SELECT * FROM "{name}"; '
        "ALTER TABLE owned ENABLE ROW LEVEL SECURITY;"
        "GRANT SELECT ON owned TO guest;"
        f'CREATE VIEW slow AS SELECT *, CAST(pg_sleep(5) AS text) AS amount FROM "{name}"'
    )
    guest = address.replace("tally@", "guest:secret@")
    assert "cannot be reached" in _refused(rulebook, "postgresql://tally:secret@/none?host=/nowhere&table=x")
    assert "there is no table `public.none`" in _refused(rulebook, f"{address}&table=none")
    assert "names no table" in _refused(rulebook, address)
    told = _refused(rulebook, table.replace("tally@", "guest:secret@"))
    assert "you may not read" in told
    assert f'GRANT SELECT ON "public"."{name}" TO' in told
    server.run(f'CREATE VIEW broken AS SELECT *, CAST(1 / (length(kind) - 4) AS text) AS amount FROM "{name}"')
    assert "cannot work out `public.broken`: division by zero" in _refused(rulebook, f"{address}&table=broken")
    assert "a row policy hides rows" in _refused(rulebook, f"{guest}&table=owned")
    assert "stopped the query" in _refused(rulebook, f"{address}&table=slow&timeout=1")
    less = server.table({"subject": "text", "kind": "text"}, [])
    assert "has no column `at`" in _refused(rulebook, less)
    other = server.table({**COLUMNS, "amount": "point"}, [])
    assert "holds values of the type point" in _refused(rulebook, other, out=tmp_path / "run")
    assert "one table" in _refused(rulebook, ROOT / "examples/community/records.csv")
    for each in ("postgresql://tally:secret@/none?host=/nowhere&table=x", "postgresql://tally:secret@h:port/x?table=y"):
        assert "secret" not in _refused(rulebook, each)
    with pytest.raises(UsageRefusal, match="--engine postgres"):
        score(rulebook, table, as_of=DAY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("actor", ["8", "zoe"])
def test_ids_stay_whole_numbers_where_corrections_leave_them_so(server: Server, tmp_path: Path, actor: str) -> None:
    """Names that lie there as whole numbers, one of them corrected to a number or to a text, give what they give from
    a file; a statement may be about a record that stands, or one struck out; a wrong id ends the run."""
    book, file = tmp_path / "book.tally", tmp_path / "records.csv"
    book.write_text(IDS, encoding="utf-8")
    rows = [(n, 1 + n % 3, 4 + n % 5, "like", "2026-03-01") for n in range(1, 31)]
    file.write_text(
        "\n".join(["id,subject,actor,kind,at", *(",".join(map(str, row)) for row in rows)]), encoding="utf-8"
    )
    table = server.table({"id": "bigint", "subject": "integer", "actor": "bigint", "kind": "text", "at": "date"}, rows)
    acts, said = tmp_path / "corrections.csv", tmp_path / "statements.csv"
    head = "record,action,reason,who,when,actor"
    acts.write_text(f"{head}\n7,replace,r,w,2026-01-01,{actor}\n9,void,r,w,2026-01-01,\n", encoding="utf-8")
    said.write_text("subject,record,text,since\n2,7,mine,2026-01-01\n1,9,gone,2026-01-01\n", encoding="utf-8")
    runs = [
        score(load(book), given, as_of=DAY, corrections=acts, statements=said, engine=engine, out=tmp_path / engine)
        for engine, given in (("duckdb", file), ("postgres", table))
    ]
    here, there = runs
    assert there.receipt.ledger_digest == here.receipt.ledger_digest
    assert there.receipt.counts == here.receipt.counts
    assert [each.record for each in there.corrections("2")] == [each.record for each in here.corrections("2")] == ["7"]
    assert there.statements("1") == here.statements("1")
    for run in runs:
        run.close()
    acts.write_text(f"{head}\n77,void,r,w,2026-01-01,\n", encoding="utf-8")
    with pytest.raises(DataRefusal, match="corrections"):
        score(load(book), table, as_of=DAY, corrections=acts, engine="postgres", out=tmp_path / "none")
    said.write_text("subject,record,text,since\n2,8,not mine,2026-01-01\n", encoding="utf-8")
    with pytest.raises(DataRefusal, match="statements"):
        score(load(book), table, as_of=DAY, statements=said, engine="postgres", out=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_who_may_only_read_needs_no_more(server: Server, rulebook: Rulebook, tmp_path: Path) -> None:
    """A view of seventy columns, in a schema whose name has quotes and a dot, is read by a role that may read it and no
    more: no temporary tables, and sessions that end when they wait. Its password stands nowhere."""
    table = server.table({**COLUMNS, "amount": "numeric"}, [(*row, "2") for row in ROWS])
    address, _, name = table.replace("%20", " ").rpartition("&table=")
    more = ", ".join(f"{number} AS c{number}" for number in range(66))
    server.run(
        "REVOKE TEMP ON DATABASE postgres FROM PUBLIC;"
        "CREATE ROLE reader LOGIN PASSWORD 'pw-secret' NOINHERIT;"
        "ALTER ROLE reader SET idle_in_transaction_session_timeout = '1ms';"
        "ALTER ROLE reader SET default_transaction_read_only = on;"
        'CREATE SCHEMA "a ""b"".c"; GRANT USAGE ON SCHEMA "a ""b"".c" TO reader;'
        f'CREATE VIEW "a ""b"".c"."of; all" AS SELECT *, {more} FROM "{name}";'
        'GRANT SELECT ON "a ""b"".c"."of; all" TO reader'
    )
    reader = address.replace("tally@", "reader:pw-secret@")
    schema, view = quote('a "b".c'), quote("of; all")
    given = f"{reader}&schema={schema}&table={view}"
    run = score(rulebook, given, as_of=DAY, engine="postgres", out=tmp_path / "run")
    assert _scores(run) == {"ada": Decimal(2), "bo": Decimal(2)}
    assert b"pw-secret" not in b"".join(path.read_bytes() for path in (tmp_path / "run").iterdir())


def test_texts_of_any_case_are_read_letter_by_letter(server: Server, rulebook: Rulebook) -> None:
    """A column of ``citext``, or a domain over it, is read as a file of it would be: names that differ in case are of
    different people."""
    server.run("CREATE EXTENSION citext; CREATE DOMAIN anybody AS citext")
    rows = [(name, "post", "2026-03-01Z", "1") for name in ("Ada", "ada", "ADA", "ada")]
    for kind in ("citext", "anybody"):
        table = server.table({**COLUMNS, "subject": kind, "amount": "numeric"}, rows)
        run = score(rulebook, table, as_of=DAY, engine="postgres")
        assert _scores(run) == {"ADA": Decimal(1), "Ada": Decimal(1), "ada": Decimal(2)}


def test_too_many_rejected_rows_end_the_run(server: Server, rulebook: Rulebook) -> None:
    """Above the share allowed nothing is scored, and the commonest reasons are told."""
    rows = [*ROWS, ("bo", None, "2026-03-02Z"), ("bo", None, "2026-03-02Z"), (None, "post", "2026-03-02Z")]
    with pytest.raises(DataRefusal) as refused:
        score(rulebook, server.table(COLUMNS, rows), as_of=DAY, engine="postgres")
    assert "3 of 5 rows of records cannot be read" in str(refused.value)
    assert "2 × `kind`: missing; the first is in postgresql://" in str(refused.value)


def test_the_script_gives_the_measures_of_the_run(server: Server) -> None:
    """What `tally sql --dialect postgres` prints runs as it stands, and gives by hand what the run's folder holds."""
    text = (ROOT / "examples" / "community" / "community.tally").read_text(encoding="utf-8")
    rules, told = read(Source("community.tally", text))
    assert rules is not None, told
    rows = [
        ("1", "ada", "bo", "share", "2026-03-01Z"),
        ("2", "ada", "cy", "share", "2026-03-31Z"),
        ("3", "ada", "cy", "like", "2026-03-01Z"),
    ]
    script = readable_elsewhere(rules, "postgres", DAY)
    steps, _, results = script.partition("-- what is left of 1")
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute(steps)
        for row in rows:
            moment = "CAST(%s AS timestamptz) AT TIME ZONE 'UTC'"
            connection.execute(f"INSERT INTO \"records accepted\" VALUES (%s, %s, %s, %s, {moment}, 'x')", row)
        connection.execute("-- what is left of 1" + results)
        found = connection.execute('SELECT person, "sharers: value" FROM "measure sharers"').fetchall()
    assert found == [("ada", Decimal("1.500000000"))]


@pytest.mark.parametrize("kind", ["timestamp", "text"])
def test_moments_of_a_clock_are_read_by_its_zone(server: Server, kind: str) -> None:
    """A timestamp without a zone, or a text of one, is the time of the field's clocks, as the reader of texts reads it:
    also in the hour that comes twice, and in the one that never comes."""
    moments = [f"2026-{month:02}-25 {hour:02}:30:00.5" for month in (3, 10, 12) for hour in range(24)]
    moments += ["2026-03-29 01:59:59", "2026-03-29 02:30:00", "2026-03-29 03:00:00", "1899-12-31 23:59:59", "infinity"]
    field = Field("at", "at", TimeType("Europe/Berlin"), optional=False, title=None)
    table = server.table({"at": kind}, [(each,) for each in moments])
    session, workshop = open_session(table_address(table, "records")), open_workshop()
    try:
        rows = PostgresRows(session, workshop.connection)
        taken = take_in_rows(rows, workshop.connection, (Wanted(field, "at"),), Skipping({}, frozenset()))
        accepted = rows.ask('SELECT at FROM "records accepted"')
        found = sorted(each.replace(tzinfo=UTC) for (each,) in accepted if isinstance(each, datetime))
    finally:
        session.close()
        workshop.close()
    read_here = [(text, read_cell(field, text)) for text in moments]
    assert found == sorted(value for _, value in read_here if isinstance(value, datetime))
    assert len(found) > 70
    assert {(each.value, each.reason) for each in taken.rejected} == {
        (text, value.reason) for text, value in read_here if isinstance(value, Rejected)
    }
