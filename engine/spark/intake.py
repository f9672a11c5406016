"""Takes a view of rows in Spark and the fields declared; gives the view of those accepted, and why others were not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tallystick.engine import reasons
from tallystick.engine.dialects.spark import quote_name, quote_text
from tallystick.engine.intake_cells import sql_type
from tallystick.engine.intake_lookups import fill_odd
from tallystick.engine.intake_shape import Skipping
from tallystick.engine.intake_table import Wanted
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.spark.cells import WHOLE, Cell, cell, column_of, value_type
from tallystick.engine.spark.exchange import brought, send
from tallystick.engine.spark.session import SparkHere
from tallystick.engine.sql import quote_name as quote_here
from tallystick.engine.sql_steps import RECORDS
from tallystick.rules.rulebook import TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GIVEN = "records given"
_CELLS, _TYPED, _SHARED = "records as cells", "records as values", "records that share an id"
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view: its type in Spark's words, and how it is written."""

    kind: str
    sql: str


@dataclass(frozen=True, slots=True)
class ViewTaken:
    """What became of a view's rows. ``types``: DuckDB's of the declared fields. ``rejected``: field, reason, how the
    value begins, and how many rows."""

    types: Mapping[str, str]
    rows: int
    skipped: int
    copies: int
    accepted: int
    rejected: tuple[tuple[str, str, str, int], ...]


def take_in_view(
    spark: SparkHere,
    connection: DuckDBPyConnection,
    wanted: tuple[Wanted, ...],
    skipping: Skipping,
    columns: Mapping[str, Column],
) -> ViewTaken:
    """Look at every row of the view ``GIVEN``, which has those columns, and make the view of the accepted records.

    Raises ``UsageRefusal`` where a column holds what no field can be read from.
    """
    for each in wanted:
        kind = columns[each.column].kind if each.column in columns else "string"
        if column_of(kind) is None:
            message = f"column `{each.column}` of the records holds values of the type {kind[:60]}"
            raise UsageRefusal(message, help="a field is read from texts, numbers, yes/no, dates or times")
    return _Taking(spark, connection, wanted, skipping, columns).taken()


@dataclass(frozen=True)
class _Taking:
    spark: SparkHere
    connection: DuckDBPyConnection
    wanted: tuple[Wanted, ...]
    skipping: Skipping
    columns: Mapping[str, Column]

    def taken(self) -> ViewTaken:
        places = range(len(self.wanted))
        self.spark.name(self._cells_query, _CELLS)
        needed = [i for i in places if not self.wanted[i].field.optional]
        counts = [f"count_if(m{i})" for i in needed] + [f"count_if(NOT m{i} AND v{i} IS NULL)" for i in places]
        (told,) = self.spark.rows(f"SELECT count(*), {', '.join(counts)} FROM {quote_name(_CELLS)}")
        read, flaws = int(told[0]), told[1:]
        rows = read
        if self._mapped is not None and self.skipping.skipped:
            ((rows,),) = self.spark.rows(f"SELECT count(*) FROM {quote_name(GIVEN)}")
        odd = [i for i, found in zip(places, flaws[-len(self.wanted) :], strict=True) if found]
        self._look_up(odd)
        rejected = self._rejected(odd) if any(flaws) else ()
        self.spark.name(self._typed(odd), _TYPED)
        copies, shared = self._without_copies()
        lost = sum(each[3] for each in (*rejected, *shared))
        return ViewTaken(self._types, int(rows), int(rows) - read, copies, read - lost - copies, (*rejected, *shared))

    @property
    def _types(self) -> dict[str, str]:
        return {
            each.field.name: WHOLE[self._kind(place)] if place in self._whole else sql_type(each.field)
            for place, each in enumerate(self.wanted)
        }

    def _kind(self, place: int) -> str:
        """Return the type of a field's column in Spark's words; that of one that is not there is a text's."""
        column = self.columns.get(self.wanted[place].column)
        return "string" if column is None else column.kind

    # ---- cells ---------------------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        found: list[Cell] = []
        for place, each in enumerate(self.wanted):
            holds = column_of(self._kind(place))
            assert holds is not None  # noqa: S101  refused before
            found.append(cell(each.field, "text" if place == self._mapped else holds, f"c{place}"))
        return tuple(found)

    @cached_property
    def _whole(self) -> frozenset[int]:
        """The places of ids that are whole numbers there."""
        return frozenset(
            place
            for place, each in enumerate(self.wanted)
            if isinstance(each.field.type, TextType) and self._kind(place) in WHOLE
        )

    @cached_property
    def _mapped(self) -> int | None:
        """The place of the field ``kind``, if the mapping says anything about kinds."""
        if not self.skipping.renamed and not self.skipping.skipped:
            return None
        return next((place for place, each in enumerate(self.wanted) if each.field.name == "kind"), None)

    @property
    def _cells_query(self) -> str:
        """The rows that are not skipped with, for each field, its text ``t``, whether it is missing ``m`` and what it
        means if it is plainly written, ``v``."""
        absent = Column("string", "CAST(NULL AS STRING)")
        columns = [self.columns.get(each.column, absent).sql for each in self.wanted]
        where, kind = "", self._mapped
        if kind is not None:
            text = f"CAST({columns[kind]} AS STRING)"
            cases = "".join(f" WHEN {quote_text(a)} THEN {quote_text(b)}" for a, b in self.skipping.renamed.items())
            columns[kind] = f"CASE {text}{cases} ELSE {text} END" if cases else text
            skip = ", ".join(quote_text(each) for each in sorted(self.skipping.skipped))
            where = f" WHERE coalesce({text} NOT IN ({skip}), true)" if skip else ""
        named = ", ".join(f"{column} AS c{place}" for place, column in enumerate(columns))
        told: list[str] = []
        for place, each in enumerate(self._cells):
            value = f"c{place}" if place in self._whole else each.value
            told.append(f"{each.text} AS t{place}, ({each.missing}) AS m{place}, {value} AS v{place}")
        return f"SELECT {', '.join(told)}\nFROM (SELECT {named} FROM {quote_name(GIVEN)}{where})"

    # ---- odd cells -----------------------------------------------------------------------------------------------

    def _look_up(self, odd: list[int]) -> None:
        """Show Spark what the different texts mean that are not plainly written, or why they mean nothing."""
        fetched = {place: self._fetched(place) for place in odd}
        fill_odd(self.connection, "records", [_Fetched(fetched)], self.wanted, odd)
        for place, (_, told) in fetched.items():
            columns = "t AS text, text AS shown, value, reason"
            known = f"SELECT {columns} FROM {told} AS told JOIN {quote_here(_odd(place))} USING (text)"
            send(self.spark, self.connection, known, _odd(place))

    def _fetched(self, place: int) -> tuple[str, str]:
        """Fetch the odd texts of a column: a query for them as DuckDB writes them, and one with Spark's beside."""
        query = f"SELECT DISTINCT t{place} AS t FROM {quote_name(_CELLS)} WHERE NOT m{place} AND v{place} IS NULL"
        files = brought(self.spark, query)
        kind = self._kind(place)
        as_here = f"CAST(CAST(t AS {kind}) AS VARCHAR)" if kind in {"float", "double"} else "t"
        told = f"(SELECT t, {as_here} AS text FROM {files})"
        return f"SELECT DISTINCT text FROM {told}", told

    def _looked_up(self, odd: list[int]) -> str:
        joins = (
            f"\nLEFT JOIN {quote_name(_odd(place))} AS o{place} "
            f"ON o{place}.text = t{place} AND NOT m{place} AND v{place} IS NULL"
            for place in odd
        )
        return quote_name(_CELLS) + "".join(joins)

    def _typed(self, odd: list[int]) -> str:
        tests = [f"NOT m{place}" for place, each in enumerate(self.wanted) if not each.field.optional]
        tests += [f"o{place}.reason IS NULL" for place in odd]
        values: list[str] = []
        for place, each in enumerate(self.wanted):
            value = f"v{place}"
            if place in odd:
                value = f"coalesce(v{place}, CAST(o{place}.value AS {value_type(each.field)}))"
            values.append(f"{value} AS {quote_name(each.field.name)}")
        where = f"\nWHERE {' AND '.join(tests)}" if tests else ""
        return f"SELECT {', '.join(values)}\nFROM {self._looked_up(odd)}{where}"

    def _rejected(self, odd: list[int]) -> tuple[tuple[str, str, str, int], ...]:
        """Count the rows that are rejected, each for the first of its fields that cannot be read."""
        told: list[str] = []
        for place, each in enumerate(self.wanted):
            name = quote_text(each.field.name)
            if not each.field.optional:
                told.append(f"WHEN m{place} THEN {_why(name, quote_text(reasons.MISSING), quote_text(''))}")
            if place in odd:
                value = f"left(o{place}.shown, {_LONGEST_SHOWN})"
                told.append(f"WHEN o{place}.reason IS NOT NULL THEN {_why(name, f'o{place}.reason', value)}")
        if not told:
            return ()
        found = self.spark.rows(
            "SELECT why.field, why.reason, why.value, count(*) FROM (\n"
            f"SELECT CASE {' '.join(told)} END AS why FROM {self._looked_up(odd)}\n"
            ") WHERE why IS NOT NULL GROUP BY ALL ORDER BY 1, 2, 3"
        )
        return tuple((str(field), str(why), str(value), int(n)) for field, why, value, n in found)

    # ---- ids -----------------------------------------------------------------------------------------------------

    def _without_copies(self) -> tuple[int, tuple[tuple[str, str, str, int], ...]]:
        """Leave out copies of rows that share their id, and all that share it and differ."""
        names = ", ".join(quote_name(each.field.name) for each in self.wanted)
        typed, shared = quote_name(_TYPED), quote_name(_SHARED)
        everything = f"SELECT {names} FROM {typed}"
        if not any(each.field.name == "id" for each in self.wanted):
            self.spark.name(everything, RECORDS)
            return 0, ()
        counted = f"SELECT id, count(*) AS n, count(DISTINCT struct({names})) > 1 AS differ FROM {typed}"
        self.spark.name(f"SELECT * FROM ({counted} WHERE id IS NOT NULL GROUP BY id) WHERE n > 1", _SHARED)
        ((ids, copies),) = self.spark.rows(f"SELECT count(*), sum(n - 1) FILTER (WHERE NOT differ) FROM {shared}")
        if ids == 0:
            self.spark.name(everything, RECORDS)
            return 0, ()
        found = self.spark.rows(f"SELECT CAST(id AS STRING), n FROM {shared} WHERE differ ORDER BY 1")
        once = (
            f"SELECT DISTINCT {names} FROM {typed} AS these LEFT ANTI JOIN {shared} AS shared\n"
            "    ON shared.differ AND shared.id = these.id\nWHERE id IS NOT NULL"
        )
        self.spark.name(f"{everything} WHERE id IS NULL\nUNION ALL\n{once}", RECORDS)
        rejected = tuple(("id", reasons.ID_SHARED, str(key)[:_LONGEST_SHOWN], int(n)) for key, n in found)
        return int(copies or 0), rejected


@dataclass(frozen=True)
class _Fetched:
    """The odd texts of columns, fetched."""

    queries: Mapping[int, tuple[str, str]]

    def odd(self, place: int) -> str:
        """Return a query for the different texts in a column that are not plainly written."""
        return self.queries[place][0]


def columns_of_view(fields: Iterable[Any], path: str = "", inside: str = "") -> Iterator[tuple[str, Column]]:
    """Give each column of a schema and each part of an object in one, by its dotted path; a column before a part that
    is called alike."""
    fields = tuple(fields)
    for field in fields:
        yield f"{path}{field.name}", Column(field.dataType.simpleString(), f"{inside}{quote_name(field.name)}")
    for field in fields:
        parts = getattr(field.dataType, "fields", ())
        yield from columns_of_view(parts, f"{path}{field.name}.", f"{inside}{quote_name(field.name)}.")


def _odd(place: int) -> str:
    return f"records odd {place}"


def _why(field: str, reason: str, value: str) -> str:
    return f"named_struct('field', {field}, 'reason', {reason}, 'value', {value})"
