"""Takes a session and the fields declared; gives the query for the rows of a table that are accepted, and each rejected
row with why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from tallystick.engine import reasons
from tallystick.engine.dialects.postgres import quote_list, quote_name, quote_text
from tallystick.engine.intake_lookups import ahead_in
from tallystick.engine.intake_shape import Skipping
from tallystick.engine.intake_table import Wanted, absent_columns
from tallystick.engine.postgres.cells import Cell, cell, column_of, value_type
from tallystick.engine.postgres.session import Session, columns_of_table
from tallystick.engine.reading import Rejected, read_cell, written
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Field, TextType, TimeType

_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class RejectedCells:
    """Rows rejected for one reason and value: the field, why, how the value begins, and how many they are."""

    field: str
    reason: str
    value: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableTaken:
    """What became of a table's rows: ``select`` gives the declared fields of those accepted, once each; ``whole`` are
    the text fields that lie there as whole numbers and stay such."""

    select: str
    fields: tuple[Field, ...]
    whole: frozenset[str]
    rows: int
    skipped: int
    copies: int
    accepted: int
    rejected: tuple[RejectedCells, ...]
    absent: tuple[str, ...]


def take_in_table(session: Session, wanted: tuple[Wanted, ...], skipping: Skipping) -> TableTaken:
    """Look at every row; raises ``UsageRefusal`` where a column is missing or cannot be read from."""
    kinds = columns_of_table(session)
    shown = f"{session.address.schema}.{session.address.table}"
    absent = absent_columns(shown, wanted, tuple(kinds))
    for each in wanted:
        if each.column in kinds and column_of(kinds[each.column]) is None:
            message = f"column `{each.column}` of `{shown}` holds values of the type {kinds[each.column]}"
            raise UsageRefusal(message, help="a field is read from texts, numbers, yes/no, dates or times")
    return _Taking(session, wanted, skipping, kinds, absent).taken()


@dataclass(frozen=True)
class _Taking:
    session: Session
    wanted: tuple[Wanted, ...]
    skipping: Skipping
    kinds: dict[str, str]
    absent: tuple[str, ...]

    def taken(self) -> TableTaken:
        places = range(len(self.wanted))
        counts = [f"count(*) FILTER (WHERE m{i})" for i in places if self._needed(i)]
        counts += [f"count(*) FILTER (WHERE NOT m{i} AND v{i} IS NULL)" for i in places]
        (told,) = self.session.rows(f"SELECT count(*), {', '.join(counts)}\nFROM {self._read}")
        ((rows,),) = self.session.rows(f"SELECT count(*) FROM {self.session.table}") if self._mapped else ((told[0],),)
        odd = {i: self._meanings(i) for i, found in zip(places, told[-len(self.wanted) :], strict=True) if found}
        rejected = self._rejected(odd) if any(told[1:]) else ()
        names = ", ".join(quote_name(each.field.name) for each in self.wanted)
        select = f"SELECT {names}\nFROM {self._accepted(odd)}"
        select, copies, shared = self._without_copies(select)
        lost = sum(each.rows for each in (*rejected, *shared))
        read = int(str(told[0]))
        return TableTaken(
            select,
            tuple(each.field for each in self.wanted),
            frozenset(self.wanted[i].field.name for i in self._whole),
            int(str(rows)),
            int(str(rows)) - read,
            copies,
            read - lost - copies,
            (*rejected, *shared),
            self.absent,
        )

    # ---- cells ---------------------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        found: list[Cell] = []
        for place, each in enumerate(self.wanted):
            holds = column_of(self.kinds.get(each.column, "text"))
            assert holds is not None  # noqa: S101  refused before
            found.append(cell(each.field, "text" if place == self._mapped_kind else holds, f"c{place}"))
        return tuple(found)

    @cached_property
    def _whole(self) -> frozenset[int]:
        """The places of ids that are whole numbers there."""
        return frozenset(
            place
            for place, each in enumerate(self.wanted)
            if isinstance(each.field.type, TextType) and column_of(self.kinds.get(each.column, "")) == "whole"
        )

    def _needed(self, place: int) -> bool:
        return not self.wanted[place].field.optional

    @property
    def _mapped(self) -> bool:
        """Whether the mapping leaves rows out."""
        return self._mapped_kind is not None and bool(self.skipping.skipped)

    @cached_property
    def _mapped_kind(self) -> int | None:
        """The place of the field ``kind``, if the mapping says anything about kinds."""
        if not self.skipping.renamed and not self.skipping.skipped:
            return None
        return next((place for place, each in enumerate(self.wanted) if each.field.name == "kind"), None)

    @cached_property
    def _read(self) -> str:
        """The rows that are not skipped with, for each field, its text ``t``, whether it is missing ``m`` and what it
        means if it is plainly written, ``v``."""
        columns = [
            quote_name(each.column) if each.column in self.kinds else "CAST(NULL AS text)" for each in self.wanted
        ]
        where, kind = "", self._mapped_kind
        if kind is not None:
            text = f'CAST({columns[kind]} AS text) COLLATE "C"'
            cases = "".join(f" WHEN {quote_text(a)} THEN {quote_text(b)}" for a, b in self.skipping.renamed.items())
            columns[kind] = f"CASE {text}{cases} ELSE {text} END" if cases else text
            skip = ", ".join(quote_text(each) for each in sorted(self.skipping.skipped))
            where = f" WHERE coalesce({text} NOT IN ({skip}), true)" if skip else ""
        named = ", ".join(f"{column} AS c{place}" for place, column in enumerate(columns))
        told: list[str] = []
        for place, each in enumerate(self._cells):
            value = f"c{place}" if place in self._whole else each.value.replace("{ahead}", f"h{place}.ahead")
            told.append(f"{each.text} AS t{place}, ({each.missing}) AS m{place}, {value} AS v{place}")
        source = f"(SELECT {named} FROM {self.session.table}{where}) AS rows"
        source += "".join(
            self._hours(place, each.local, source) for place, each in enumerate(self._cells) if each.local
        )
        return f"(\n    SELECT {', '.join(told)}\n    FROM {source}\n) AS cells"

    def _hours(self, place: int, local: str, source: str) -> str:
        """Join how far ahead of UTC the clocks of a field's zone are in each of the hours that occur; an hour in which
        they are put forward or back has no row, and is left to ``read_cell``."""
        kind = self.wanted[place].field.type
        assert isinstance(kind, TimeType)  # noqa: S101  nothing else is told by clocks
        assert kind.zone is not None  # noqa: S101
        zone, hour = ZoneInfo(kind.zone), f"date_trunc('hour', {local})"
        found = self.session.rows(f"SELECT DISTINCT {hour} FROM {source} WHERE {hour} IS NOT NULL")
        ahead = {each: ahead_in(each, zone) for (each,) in found if isinstance(each, datetime)}
        hours = quote_list([f"{each}" for each, by in ahead.items() if by is not None], "timestamp")
        microseconds = quote_list([f"{by}" for by in ahead.values() if by is not None], "bigint")
        return f"\n    LEFT JOIN unnest({hours}, {microseconds}) AS h{place} (hour, ahead) ON h{place}.hour = {hour}"

    # ---- odd cells -----------------------------------------------------------------------------------------------

    def _meanings(self, place: int) -> str:
        """Return a relation of what the different texts mean that are not plainly written, or why they mean nothing."""
        field = self.wanted[place].field
        texts = self.session.rows(f"SELECT DISTINCT t{place} FROM {self._read} WHERE NOT m{place} AND v{place} IS NULL")
        columns: list[list[str | None]] = [[], [], []]
        for (text,) in texts:
            value = read_cell(field, str(text))
            columns[0].append(str(text))
            if isinstance(value, Rejected):
                columns[1].append(None)
                columns[2].append(value.reason)
            else:
                shown = written(value)
                moment = isinstance(value, datetime) and shown is not None
                columns[1].append(shown.removesuffix("Z") if moment and shown is not None else shown)
                columns[2].append(None)
        lists = ", ".join(
            quote_list(column, of) for column, of in zip(columns, ("text", value_type(field), "text"), strict=True)
        )
        return f"unnest({lists}) AS o{place} (text, value, reason)"

    def _looked_up(self, odd: dict[int, str]) -> str:
        joins = (
            f'\nLEFT JOIN {known} ON o{place}.text = t{place} COLLATE "C" AND NOT m{place} AND v{place} IS NULL'
            for place, known in odd.items()
        )
        return self._read + "".join(joins)

    def _accepted(self, odd: dict[int, str]) -> str:
        tests = [f"NOT m{place}" for place in range(len(self.wanted)) if self._needed(place)]
        tests += [f"o{place}.reason IS NULL" for place in odd]
        values = ", ".join(
            f"{f'coalesce(v{place}, o{place}.value)' if place in odd else f'v{place}'} AS {quote_name(each.field.name)}"
            for place, each in enumerate(self.wanted)
        )
        where = f"\n    WHERE {' AND '.join(tests)}" if tests else ""
        return f"(\n    SELECT {values}\n    FROM {self._looked_up(odd)}{where}\n) AS typed"

    def _rejected(self, odd: dict[int, str]) -> tuple[RejectedCells, ...]:
        """Count the rows that are rejected, each for the first of its fields that cannot be read."""
        fields, whys, values = "", "", ""
        for place, each in enumerate(self.wanted):
            if self._needed(place):
                fields += f" WHEN m{place} THEN {quote_text(each.field.name)}"
                whys += f" WHEN m{place} THEN {quote_text(reasons.MISSING)}"
                values += f" WHEN m{place} THEN ''"
            if place in odd:
                fields += f" WHEN o{place}.reason IS NOT NULL THEN {quote_text(each.field.name)}"
                whys += f" WHEN o{place}.reason IS NOT NULL THEN o{place}.reason"
                values += f" WHEN o{place}.reason IS NOT NULL THEN left(t{place}, {_LONGEST_SHOWN})"
        if not fields:
            return ()
        found = self.session.rows(
            f"SELECT field, reason, value, count(*) FROM (\n"
            f"    SELECT CASE{fields} END AS field, CASE{whys} END AS reason, CASE{values} END AS value\n"
            f"    FROM {self._looked_up(odd)}\n) AS told WHERE field IS NOT NULL GROUP BY 1, 2, 3\n"
            'ORDER BY field COLLATE "C", reason COLLATE "C", value COLLATE "C"'
        )
        return tuple(RejectedCells(str(f), str(why), str(value), int(str(n))) for f, why, value, n in found)

    # ---- ids -----------------------------------------------------------------------------------------------------

    def _without_copies(self, select: str) -> tuple[str, int, tuple[RejectedCells, ...]]:
        """Leave out copies of rows that share their id, and all that share it and differ."""
        if not any(each.field.name == "id" for each in self.wanted):
            return select, 0, ()
        names = ", ".join(quote_name(each.field.name) for each in self.wanted)
        shared = (
            f"SELECT id, count(*) AS n, count(DISTINCT ROW({names})) > 1 AS differ\nFROM (\n{select}\n) AS accepted\n"
            "WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        )
        found = self.session.rows(
            f'SELECT CAST(id AS text), n, differ FROM (\n{shared}\n) AS shared ORDER BY CAST(id AS text) COLLATE "C"'
        )
        if not found:
            return select, 0, ()
        copies = sum(int(str(n)) - 1 for _, n, differ in found if not differ)
        rejected = tuple(
            RejectedCells("id", reasons.ID_SHARED, str(key)[:_LONGEST_SHOWN], int(str(n)))
            for key, n, differ in found
            if differ
        )
        once = (
            f"WITH accepted AS (\n{select}\n), shared AS (\n{shared.replace(select, 'SELECT * FROM accepted')}\n)\n"
            f"SELECT {names} FROM accepted WHERE id IS NULL OR id NOT IN (SELECT id FROM shared)\n"
            f"UNION ALL\nSELECT DISTINCT {names} FROM accepted WHERE id IN (SELECT id FROM shared WHERE NOT differ)"
        )
        return once, copies, rejected
