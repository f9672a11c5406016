"""Takes a DuckDB connection, a rulebook and the accepted records; gives the ledger as tables in that connection."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from threading import Lock
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from tallystick.engine import arithmetic
from tallystick.engine.attributes import Attributes
from tallystick.engine.elsewhere.part import Elsewhere, NoEvidence, laid_out
from tallystick.engine.evidence import Evidence
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.pauses import reads_pauses
from tallystick.engine.query.compile import Query, compile_rulebook
from tallystick.engine.query.fates import accounts_of
from tallystick.engine.query.native_ids import LEAST_SHORT, LONG, MOST_SHORT, SHORT, grouping_only
from tallystick.engine.query.pauses import show_pauses
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import added, quote_name
from tallystick.engine.query.steps import RECORDS, SUBJECTS, VOIDED, dated
from tallystick.engine.query.voided import show_voided
from tallystick.engine.query.wide import wide_name
from tallystick.engine.query.zones import Change, changes
from tallystick.engine.side_by_side import side_by_side
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tallystick.engine.state.measures import KeptMeasures

Progress = Callable[[str, int], None]
_NUMBER = "DECIMAL(38, 9)"


class Beside(Struct, frozen=True):
    """Queries to be asked beside the making of a ledger: ``early`` over the wide tables of people, while rules are
    worked out; ``late`` over all wide tables, side by side."""

    early: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


_NOTHING = Beside()


class Ledger(Struct, frozen=True):
    """A ledger in a connection, which holds its wide tables.

    ``not_admitted``: accepted records about people who were not; ``exact``: results that were worked out in decimals
    for it; ``told``: the rows of each query that was asked late beside it; ``measured_by``: the text of all that
    everybody was measured by, nothing where part of it is worked out elsewhere.
    """

    connection: DuckDBPyConnection
    rulebook: Rulebook
    as_of: date
    query: Query
    exact: int
    not_admitted: int
    evidence: Evidence | NoEvidence
    told: tuple[list[tuple[object, ...]], ...] = ()
    measured_by: tuple[str | None, ...] = ()

    @property
    def tables(self) -> LedgerTables:
        """The tables of the ledger."""
        return LedgerTables(self.connection, self.rulebook)

    @property
    def fates_sql(self) -> str:
        """A query that gives each accepted record's ``#row``, ``fate`` and ``name`` (of the exclusion)."""
        return dated(self.query.fates, self.as_of)

    @property
    def acts_sql(self) -> str:
        """A query that gives each ``actor`` how many ``records`` they did by the day, and how many about ``others``;
        empty where records have no actor."""
        return dated(self.query.acts, self.as_of)


def run_ledger(  # noqa: PLR0913  one parameter for each thing that a ledger depends on
    connection: DuckDBPyConnection,
    rulebook: Rulebook,
    records: str | None,
    subjects: str | None,
    as_of: date,
    *,
    pauses: str | None = None,
    voided: str | None = None,
    beside: Beside = _NOTHING,
    elsewhere: Elsewhere | None = None,
    keeping: KeptMeasures | None = None,
    earlier: Ledger | None = None,
    progress: Progress | None = None,
) -> Ledger:
    """Score everybody. ``records`` and ``subjects`` are queries for the accepted rows, with the declared fields as
    columns, and ``voided`` such a one for the records struck out, which only accounts and evidence tell of; ``pauses``
    one with ``subject``, ``from`` and ``to``. ``elsewhere``: where the records lie, if not in ``records``;
    ``keeping``: what works over them by what it kept of an earlier day; ``earlier``: the last ledger made in the
    connection, where no row has changed since: if it measured everybody by the same queries, the rules alone are worked
    out anew."""
    rulebook = on_day(rulebook, as_of)
    query = prepare(
        connection,
        rulebook,
        records,
        subjects,
        as_of,
        pauses=pauses,
        voided=voided,
        elsewhere=elsewhere,
        kept=None if keeping is None else keeping.rows_in,
    )
    counted = ExactFunctions()
    counted.register(connection, _texts(query))
    *tables, results = query.tables
    early = [each for each in query.wide if each.of_people]
    measured_by: tuple[str | None, ...] = ()
    if all(each.part is None for each in tables):
        measured_by = (records, subjects, pauses, voided, *(dated(each.text, as_of) for each in (*tables, *early)))
    measured = _measured_so(earlier, connection, measured_by)
    measuring = (*tables, *early) if measured is None else ()
    for statement in (*query.macros, *measuring):
        if progress is not None and statement in tables:
            progress(statement.words, 0)
        if elsewhere is not None and statement.part is not None:
            laid_out(connection, statement.part, as_of)
            elsewhere.work_out(connection, statement.part, as_of)
        if keeping is not None and statement.part is not None:
            keeping.work_out(statement.part, as_of)
        # A day written out is known before the query runs, a variable only while it does.
        connection.execute(dated(statement.text, as_of))
    if progress is not None:
        progress(results.words, 0)
    counting = () if rulebook.records is None or measured is not None else (_not_admitted(query, elsewhere),)
    let_go = tuple(
        f"DROP TABLE {quote_name(name)}" for name in dict.fromkeys(each.name for each in measuring if each.passing)
    )
    found = side_by_side(connection, (dated(results.text, as_of), *counting, *let_go, *beside.early))
    not_admitted = 0 if measured is None else measured.not_admitted
    if counting:
        not_admitted = cast("int", found[1][0][0])
    connection.execute(";\n".join(each.text for each in query.wide if each not in early))
    told = side_by_side(connection, beside.late)
    evidence: Evidence | NoEvidence = NoEvidence(connection, rulebook, as_of)
    if elsewhere is None:
        evidence = _evidence(connection, rulebook, as_of, query)
    return Ledger(connection, rulebook, as_of, query, counted.calls, not_admitted, evidence, tuple(told), measured_by)


def _measured_so(
    earlier: Ledger | None, connection: DuckDBPyConnection, measured_by: tuple[str | None, ...]
) -> Ledger | None:
    """Return an earlier ledger whose people stand in the connection as these queries would make them."""
    if earlier is None or earlier.connection is not connection or not measured_by:
        return None
    return earlier if earlier.measured_by == measured_by else None


def _not_admitted(query: Query, elsewhere: Elsewhere | None) -> str:
    """Return the query that counts the accepted records of which nobody's accounts tell."""
    accepted = f"(SELECT count(*) FROM {quote_name(RECORDS)})" if elsewhere is None else str(elsewhere.accepted)
    columns = (quote_name(f"{fate} {name}".rstrip()) for fate, name in accounts_of(query.plan))
    return (
        f"SELECT CAST({accepted} + (SELECT count(*) FROM {quote_name(VOIDED)}) - "
        f"(SELECT coalesce(sum({added(list(columns))}), 0) FROM {quote_name(wide_name('accounts'))}) AS BIGINT)"
    )


def evidence_from(
    connection: DuckDBPyConnection,
    rulebook: Rulebook,
    records: str | None,
    subjects: str | None,
    as_of: date,
    *,
    pauses: str | None = None,
    voided: str | None = None,
) -> Evidence:
    """Make a connection that holds only the accepted rows ready to be asked for evidence."""
    rulebook = on_day(rulebook, as_of)
    query = prepare(connection, rulebook, records, subjects, as_of, pauses=pauses, voided=voided)
    ExactFunctions().register(connection, _texts(query))
    for statement in (*query.macros, *query.first):
        connection.execute(dated(statement.text, as_of))
    return _evidence(connection, rulebook, as_of, query)


def _texts(query: Query) -> str:
    """Return all that a query asks."""
    evidence = (query.fates, query.evidence, query.evidence_kept, query.evidence_of_many)
    return "\n".join((*(each.text for each in query.statements), *evidence))


def _evidence(connection: DuckDBPyConnection, rulebook: Rulebook, as_of: date, query: Query) -> Evidence:
    """Say how evidence is asked for."""
    one, kept, many = (dated(each, as_of) for each in (query.evidence, query.evidence_kept, query.evidence_of_many))
    return Evidence(connection, rulebook, as_of, one, kept, many, Attributes(connection, rulebook, SUBJECTS))


def prepare(  # noqa: PLR0913  one parameter for each thing that a query depends on
    connection: DuckDBPyConnection,
    rulebook: Rulebook,
    records: str | None,
    subjects: str | None,
    as_of: date,
    *,
    pauses: str | None = None,
    voided: str | None = None,
    elsewhere: Elsewhere | None = None,
    apart: bool = False,
    kept: tuple[str, ...] | None = None,
) -> Query:
    """Show the connection what a query reads, and compile the query; ``apart``: with the part over records standing
    apart, as it does where they lie elsewhere; ``kept``: that, too, of records that lie in these tables, of which a
    state keeps what adds up."""
    if reads_pauses(rulebook):
        show_pauses(connection, pauses)
    if rulebook.records is not None:
        show_voided(connection, rulebook, voided)
    types: dict[str, str] = {}
    for relation, select, fields in ((RECORDS, records, rulebook.records), (SUBJECTS, subjects, rulebook.subjects)):
        if fields is None:
            continue
        kinds = {field.name: sql_type(field) for field in fields}
        if relation == RECORDS and elsewhere is not None:
            kinds |= elsewhere.types
        names = ", ".join(f"CAST(NULL AS {kind}) AS {quote_name(name)}" for name, kind in kinds.items())
        if relation == SUBJECTS and not any(field.name == "subject" for field in fields):
            names = f"CAST(NULL AS VARCHAR) AS subject{', ' if names else ''}{names}"
        given = select if select is not None else f'SELECT CAST(NULL AS BIGINT) AS "#row", {names} WHERE false'
        connection.execute(f"CREATE OR REPLACE VIEW {quote_name(relation)} AS {given}")
        described = connection.execute(f"DESCRIBE {quote_name(relation)}").fetchall()
        if relation == RECORDS:
            types = {row[0]: row[1] for row in described}
            types = types if elsewhere is not None else _shortened(connection, rulebook, types, kept)
    connection.execute("SET VARIABLE as_of = ?", [as_of])
    clock = _changes(connection, rulebook, as_of, elsewhere)
    together = kept is not None
    apart = apart or together or elsewhere is not None
    return compile_rulebook(rulebook, types, clock, voids=voided is not None, elsewhere=apart, together=together)


def _shortened(
    connection: DuckDBPyConnection, rulebook: Rulebook, types: dict[str, str], kept: tuple[str, ...] | None
) -> dict[str, str]:
    """Return the types with those of ids made shorter whose least and greatest fit. The statistics of a Parquet file
    and of each table tell those, and of no two together."""
    long = sorted(name for name in grouping_only(plan(rulebook)) if types.get(name) in LONG)
    if not long:
        return types
    tests = (
        f"coalesce(min({name}) >= {LEAST_SHORT} AND max({name}) <= {MOST_SHORT}, true)"
        for name in map(quote_name, long)
    )
    asked = f"SELECT {', '.join(tests)} FROM"
    found = [connection.execute(f"{asked} {name}").fetchall()[0] for name in kept or (quote_name(RECORDS),)]
    return types | {name: SHORT for place, name in enumerate(long) if all(fit[place] for fit in found)}


def _changes(
    connection: DuckDBPyConnection, rulebook: Rulebook, as_of: date, elsewhere: Elsewhere | None
) -> tuple[Change, ...]:
    """Return the changes of the clocks of a rulebook's time zone, for the years of the moments read."""
    if rulebook.time_zone == "UTC":
        return ()
    years: set[int] = {as_of.year}
    for relation, fields in ((RECORDS, plan(rulebook).fields), (SUBJECTS, rulebook.subjects or ())):
        for field in fields:
            if isinstance(field.type, TimeType):
                name = quote_name(field.name)
                query = f"SELECT year(min({name})), year(max({name})) FROM {quote_name(relation)}"
                (found,) = connection.execute(query).fetchall()
                years |= {year for year in found if year is not None}
                if elsewhere is not None and relation == RECORDS:
                    years.update(elsewhere.years(field) or ())
    return changes(rulebook.time_zone, min(years) - 1, max(years) + 1)


class ExactFunctions:
    """The functions that work in decimals, and how often they were asked."""

    def __init__(self) -> None:
        """Begin to count from 0."""
        self.calls = 0
        self._lock = Lock()

    def register(self, connection: DuckDBPyConnection, called: str | None = None) -> None:
        """Make the functions known to a connection; only those that the text ``called`` names, where there is one."""
        one: dict[str, Callable[[Decimal], Decimal]] = {
            "exactly sqrt": arithmetic.root,
            "exactly ln": arithmetic.natural_log,
            "exactly log10": arithmetic.log10,
            "exactly exp": arithmetic.exponential,
            "exactly erfc": arithmetic.complementary_error,
        }
        two: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
            "exactly root level": lambda x, top: arithmetic.level("square root", x, top),
            "exactly logarithmic level": lambda x, top: arithmetic.level("logarithmic", x, top),
        }
        functions: list[tuple[str, Callable[..., Decimal], int]] = [
            *((name, self._counting_one(function), 1) for name, function in one.items()),
            *((name, self._counting_two(of_two), 2) for name, of_two in two.items()),
            ("exactly mean", self._mean, 3),
            ("exactly log normal level", self._log_normal, 3),
        ]
        for name, counting, operands in functions:
            if called is None or quote_name(name) in called:
                self._add(connection, name, counting, operands)

    def _add(self, connection: DuckDBPyConnection, name: str, function: Callable[..., Decimal], operands: int) -> None:
        import duckdb  # noqa: PLC0415

        with suppress(duckdb.Error):
            connection.remove_function(name)
        connection.create_function(name, function, [_NUMBER] * operands, _NUMBER)

    def _count(self) -> None:
        with self._lock:
            self.calls += 1

    def _counting_one(self, function: Callable[[Decimal], Decimal]) -> Callable[[Decimal], Decimal]:
        def counting(x: Decimal) -> Decimal:
            self._count()
            return function(x)

        return counting

    def _counting_two(self, function: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal]:
        def counting(x: Decimal, top: Decimal) -> Decimal:
            self._count()
            return function(x, top)

        return counting

    def _log_normal(self, x: Decimal, p10: Decimal, median: Decimal) -> Decimal:
        self._count()
        return arithmetic.level("log normal", x, median, p10)

    def _mean(self, total: Decimal, out_of: Decimal, weights: Decimal) -> Decimal:
        self._count()
        return arithmetic.quotient(Fraction(total) * Fraction(out_of) / Fraction(weights))
