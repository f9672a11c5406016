"""Takes rows in another database and the fields declared; has that database accept or reject each of them, and gives
what became of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from tallystick.engine.elsewhere.cells import BINARY, Cell, Holds, cell
from tallystick.engine.elsewhere.part import RejectedCells
from tallystick.engine.elsewhere.rows import TAKEN_IN, Column, Rows, RowsTaken
from tallystick.engine.intake import reasons
from tallystick.engine.intake.lookups import make_hours, make_meanings
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.table import Wanted, absent_columns
from tallystick.engine.query.sql import quote_name as quote_here
from tallystick.engine.query.steps import RECORDS
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.value import TextType, TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROLE = "records"
_MAPPED, _CELLS, _TYPED, _SHARED = "records mapped", "records as cells", "records as values", "records that share an id"
_LONGEST_SHOWN = 100
_LONGEST_TYPE = 60


def take_in_rows(
    rows: Rows, connection: DuckDBPyConnection, wanted: tuple[Wanted, ...], skipping: Skipping
) -> RowsTaken:
    """Look at every row, and give the accepted ones the names ``records taken in`` and ``records accepted``; raises
    ``UsageRefusal`` where a column is missing or cannot be read from."""
    absent = absent_columns(rows.shown, wanted, tuple(rows.columns))
    text = Column("", rows.words.dialect.cast("NULL", "VARCHAR", ()))
    columns = tuple(rows.columns.get(each.column, text) for each in wanted)
    held: list[Holds] = []
    for each, column in zip(wanted, columns, strict=True):
        holds = "text" if column is text else rows.words.holds(column.kind)
        if holds is None:
            kind = column.kind[:_LONGEST_TYPE]
            message = f"column `{each.column}` of `{rows.shown}` holds values of the type {kind}"
            raise UsageRefusal(message, help="a field is read from texts, numbers, yes/no, dates or times")
        held.append(holds)
    return _Taking(rows, connection, wanted, skipping, columns, tuple(held), absent).taken()


class _Taking(Struct, frozen=True, dict=True):
    rows: Rows
    connection: DuckDBPyConnection
    wanted: tuple[Wanted, ...]
    skipping: Skipping
    columns: tuple[Column, ...]
    held: tuple[Holds, ...]
    absent: tuple[str, ...]

    def taken(self) -> RowsTaken:
        places = range(len(self.wanted))
        self._name_cells()
        needed = [place for place in places if not self.wanted[place].field.optional]
        counts = [f"count(*) FILTER (WHERE m{place})" for place in needed]
        counts += [f"count(*) FILTER (WHERE {_odd(place)})" for place in places]
        (told,) = self.rows.ask(f"SELECT count(*), {', '.join(counts)} FROM {self._quoted(_CELLS)}")
        read, flaws = told[0], told[1:]
        rows = read
        if self._mapped is not None and self.skipping.skipped:
            ((rows,),) = self.rows.ask(f"SELECT count(*) FROM {self.rows.relation}")
        odd = [place for place, found in zip(places, flaws[len(needed) :], strict=True) if found]
        for place in odd:
            self._look_up(place)
        rejected = self._rejected(odd) if any(flaws) else ()
        self.rows.name(self._typed(odd), _TYPED)
        copies, shared = self._without_copies()
        # Two names, since corrections and a score by a field accept others of them.
        self.rows.name(f"SELECT * FROM {self._quoted(TAKEN_IN)}", RECORDS)
        lost = sum(each.rows for each in (*rejected, *shared))
        return RowsTaken(
            tuple(each.field for each in self.wanted),
            frozenset(self.wanted[place].field.name for place in self._whole),
            rows,
            rows - read,
            copies,
            read - lost - copies,
            (*rejected, *shared),
            self.absent,
        )

    def _quoted(self, name: str) -> str:
        return self.rows.words.dialect.name(name)

    def _text(self, text: str) -> str:
        return self.rows.words.dialect.text(text)

    # ---- cells ---------------------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        held = ("text" if place == self._mapped else holds for place, holds in enumerate(self.held))
        return tuple(
            cell(self.rows.words, each.field, holds, f"c{place}")
            for place, (each, holds) in enumerate(zip(self.wanted, held, strict=True))
        )

    @cached_property
    def _whole(self) -> frozenset[int]:
        """The places of ids that are whole numbers there."""
        return frozenset(
            place
            for place, each in enumerate(self.wanted)
            if isinstance(each.field.type, TextType) and self.held[place] == "whole"
        )

    @cached_property
    def _mapped(self) -> int | None:
        return self.skipping.place(self.wanted)

    def _name_cells(self) -> None:
        """Name the rows that are not skipped with, for each field, its text ``t``, whether it is missing ``m`` and what
        it means if it is plainly written, ``v``."""
        columns = [each.sql for each in self.columns]
        where, kind = "", self._mapped
        if kind is not None:
            text = self.rows.words.dialect.cast(columns[kind], "VARCHAR", ())
            cases = "".join(f" WHEN {self._text(a)} THEN {self._text(b)}" for a, b in self.skipping.renamed.items())
            columns[kind] = f"CASE {text}{cases} ELSE {text} END" if cases else text
            skip = ", ".join(map(self._text, sorted(self.skipping.skipped)))
            where = f" WHERE coalesce({text} NOT IN ({skip}), true)" if skip else ""
        named = ", ".join(f"{column} AS c{place}" for place, column in enumerate(columns))
        self.rows.name(f"SELECT {named}\nFROM {self.rows.relation}{where}", _MAPPED)
        told: list[str] = []
        hours = ""
        for place, each in enumerate(self._cells):
            value = f"c{place}" if place in self._whole else each.value.replace("{ahead}", f"h{place}.ahead")
            told.append(f"{each.text} AS t{place}, ({each.missing}) AS m{place}, {value} AS v{place}")
            of = self.wanted[place].field.type
            if each.local is not None and isinstance(of, TimeType) and of.zone is not None:
                hours += self._hours(place, each.local, ZoneInfo(of.zone))
        self.rows.name(f"SELECT {', '.join(told)}\nFROM {self._quoted(_MAPPED)}{hours}", _CELLS)

    def _hours(self, place: int, local: str, zone: ZoneInfo) -> str:
        """Join how far ahead of UTC the clocks of a field's zone are in each of the hours that occur; an hour in which
        they are put forward or back has no row, and is left to ``read_cell``."""
        hour, name = self.rows.words.dialect.call("date_trunc", [local, "hour"]), f"{_ROLE} hours {place}"
        query = f"SELECT DISTINCT {hour} AS hour FROM {self._quoted(_MAPPED)} WHERE {hour} IS NOT NULL"
        found = f"SELECT DISTINCT hour FROM {self.rows.bring(query, {'hour': 'TIMESTAMP'})}"
        make_hours(self.connection, name, [found], zone)
        self.rows.send(f"SELECT * FROM {quote_here(name)}", name)
        return f"\nLEFT JOIN {self._quoted(name)} AS h{place} ON h{place}.hour = {hour}"

    # ---- odd cells -----------------------------------------------------------------------------------------------

    def _look_up(self, place: int) -> None:
        """Show the database what the different texts mean that are not plainly written, or why they mean nothing."""
        query = f"SELECT DISTINCT t{place} AS text FROM {self._quoted(_CELLS)} WHERE {_odd(place)}"
        binary, name = BINARY.get(self.held[place]), f"{_ROLE} odd {place}"
        shown = "text" if binary is None else f"CAST(CAST(text AS {binary}) AS VARCHAR)"
        told = f"(SELECT text, {shown} AS shown FROM {self.rows.bring(query, {'text': 'VARCHAR'})})"
        make_meanings(self.connection, name, [f"SELECT DISTINCT shown FROM {told}"], self.wanted[place].field)
        columns = "told.text AS text, shown, value, reason"
        known = f"SELECT {columns} FROM {told} AS told JOIN {quote_here(name)} AS odd ON odd.text = shown"
        self.rows.send(known, name)

    def _looked_up(self, odd: list[int]) -> str:
        joins = (
            f"\nLEFT JOIN {self._quoted(f'{_ROLE} odd {place}')} AS o{place} "
            f"ON o{place}.text = t{place} AND {_odd(place)}"
            for place in odd
        )
        return self._quoted(_CELLS) + "".join(joins)

    def _typed(self, odd: list[int]) -> str:
        tests = [f"NOT m{place}" for place, each in enumerate(self.wanted) if not each.field.optional]
        tests += [f"o{place}.reason IS NULL" for place in odd]
        values: list[str] = []
        for place, each in enumerate(self.wanted):
            value = f"v{place}"
            if place in odd:
                value = f"coalesce(v{place}, {self.rows.words.typed(f'o{place}.value', each.field)})"
            values.append(f"{value} AS {self._quoted(each.field.name)}")
        where = f"\nWHERE {' AND '.join(tests)}" if tests else ""
        return f"SELECT {', '.join(values)}\nFROM {self._looked_up(odd)}{where}"

    def _rejected(self, odd: list[int]) -> tuple[RejectedCells, ...]:
        """Count the rows that are rejected, each for the first of its fields that cannot be read."""
        cases: list[tuple[str, str, str, str]] = []
        for place, each in enumerate(self.wanted):
            name = self._text(each.field.name)
            if not each.field.optional:
                cases.append((f"m{place}", name, self._text(reasons.MISSING), "''"))
            if place in odd:
                value = f"left(o{place}.shown, {_LONGEST_SHOWN})"
                cases.append((f"o{place}.reason IS NOT NULL", name, f"o{place}.reason", value))
        if not cases:
            return ()
        columns = ", ".join(
            f"CASE {' '.join(f'WHEN {case[0]} THEN {case[at]}' for case in cases)} END AS {column}"
            for at, column in enumerate(("field", "reason", "value"), start=1)
        )
        found = self.rows.ask(
            f"SELECT field, reason, value, count(*) FROM (\nSELECT {columns}\nFROM {self._looked_up(odd)}\n) AS told\n"
            "WHERE field IS NOT NULL GROUP BY field, reason, value"
        )
        return tuple(RejectedCells(*each) for each in sorted(found))

    # ---- ids -----------------------------------------------------------------------------------------------------

    def _without_copies(self) -> tuple[int, tuple[RejectedCells, ...]]:
        """Leave out copies of rows that share their id, and all that share it and differ."""
        names = ", ".join(self._quoted(each.field.name) for each in self.wanted)
        typed, shared, id_ = self._quoted(_TYPED), self._quoted(_SHARED), self._quoted("id")
        everything = f"SELECT {names} FROM {typed}"
        if not any(each.field.name == "id" for each in self.wanted):
            self.rows.name(everything, TAKEN_IN)
            return 0, ()
        shares = (
            f"SELECT {id_}, count(*) AS n, count(DISTINCT ({names})) > 1 AS differ FROM {typed}\n"
            f"WHERE {id_} IS NOT NULL GROUP BY {id_} HAVING count(*) > 1"
        )
        count = f"SELECT count(*), sum(n - 1) FILTER (WHERE NOT differ) FROM (\n{shares}\n) AS shared"
        ((ids, copies),) = self.rows.ask(count)
        if ids == 0:
            self.rows.name(everything, TAKEN_IN)
            return 0, ()
        # Named only now: what two names read, PostgreSQL writes down.
        self.rows.name(shares, _SHARED)
        as_text = self.rows.words.dialect.cast(id_, "VARCHAR", ())
        found = self.rows.ask(f"SELECT {as_text}, n FROM {shared} WHERE differ")
        same = f"SELECT 1 FROM {shared} AS shared WHERE shared.{id_} = these.{id_}"
        self.rows.name(
            f"{everything} AS these WHERE NOT EXISTS ({same})\nUNION ALL\n"
            f"SELECT DISTINCT {names} FROM {typed} AS these WHERE EXISTS ({same} AND NOT shared.differ)",
            TAKEN_IN,
        )
        rejected = (RejectedCells("id", reasons.ID_SHARED, key[:_LONGEST_SHOWN], n) for key, n in sorted(found))
        return int(copies or 0), tuple(rejected)


def _odd(place: int) -> str:
    """Return whether a cell is not plainly written."""
    return f"NOT m{place} AND v{place} IS NULL"
