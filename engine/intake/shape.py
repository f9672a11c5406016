"""Takes a part of the rows and the fields wanted; gives the queries that survey, reject and accept its rows."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from tallystick.engine.intake import reasons
from tallystick.engine.intake.cells import Cell, Native, cell
from tallystick.engine.intake.native import Part
from tallystick.engine.intake.table import Wanted
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.rules.value import OneOfType

_PLACE = '"#row", "#file", "#line"'


class Skipping(NamedTuple):
    """What a mapping does to kinds: their new names, and those whose rows are skipped."""

    renamed: dict[str, str]
    skipped: frozenset[str]

    def place(self, wanted: tuple[Wanted, ...]) -> int | None:
        """Return the place of the field ``kind``, if the mapping says anything about kinds."""
        if not self.renamed and not self.skipped:
            return None
        return next((place for place, each in enumerate(wanted) if each.field.name == "kind"), None)


class Shape(Struct, frozen=True, dict=True):
    """One part's queries. Lookups are tables: ``ROLE hours I`` and ``ROLE odd I`` for the field in place I.

    ``ids`` are the places of text fields whose column is kept as the whole numbers that it holds.
    """

    role: str
    part: Part
    wanted: tuple[Wanted, ...]
    skipping: Skipping
    ids: frozenset[int] = frozenset()

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """How each field is read from its column."""
        return tuple(cell(each.field, self._native(place), f"c{place}") for place, each in enumerate(self.wanted))

    def local(self, place: int) -> str | None:
        """Return a query for the different hours of a clock that stand in a column; None if it holds none."""
        local = self.cells[place].local
        return None if local is None else f"SELECT DISTINCT date_trunc('hour', {local}) FROM {self._mapped}"

    def odd(self, place: int) -> str:
        """Return a query for the different texts in a column that are not plainly written."""
        return f"SELECT DISTINCT t{place} FROM {self._read} WHERE NOT m{place} AND v{place} IS NULL"

    def least_and_most(self) -> tuple[dict[int, str], str]:
        """Return for each field whose cells mean what they are if the least and the most of them are plain the test of
        that, and what to ask it of; the statistics of a Parquet file answer it. Infinite moments have no microseconds,
        and so are not plain."""
        ends = {place: each.plain_between for place, each in enumerate(self.cells) if each.plain_between is not None}
        tests = {
            place: f"coalesce(epoch_us(min(c{place})) BETWEEN {between} "
            f"AND epoch_us(max(c{place})) BETWEEN {between}, min(c{place}) IS NULL)"
            for place, between in ends.items()
        }
        return tests, self._mapped

    def survey(self, plain: frozenset[int] = frozenset()) -> str:
        """Return a query that counts rows, then tells per field whether values are missing that must not be, then
        whether any are odd: 0 or false if none are.

        Cells that mean what they are, as those in the places ``plain`` do, can only be missing, and how many are not
        the statistics of a Parquet file tell. Where few values can stand, each is looked at once.
        """
        places = range(len(self.wanted))
        as_they_are = [i for i in places if self._value(i) == f"c{i}" or i in plain]
        others = [i for i in places if i not in as_they_are]
        told = ["count(*) AS rows", *(f"count(*) - count(c{i}) AS m{i}" for i in as_they_are)]
        few = [i for i in others if isinstance(self.wanted[i].field.type, OneOfType)]
        many = [i for i in others if i not in few]
        missing = ["0" if self.wanted[i].field.optional else f"m{i}" for i in places]
        odd = [f"o{i}" if i in others else "0" for i in places]
        source = f"(SELECT {', '.join(told)} FROM {self._mapped})"
        if many:
            source += f", (SELECT {', '.join(map(_looked_at, many))} FROM {self._read})"
        for i in few:
            each_once = f"(SELECT {self._columns(i)} FROM (SELECT DISTINCT c{i} FROM {self._mapped}))"
            source += f", (SELECT {_looked_at(i)} FROM {each_once})"
        return f"SELECT rows, {', '.join([*missing, *odd])} FROM {source}"

    def rejected(self, odd: list[int]) -> str:
        """Return a query for the rows that are rejected, each with the first of its fields that cannot be read."""
        cases: list[str] = []
        for place, each in enumerate(self.wanted):
            name = quote_text(each.field.name)
            if not each.field.optional:
                cases.append(f"WHEN m{place} THEN {_why(name, quote_text(reasons.MISSING), 'NULL')}")
            if place in odd:
                cases.append(f"WHEN o{place}.reason IS NOT NULL THEN {_why(name, f'o{place}.reason', f't{place}')}")
        if not cases:
            return f"SELECT {_PLACE}, NULL, NULL, NULL FROM {self._read} WHERE false"
        why = f"CASE {' '.join(cases)} END AS why"
        return (
            f"SELECT {_PLACE}, why.field, why.reason, why.value "
            f"FROM (SELECT {_PLACE}, {why} FROM {self._looked_up(odd)}) WHERE why IS NOT NULL"
        )

    def accepted(self, odd: list[int], rejected: str | None) -> str:
        """Return a query for the values of the rows that are not in the table ``rejected``."""
        values = ", ".join(
            f"{f'coalesce(v{place}, o{place}.value)' if place in odd else f's{place}'} AS {quote_name(each.field.name)}"
            for place, each in enumerate(self.wanted)
        )
        without = "" if rejected is None else f' ANTI JOIN {quote_name(rejected)} AS rejected USING ("#row")'
        return f"SELECT {_PLACE}, {values} FROM {self._looked_up(odd)}{without}"

    def _looked_up(self, odd: list[int]) -> str:
        joins = "".join(
            f" LEFT JOIN {quote_name(f'{self.role} odd {place}')} AS o{place} "
            f"ON o{place}.text = t{place} AND v{place} IS NULL"
            for place in odd
        )
        return f"{self._read} AS cells{joins}"

    @cached_property
    def _read(self) -> str:
        """The rows with, per field, its text ``t``, whether it is missing ``m`` and what it means: ``v`` if it is
        plainly written, ``s`` if all of them are known to be."""
        joins = ""
        for place, each in enumerate(self.cells):
            if each.local is not None:
                hours = quote_name(f"{self.role} hours {place}")
                joins += f" LEFT JOIN {hours} AS h{place} ON h{place}.hour = date_trunc('hour', {each.local})"
        columns = ", ".join(self._columns(place) for place in range(len(self.wanted)))
        return f"(SELECT {_PLACE}, {columns} FROM {self._mapped} AS mapped{joins})"

    def _columns(self, place: int) -> str:
        each, value = self.cells[place], self._value(place)
        missing = f"c{place} IS NULL" + (f" OR {each.text} = ''" if self._native(place) == "text" else "")
        if each.local is not None:
            value = value.replace("{ahead}", f"h{place}.ahead")
        sure = value if each.sure is None or value == f"c{place}" else each.sure
        return f"{each.text} AS t{place}, ({missing}) AS m{place}, {value} AS v{place}, {sure} AS s{place}"

    def _value(self, place: int) -> str:
        """Return what a cell means, if it is plainly written."""
        return f"c{place}" if place in self.ids and place != self._kind else self.cells[place].value

    @cached_property
    def _mapped(self) -> str:
        """The part's rows that are not skipped, their kinds under the rulebook's names."""
        kind = self._kind
        if kind is None:
            return f"({self.part.select})"
        columns = [f"c{place}" for place in range(len(self.wanted))]
        text = f"CAST(c{kind} AS VARCHAR)"
        if self.skipping.renamed:
            cases = " ".join(f"WHEN {quote_text(a)} THEN {quote_text(b)}" for a, b in self.skipping.renamed.items())
            columns[kind] = f"CASE {text} {cases} ELSE {text} END AS c{kind}"
        skip = ", ".join(quote_text(each) for each in sorted(self.skipping.skipped))
        where = f" WHERE coalesce({text} NOT IN ({skip}), true)" if skip else ""
        return f"(SELECT {_PLACE}, {', '.join(columns)} FROM ({self.part.select}){where})"

    @property
    def _kind(self) -> int | None:
        return self.skipping.place(self.wanted)

    def _native(self, place: int) -> Native:
        return "text" if place == self._kind else self.part.natives[place]


def _looked_at(place: int) -> str:
    """Return what is asked of a field. A ``FILTER`` for each of hundreds of fields takes gigabytes."""
    odd = f"NOT m{place} AND v{place} IS NULL"
    return f"coalesce(bool_or(m{place}), false) AS m{place}, coalesce(bool_or({odd}), false) AS o{place}"


def _why(field: str, reason: str, value: str) -> str:
    return f"struct_pack(field := {field}, reason := {reason}, value := CAST({value} AS VARCHAR))"
