"""Takes rulebooks; gives proof of what the query reads, how it reads to a person, and that nobody's words become
part of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from generators.accepted import accepted
from ledgers.in_duckdb import in_duckdb, typed
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.digest import digest_of, ledger_digest
from tallystick.engine.duckdb import ExactFunctions, prepare, run_ledger
from tallystick.engine.intake.reading import Row, record_fields
from tallystick.engine.query.compile import compile_rulebook
from tallystick.engine.query.counted import counts_one_by_one, told_by_steps
from tallystick.engine.query.plan import plan
from tallystick.engine.query.readable import alone_with, readable_sql, rule_sql
from tallystick.engine.query.sql import quote_comment, quote_name, quote_text
from tallystick.engine.reference import refer
from tallystick.rules import load
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import Scalar

ROOT = Path(__file__).parents[2]
COMMUNITY = ROOT / "examples" / "community" / "community.tally"
AS_OF = date(2026, 3, 1)

OURS = """
rulebook "Words of ours" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text optional
    kind    one of select, order
    at      time
    age     number 0 to 100 with 2 places
    value   number 0 to 10 with 3 places
    person  text optional
    records text optional
    this    text optional
    factor  number 0 to 5 with 0 places

discount half "half of them"
    to 50%
    when returned within 10 days and factor > 1

exclude twice "twice"
    repeats of person, this

measure n "n" / "n"
    count select, order
    when person is not missing
    keep at most 2 per person, age per week
    halving every 30 days

measure running "running" / "running"
    sum value + age of select
    total at most 9.5 per month
    halving every 7 days

measure people "people" / "people"
    distinct this, records of select, order
    when this is not missing and records is not missing
    halving every 30 days

measure results "results" / "results"
    latest value of select, order

measure stays "stays" / "stays"
    = n + running * 0.5

facet scores "Scores"

    rule lines "Lines"
        points stays + people

    rule measures "Measures"
        when results is not missing
        points results / 3

score "Score"
    sum of all rules
    rounded to 3 places
"""


def ours_rows() -> tuple[Row, ...]:
    """Make records for the rulebook whose names are those that the query uses itself."""
    people = ("ada", "bob", "eve")
    rows: list[dict[str, Scalar | None]] = []
    for i in range(120):
        cells: dict[str, Scalar | None] = {
            "subject": people[i % 3],
            "actor": people[(i * 7 + i // 5) % 3],
            "kind": "select" if i % 4 else "order",
            "at": datetime(2026, 1 + i % 2, 1 + i % 28, i % 24, tzinfo=UTC),
            "age": Decimal(i % 5) / 4,
            "value": Decimal(i % 21) / 8,
            "person": None if i % 9 == 0 else f"p{i % 4}",
            "records": f"r{i % 6}",
            "this": None if i % 11 == 0 else f"t{i % 30}",
            "factor": Decimal(i % 4),
        }
        rows.append(cells)
    fields = record_fields(accepted(OURS))
    return tuple(tuple(row[field.name] for field in fields) for row in rows)


def test_names_that_the_query_uses_itself_are_free_for_rulebooks() -> None:
    """A field may be called `age` or `records`, a measure `people`, a rule `lines`: the ledger is the reference's."""
    book, rows = accepted(OURS), ours_rows()
    run = in_duckdb(book, rows, (), AS_OF)
    assert list(run.ledgers()) == list(refer(book, rows, (), AS_OF).ledgers())
    run.close()


def test_what_authors_and_people_write_stays_text() -> None:
    """Quotes, comments and statements in titles, texts and names of people do nothing but stand there."""
    evil = "x'; DROP TABLE people; --\\\" */ $1 {0}"
    text = f"""
rulebook "{evil}" version 1.0.0
    owner "{evil}"

records
    subject text "{evil}"
    kind    one of like "{evil}"
    at      date
    item    text

exclude some "{evil}"
    when item = "{evil}" or (item contains "'" and item ends with "--") or item = "two\\n'lines\\\\n"

measure likes "{evil}" / "{evil}"
    count like
    halving every 3 days

rule line "{evil}"
    points likes

score "{evil}"
    sum of all rules
"""
    book = accepted(text)
    someone = "'; DROP TABLE results; --\n\u2028\"😀"
    rows = (
        (someone, "like", AS_OF, "x'; DROP TABLE people; --\" */ $1 {0}"),
        (someone, "like", AS_OF, "'--"),
        ("b", "like", AS_OF, "\\"),
        ("b", "like", AS_OF, "two\n'lines\\n"),  # the text of the condition, to the letter
    )
    run = in_duckdb(book, rows, (), AS_OF)
    assert list(run.ledgers()) == list(refer(book, rows, (), AS_OF).ledgers())
    assert list(run.evidence(someone)) == list(refer(book, rows, (), AS_OF).evidence(someone))
    run.close()
    duckdb.connect().execute(readable_sql(book)).close()


@pytest.mark.parametrize("name", ['a"b', "a'b", "a\nb", "", "select", "😀"])
def test_quoting_gives_back_what_was_quoted(name: str) -> None:
    """A name or text of any characters comes back from the database as it was; a text and a comment stay on one line,
    since lines are moved to the right."""
    end = "\n\\n'"
    with duckdb.connect() as connection:
        result = connection.execute(f"SELECT {quote_text(name)} AS {quote_name(name or 'x')} {quote_comment(name)}\n")
        assert result.fetchall() == [(name,)]
        assert "\n" not in quote_comment(f"{name}\r\n\u2028x") + quote_text(name + end)
        assert connection.execute(f"SELECT {quote_text(f'{name}{end}')}").fetchall() == [(f"{name}{end}",)]


def test_only_declared_columns_are_read(tmp_path: Path) -> None:
    """I6: of a wide Parquet file the query scans the columns that this rulebook needs, and no other."""
    file = tmp_path / "wide.parquet"
    book = load(COMMUNITY)
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'r' AS id, 's' AS subject, 'a' AS actor, 'post' AS kind, TIMESTAMP '2026-01-01' AS \"at\", "  # noqa: S608  a query of the test's own
            f"'i' AS item, 'secret' AS salary, 1 AS height FROM range(10)) TO {quote_text(str(file))} (FORMAT parquet)"
        )
        records = f'SELECT row_number() OVER () AS "#row", * FROM read_parquet({quote_text(str(file))})'  # noqa: S608  a query of the test's own
        query = prepare(connection, book, records, None, AS_OF)
        (reading,) = (each for each in query.tables if "records accepted" in each.text)
        ExactFunctions().register(connection)
        for before in (*query.macros, *query.tables[: query.tables.index(reading)]):
            connection.execute(before.text)
        ((_, scan),) = connection.execute(f"EXPLAIN {reading.text}").fetchall()
        assert "actor" in scan
        assert "salary" not in scan
        assert "height" not in scan
    assert {field.name for field in plan(book).fields} == {"id", "subject", "actor", "kind", "at", "item"}
    without_repeats = accepted(COMMUNITY.read_text(encoding="utf-8").split("exclude twice")[0] + REST)
    assert {field.name for field in plan(without_repeats).fields} == {"subject", "actor", "kind", "at"}


REST = """measure likes "like" / "likes"
    count like

measure posts "post" / "posts"
    count post

rule line "Line"
    points likes
    because "Why not."

score "Score"
    sum of all rules
"""


def test_the_query_reads_well(snapshot: SnapshotAssertion) -> None:
    """The query of the community's rulebook is the one that was read and approved: named steps, comments, one
    scan."""
    assert readable_sql(load(COMMUNITY)) == snapshot


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_the_readable_query_runs_by_hand(zone: str) -> None:
    """What `tally sql` prints, run from the top over somebody's tables, gives the engine's ledger, and each moment its
    day in the rulebook's time zone."""
    book, rows = accepted(OURS.replace('owner "Tests"', f'owner "Tests"\n    time zone "{zone}"')), ours_rows()
    reference = refer(book, rows, (), date(2026, 1, 1))
    with duckdb.connect() as connection:
        typed(connection, "records accepted", record_fields(book), rows)
        connection.execute(readable_sql(book))
        assert ledger_digest(connection, book) == digest_of(reference.ledgers())
    # What the clocks in it do not cover is said, and nothing where there are none.
    assert ("for the years 1970 to 2037" in readable_sql(book)) == (zone != "UTC")


@pytest.mark.parametrize(
    ("least", "types"),
    [(0, ("INTEGER", "INTEGER")), (2**31 - 7, ("INTEGER", "INTEGER")), (2**31 - 6, ("BIGINT", "INTEGER"))],
)
def test_ids_that_are_whole_numbers_stay_so(least: int, types: tuple[str, str]) -> None:
    """Text fields whose columns hold whole numbers are grouped as numbers where only equality is ever asked, and as
    those of 32 bits where all fit; the ledger is that of the same digits as texts."""
    book = load(ROOT / "benchmarks" / "reference_job.tally")
    digests = set()
    for kind, expected in (("BIGINT", types), ("VARCHAR", ("VARCHAR", "VARCHAR"))):
        select = (
            f'SELECT i AS "#row", CAST({least} + i % 7 AS {kind}) AS subject, '  # noqa: S608  a query of the test's own
            f"CAST({least} + i % 5 AS {kind}) AS actor, "
            "CASE i % 3 WHEN 0 THEN 'endorse' WHEN 1 THEN 'share' ELSE 'post' END AS kind, "
            "TIMESTAMP '2026-01-01' + to_days(CAST(i % 50 AS INTEGER)) AS \"at\", "
            f"CAST(i % 4 AS {kind}) AS topic FROM range(500) AS rows (i)"
        )
        with duckdb.connect() as connection:
            text = run_ledger(connection, book, select, None, AS_OF).query.tables[0].text
            first = text[text.index('"records read"') :]
            read = f'WITH {first[: first.index("),")]}) SELECT * FROM "records read"'  # noqa: S608  the engine's own
            found = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {read}").fetchall()}
            assert (found["subject"], found["topic"]) == expected
            digests.add(ledger_digest(connection, book))
    assert len(digests) == 1


FAVOURS = """
rulebook "Favours" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of thank
    at      time

discount favours "favours returned"
    to 50%
    when returned within 10 days

measure thanks "thanks" / "thanks"
    count thank

rule thanks "Thanks"
    points thanks

score "Favours"
    sum of all rules
"""


@pytest.mark.parametrize("number", ["subject", "actor"])
def test_numbers_and_texts_that_name_people_are_compared_as_texts(number: str) -> None:
    """Where one column of people lies as whole numbers and the other as texts, `x7` among them, a favour returned is
    found as where both are texts."""
    book, digests = accepted(FAVOURS), set()
    text = "CASE i % 6 WHEN 0 THEN 'x7' ELSE CAST(i % {} AS VARCHAR) END"
    for kind in ("BIGINT", "VARCHAR"):
        columns = {"subject": text.format(7), "actor": text.format(5), number: f"CAST(i % 6 AS {kind})"}
        select = (
            f'SELECT i AS "#row", {columns["subject"]} AS subject, {columns["actor"]} AS actor, '  # noqa: S608  a query of the test's own
            "'thank' AS kind, TIMESTAMP '2026-01-01' + to_days(CAST(i % 50 AS INTEGER)) AS \"at\" "
            "FROM range(500) AS rows (i)"
        )
        with duckdb.connect() as connection:
            run_ledger(connection, book, select, None, AS_OF)
            digests.add(ledger_digest(connection, book))
    assert len(digests) == 1


def test_no_table_of_records_is_kept_where_all_measures_group_them() -> None:
    """The reference job's records are handed on, which all begin with a grouping; a rulebook with fading that no limit
    groups for keeps a table of them."""
    for path, handed_on in ((ROOT / "benchmarks" / "reference_job.tally", True), (COMMUNITY, False)):
        tables = [each.name for each in compile_rulebook(load(path), {}).tables]
        assert ("records in play" not in tables) is handed_on


def assert_as_by_the_reference(rulebook: Rulebook, rows: tuple[Row, ...], as_of: date) -> None:
    """Hold the query's ledgers of records to those of the reference."""
    run = in_duckdb(rulebook, rows, (), as_of)
    try:
        found = list(run.ledgers())
    finally:
        run.close()
    assert found
    assert found == list(refer(rulebook, rows, (), as_of).ledgers())


@pytest.mark.parametrize(
    ("grouping", "counts"),
    [
        ("distinct item of post", True),
        ("distinct item of post\n    halving every 9 days", True),
        ("days of post", True),
        ("h index of post by item", True),
        ("latest size of post", True),
        ("count post\n    keep at most 1 per item", True),
        ("count post\n    keep at most 2 per item\n    total at most 3 per week", True),
        ("count post\n    halving every 9 days", True),
        ("sum size of post\n    keep at most 1 per item", True),
        # A part of a record may count; other records; a sum groups nothing.
        ("sum size of post\n    total at most 3.5 per week", False),
        ("count post\n    within 9 days\n    keep at most 1 per item", False),
        ("count post, like\n    keep at most 1 per item", False),
        ("count post\n    when size > 1\n    keep at most 1 per item", False),
        ("sum size of post", False),
    ],
)
def test_records_are_counted_where_they_are_grouped(grouping: str, counts: bool) -> None:  # noqa: FBT001
    """A plain count of the very records that another measure groups is had from there, and is right either way."""
    book = accepted(
        'rulebook "Both" version 1.0.0\n    owner "o"\nrecords\n    subject text\n    kind one of post, like\n'
        "    at date\n    item text\n    size number 0 to 9 with 1 places\n"
        f'measure grouped "g" / "g"\n    {grouping}\nmeasure posts "post" / "posts"\n    count post\n'
        'rule r "R"\n    points posts\n    because "b"\nrule s "S"\n    when grouped is not missing\n'
        '    points grouped\n    because "b"\nscore "Score"\n    sum of all rules\n'
    )
    assert (plan(book).measures[-1].as_many_as is not None) is counts
    rows: tuple[Row, ...] = tuple(
        (("ada", "bob", "cyd")[n % 3], "like" if n % 5 == 0 else "post", day, f"i{n % 4}", Decimal(n % 7) / 2)
        for n, day in enumerate(date.fromordinal(AS_OF.toordinal() - each % 23) for each in range(60))
    )
    assert_as_by_the_reference(book, rows, AS_OF)


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        (("distinct item of post",), ["post"]),
        (("distinct item of post", "count post"), ["post"]),
        (("distinct item of post", "days of post"), ["post"]),
        (("distinct item of post\n    within 9 days",), ["post"]),
        (("count post, like\n    keep at most 1 per item",), ["post", "like"]),
        (("distinct item of post", "count like\n    total at most 2 per week"), ["post", "like"]),
        # Something else looks at some of them, or at them otherwise; some are left to be called unused; a part of one
        # may count; they are counted with all others; they are another's.
        (("distinct item of post", "count post, like"), []),
        (("distinct item of post", "count post\n    within 9 days"), []),
        (("distinct item of post", "sum size of post"), []),
        (("distinct item of post\n    when size > 1",), []),
        (("sum size of post\n    total at most 3.5 per week",), []),
        (("count post",), []),
        (("distinct item of post given",), []),
    ],
)
def test_records_that_a_measure_tells_of_are_not_counted_again(measures: tuple[str, ...], told: list[str]) -> None:
    """Of kinds at which nothing looks otherwise; the accounts, and who is named at all, are right either way."""
    names = [f"measure m{place}" for place in range(len(measures))]
    book = accepted(
        'rulebook "Told" version 1.0.0\n    owner "o"\nrecords\n    subject text\n    actor text\n'
        "    kind one of post, like, view\n    at date\n    item text\n    size number 0 to 9 with 1 places\n"
        'exclude early "e"\n    when size = 0\n    because "b"\n'
        + "".join(f'{name} "m" / "m"\n    {each}\n' for name, each in zip(names, measures, strict=True))
        + "".join(f'rule r{n} "R"\n    points m{n}\n    because "b"\n' for n in range(len(measures)))
        + 'score "Score"\n    sum of all rules\n'
    )
    assert [kind for each in told_by_steps(plan(book)) for kind in each.aggregate.kinds] == told
    people = ("ada", "bob", "cyd", "dan")  # who has posts alone, likes alone, views alone, and all of them
    rows: tuple[Row, ...] = tuple(
        (whose, people[n % 4], kind, date.fromordinal(AS_OF.toordinal() - n % 23), f"i{n % 4}", Decimal(n % 7) / 2)
        for n in range(60)
        for whose, kinds in zip(people, (("post",), ("like",), ("view",), ("post", "like", "view")), strict=True)
        for kind in kinds
    )
    assert_as_by_the_reference(book, rows, AS_OF)


def test_a_rulebook_compiles_to_the_same_query_each_time() -> None:
    """Nothing in the query depends on the order of a set or on the moment."""
    book = load(COMMUNITY)
    assert compile_rulebook(book, {}).statements == compile_rulebook(load(COMMUNITY), {}).statements


@pytest.mark.parametrize("of_what", ["", "kind = like and "])
def test_many_exclusions_are_neither_joined_nor_filtered_one_by_one(of_what: str) -> None:
    """To plan a join for each of hundreds took minutes, and a thousand were refused by the database; with a filter for
    each of 1,900 it took 13 GB. So it is where no measure looks at what they take, too."""
    excludes = "".join(f'exclude e{n} "E"\n    when {of_what}size = {n}\n' for n in range(101))
    rulebook = accepted(
        'rulebook "Many" version 1.0.0\n    owner "o"\nrecords\n    subject text\n    kind one of post, like\n'
        f'    at date\n    size whole number 0 to 200\n{excludes}measure posts "post" / "posts"\n    count post\n'
        'rule r "R"\n    points posts\n    because "b"\nscore "Score"\n    sum of all rules\n'
    )
    rows = tuple(
        (name, kind, date(2026, 1, 1), Decimal(size))
        for name in ("ada", "bob")
        for size in range(90, 110)
        for kind in ("post", "like")
    )
    assert_as_by_the_reference(rulebook, rows, date(2026, 1, 1))
    compiled = readable_sql(rulebook, date(2026, 1, 1))
    assert compiled.count("JOIN") < 10
    assert compiled.count("FILTER") < 10


@pytest.mark.parametrize("measures", [1, 8])
def test_windows_end_on_the_same_day_however_records_are_counted(measures: int) -> None:
    """One by one where little is counted, else by tallies, and those that an exclusion takes always by tallies."""
    declared = "".join(
        f'measure m{n} "m" / "m"\n    {"sum size of" if n % 2 else "count"} post\n    when size > {n}\n'
        f"    within {9 + n % 3} days\n"
        for n in range(measures)
    )
    rulebook = accepted(
        'rulebook "Edges" version 1.0.0\n    owner "o"\nrecords\n    subject text\n    kind one of post, like\n'
        '    at date\n    size whole number 0 to 200\nexclude big "big"\n    when size > 100\n'
        f'{declared}rule r "R"\n    points {" + ".join(f"m{n}" for n in range(measures))}\n    because "b"\n'
        'score "Score"\n    sum of all rules\n'
    )
    assert counts_one_by_one(plan(rulebook), "subject") is (measures == 1)
    rows: tuple[Row, ...] = tuple(
        ("ada", kind, AS_OF - timedelta(days=age), Decimal(size + age))
        for kind in ("post", "like")
        for age in range(7, 13)
        for size in (0, 50, 150)
    )
    assert_as_by_the_reference(rulebook, rows, AS_OF)


def test_the_readable_query_begins_with_the_day_asked_for() -> None:
    """Else with the day from which the rulebook is in force, and else with some day."""
    for more, asked, day in (
        ("", None, "2026-01-01"),
        ("\n    effective 2025-03-04", None, "2025-03-04"),
        ("\n    effective 2025-03-04", date(2026, 7, 8), "2026-07-08"),
    ):
        book = accepted(OURS.replace('owner "Tests"', f'owner "Tests"{more}'))
        assert f"SET VARIABLE as_of = DATE '{day}';" in readable_sql(book, asked)


def test_the_query_of_one_rule_is_of_what_it_reads() -> None:
    """What other rules read is neither in the query of a rule nor said to be behind it."""
    book = load(COMMUNITY)
    rule = next(each for each in book.rules if each.name == "amplification")
    assert [each.name for each in alone_with(book, rule).measures] == ["sharers"]
    assert "repliers" not in rule_sql(book, rule)
    assert "sharers" in rule_sql(book, rule)


def test_the_moment_at_which_clocks_are_put_back_is_of_the_day_that_they_show_then() -> None:
    """In Sao Paulo midnight of 18 February 2018 was 23:00 of the 17th again: that second is of the 17th, the one before
    it, too, and that of an hour later of the 18th."""
    book = accepted(
        'rulebook "Clocks" version 1.0.0\n    owner "o"\n    time zone "America/Sao_Paulo"\n\nrecords\n'
        '    subject text\n    kind one of post\n    at time\n\nmeasure posts "post" / "posts"\n    count post\n\n'
        'rule r "R"\n    points posts\n    because "b"\n\nscore "Score"\n    sum of all rules\n'
    )
    moments = (datetime(2018, 2, 18, 1, 59, 59), datetime(2018, 2, 18, 2), datetime(2018, 2, 18, 3))  # noqa: DTZ001
    rows: tuple[Row, ...] = tuple(("ada", "post", moment.replace(tzinfo=UTC)) for moment in moments)
    run = in_duckdb(book, rows, (), date(2018, 2, 17))
    try:
        (ledger,) = run.ledgers()
    finally:
        run.close()
    assert ledger.score.score == 2
    assert ledger == refer(book, rows, (), date(2018, 2, 17)).subject("ada")


@pytest.mark.parametrize("kinds", [("BIGINT", "VARCHAR"), ("BIGINT", "BIGINT"), ("VARCHAR", "VARCHAR")])
def test_fields_that_are_compared_are_both_numbers_or_both_texts(kinds: tuple[str, str]) -> None:
    """Where the column of one holds whole numbers and that of the other texts, `07` is not 7."""
    book = accepted(
        'rulebook "Alike" version 1.0.0\n    owner "o"\n\nrecords\n    subject text\n    kind one of post\n'
        '    at date\n    item text\n    other text\n\nexclude alike "the same"\n    when item = other\n\n'
        'measure posts "post" / "posts"\n    count post\n\nrule r "R"\n    points posts\n    because "b"\n\n'
        'score "Score"\n    sum of all rules\n'
    )
    others = "'07'" if kinds[1] == "VARCHAR" else "8"
    select = (
        "SELECT i AS \"#row\", 'ada' AS subject, 'post' AS kind, DATE '2026-01-01' AS \"at\", "  # noqa: S608  a query of the test's own
        f"CAST(7 AS {kinds[0]}) AS item, CAST(CASE i WHEN 0 THEN {others} ELSE '7' END AS {kinds[1]}) AS other "
        "FROM range(2) AS rows (i)"
    )
    with duckdb.connect() as connection:
        scores = run_ledger(connection, book, select, None, AS_OF).tables.table("scores")
        assert connection.execute(f"SELECT score FROM {scores}").fetchall() == [(Decimal(1),)]  # noqa: S608  the ledger's


@pytest.mark.parametrize("limit", ["", "    keep at most 9 per actor\n"])
def test_what_is_left_out_can_still_be_what_is_returned(limit: str) -> None:
    """Ada's thanks to bob count for nothing, and bob's to her return them all the same."""
    left_out = 'exclude others "x"\n    when subject = "bob"\n'
    text = FAVOURS.replace("discount favours", f"{left_out}\ndiscount favours", 1)
    book = accepted(text.replace("    count thank\n", f"    count thank\n{limit}"))
    rows: tuple[Row, ...] = tuple(
        (subject, actor, "thank", datetime(2026, 1, day, tzinfo=UTC))
        for subject, actor, day in (("bob", "ada", 1), ("ada", "bob", 2))
    )
    run = in_duckdb(book, rows, (), AS_OF)
    try:
        found = {ledger.score.subject: ledger for ledger in run.ledgers()}
    finally:
        run.close()
    assert found["ada"].score.score == Decimal("0.5")
    assert list(found.values()) == list(refer(book, rows, (), AS_OF).ledgers())


TIES = (
    'rulebook "Ties" version 1.0.0\n    owner "o"\n\nrecords\n    subject text\n    actor text\n'
    "    kind one of post, edit\n    at date\n    item text optional\n    worth number 0 to 9 with 0 places\n\n"
    'exclude twice "twice"\n    repeats of actor\n\nmeasure worths "w" / "w"\n    sum worth of post, edit\n\n'
    'rule r "R"\n    points worths\n    because "b"\n\nscore "Score"\n    sum of all rules\n'
)


@pytest.mark.parametrize("kind", ["BIGINT", "VARCHAR"])
def test_of_repeats_at_one_moment_the_least_text_is_left_also_where_texts_lie_as_numbers(kind: str) -> None:
    """The item `10` comes before the item `9`, however their column lies in a file."""
    select = (
        "SELECT i AS \"#row\", 'ada' AS subject, 'bob' AS actor, 'post' AS kind, DATE '2026-01-01' AS \"at\", "  # noqa: S608  a query of the test's own
        f"CAST(9 + i AS {kind}) AS item, CAST(1 + i AS DECIMAL(1, 0)) AS worth FROM range(2) AS rows (i)"
    )
    with duckdb.connect() as connection:
        scores = run_ledger(connection, accepted(TIES), select, None, AS_OF).tables.table("scores")
        assert connection.execute(f"SELECT score FROM {scores}").fetchall() == [(Decimal(2),)]  # noqa: S608  the ledger's


@pytest.mark.parametrize(
    ("first", "second", "worth"),
    [
        (("post", "a", 1), ("edit", "a", 2), 2),  # as texts, not in the order in which the kinds are listed
        (("post", None, 1), ("post", "a", 2), 2),  # missing comes last
        (("post", "b", 1), ("edit", "a", 2), 2),
        (("post", "a", 2), ("post", "a", 1), 1),
    ],
)
def test_of_repeats_at_one_moment_the_least_in_field_order_is_left(
    first: tuple[str, str | None, int], second: tuple[str, str | None, int], worth: int
) -> None:
    """By hand, and by both engines, in either order of the rows."""
    book, day = accepted(TIES), date(2026, 1, 1)
    for pair in ((first, second), (second, first)):
        rows: tuple[Row, ...] = tuple(("ada", "bob", kind, day, item, Decimal(n)) for kind, item, n in pair)
        run = in_duckdb(book, rows, (), AS_OF)
        try:
            found = list(run.ledgers())
        finally:
            run.close()
        assert [each.score.score for each in found] == [worth]
        assert found == list(refer(book, rows, (), AS_OF).ledgers())


def test_the_average_of_many_of_the_largest_numbers_is_exact() -> None:
    """Their sum leaves what a short division has room for: nine thousand of 9999999999999999.9, and one of 0."""
    book = accepted(
        'rulebook "Averages" version 1.0.0\n    owner "o"\nrecords\n    subject text\n    kind one of post\n'
        "    at date\n    size number 0 to 10000000000000000 with 1 place\n"
        'measure mean "m" / "m"\n    average size of post\n'
        'rule r "R"\n    points mean or else 0\n    because "b"\nscore "Score"\n    sum of all rules\n'
    )
    size = "CASE i WHEN 0 THEN 0 ELSE 9999999999999999.9 END"
    select = (
        "SELECT i AS \"#row\", 'ada' AS subject, 'post' AS kind, DATE '2026-01-01' AS \"at\", "  # noqa: S608  a query of the test's own
        f"CAST({size} AS DECIMAL(18, 1)) AS size FROM range(9001) AS rows (i)"
    )
    with duckdb.connect() as connection:
        scores = run_ledger(connection, book, select, None, AS_OF).tables.table("scores")
        found = connection.execute(f"SELECT score FROM {scores}").fetchall()  # noqa: S608  the ledger's
    exact = Fraction(9000 * Decimal("9999999999999999.9")) / 9001
    assert abs(Fraction(found[0][0]) - exact) <= Fraction(1, 2 * 10**9)


def test_records_without_kinds_are_unused() -> None:
    """No measure can look at them, and each is accounted for all the same."""
    book = accepted(
        'rulebook "No kinds" version 1.0.0\n    owner "o"\nrecords\n    subject text\n    at date\n'
        'rule r "R"\n    points 1\n    because "b"\nscore "Score"\n    sum of all rules\n'
    )
    rows: tuple[Row, ...] = tuple(("ada", date(2026, month, 1)) for month in (1, 2, 9))
    assert_as_by_the_reference(book, rows, AS_OF)


EARNED = """
rulebook "Earned" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of thank, post
    at      time
{subjects}
measure thanks "thanks" / "thanks"
    count thank

measure busy "day" / "days"
    days of post

measure weighty "thanks" / "thanks"
    count thank
    when {earned} > 1

rule thanks "Thanks"
    points thanks * 100 + weighty * 10 + {more}

score "Earned"
    sum of all rules
"""


DECLARED = "\nsubjects\n    size whole number 0 or more\n"


@pytest.mark.parametrize(
    ("subjects", "earned", "more"), [("", "actor.busy", "busy"), (DECLARED, "(actor.busy or else 0)", "busy + size")]
)
def test_people_whose_names_lie_as_numbers_are_found_among_those_declared(
    subjects: str, earned: str, more: str
) -> None:
    """Where subjects' ids lie as whole numbers in the records, and those of actors and of people declared as texts,
    `x7` among them, everybody's measures, and what actors earned, are those of the same digits as texts."""
    book, digests = accepted(EARNED.format(subjects=subjects, earned=earned, more=more)), set()
    people = "SELECT unnest(['0', '1', '2', '3', '4', '5', 'x7']) AS subject, CAST(3 AS DECIMAL(18, 0)) AS size"
    actor = "CASE i % 5 WHEN 4 THEN 'x7' ELSE CAST(i % 5 AS VARCHAR) END"
    for kind in ("BIGINT", "INTEGER", "VARCHAR"):
        select = (
            f'SELECT i AS "#row", CAST(i % 6 AS {kind}) AS subject, {actor} AS actor, '  # noqa: S608  a query of the test's own
            "CASE WHEN i % 7 < 5 THEN 'thank' ELSE 'post' END AS kind, "
            "TIMESTAMP '2026-01-01' + to_days(CAST(i % 3 AS INTEGER)) AS \"at\" FROM range(50) AS rows (i)"
        )
        with duckdb.connect() as connection:
            run_ledger(connection, book, select, people if subjects else None, AS_OF)
            digests.add(ledger_digest(connection, book))
    assert len(digests) == 1


def test_a_measure_reaches_as_far_below_zero_as_above() -> None:
    """What can be far below 0 and never above it is divided the long way, as where it is above."""
    text = """
rulebook "Losses" version 1.0.0
    owner "Tests"

records
    subject text
    kind    one of loss
    at      time
    value   number -1000000000000 to 0 with 9 places

measure lost "point" / "points"
    sum value of loss

measure deep "point" / "points"
    = max(lost, -1000000000000000) * 1000000

rule lost "Lost"
    points deep / 3

score "Losses"
    sum of all rules
"""
    book = accepted(text)
    most = Decimal(-(10**12))
    rows = [("ada", "loss", datetime(2026, 2, 1, tzinfo=UTC), most + Decimal("1e-9"))] * 500
    run = in_duckdb(book, rows, (), AS_OF)
    try:
        assert list(run.ledgers()) == list(refer(book, tuple(rows), None, AS_OF).ledgers())
    finally:
        run.close()
