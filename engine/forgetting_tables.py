"""Takes the folder of a run, a name and a mark; gives each of its tables without the person, and with the mark wherever
else the name stood.

INVARIANT: a name in the roles of subject and actor is only ever compared as a whole; in other texts it is replaced as a
whole, or as a word between characters that are neither letters nor digits; but not a name without a letter, which in
another text is a number.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from tallystick.engine.acts import ACTS
from tallystick.engine.by_field.parts import BY
from tallystick.engine.folder_writing import PAUSES, RECORDS, SUBJECTS
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.intake.statements import STATEMENTS
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import WIDE
from tallystick.engine.workshop import open_workshop
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LEDGER = tuple(f"{table}.parquet" for table in WIDE)
_PARTIES = ("subject", "actor")
_TEXTS = {ACTS[CORRECTIONS]: ("record", "reason", "who"), ACTS[STATEMENTS]: ("record", "text")}


class Removal:
    """The removal of one person from the tables of one run."""

    def __init__(self, folder: Path, rulebook: Rulebook, name: str) -> None:
        """Open a connection that reads the run's tables and nothing else; ``close`` lets go of it."""
        self.rulebook, self.name = rulebook, name
        tables = (*LEDGER, RECORDS, SUBJECTS, PAUSES, *ACTS.values())
        self.there = tuple(each for each in tables if (folder / each).is_file())
        self._workshop = open_workshop(reads=[folder / each for each in self.there])
        self._links = {each: str(self._workshop.show(folder / each, each)) for each in self.there}
        self._described = {each: tuple(self._describe(each)) for each in self.there}
        self.mark = next(mark for mark in map("(removed {})".format, itertools.count(1)) if not self._names(mark))
        """What stands in the place of the name: no other person of the run is called so."""

    @property
    def scratch(self) -> Path:
        """The folder into which the connection may write."""
        return self._workshop.scratch

    @property
    def connection(self) -> DuckDBPyConnection:
        """The connection."""
        return self._workshop.connection

    def close(self) -> None:
        """Let go of the connection and its folder."""
        self._workshop.close()

    def count(self, table: str, condition: str) -> int:
        """Count the rows of a table of which a condition holds; none where it is not there."""
        if table not in self.there:
            return 0
        query = f"SELECT count(*) FROM {self._of(table)} WHERE {condition}"
        ((found,),) = self.connection.execute(query).fetchall()
        return int(found)

    def accounted(self) -> int:
        """Return how many records about the person the ledger has accounted for."""
        table = "accounts.parquet"
        columns = (quote_name(each) for each in self._columns(table) if each not in {"subject", BY})
        fates = " + ".join(f"coalesce({each}, 0)" for each in columns)
        query = f"SELECT coalesce(sum({fates or '0'}), 0) FROM {self._of(table)} WHERE {self.is_subject()}"
        ((found,),) = self.connection.execute(query).fetchall()
        return int(found)

    def stands(self) -> bool:
        """Say whether the name stands in any table: as a person, or in a text of another row."""
        return any(self.count(table, f"NOT ({self.keeps(table)})") + self.mentioned(table) > 0 for table in self.there)

    def mentioned(self, table: str) -> int:
        """Count the rows about others in which the name stands."""
        if table not in self.there:
            return 0
        return self.count(table, f"{self.keeps(table)} AND ({self._mentions(table)})")

    def _names(self, name: str) -> bool:
        """Say whether any table has a person of this name."""
        literal = quote_text(name)
        for table in self.there:
            columns = [each for each in self._columns(table) if each in _PARTIES]
            told = " OR ".join(f"CAST({quote_name(each)} AS VARCHAR) = {literal}" for each in columns)
            if told and self.count(table, told) > 0:
                return True
        return False

    def query(self, table: str) -> str:
        """Return the query for what is left of a table."""
        columns = ", ".join(f"{self._left(table, each)} AS {quote_name(each)}" for each in self._columns(table))
        return f"SELECT {columns} FROM {self._of(table)} WHERE {self.keeps(table)} ORDER BY {self._order(table)}"

    def keeps(self, table: str) -> str:
        """Return the condition that a row is not about the person; a correction can be about somebody else, too."""
        if table == ACTS[CORRECTIONS]:
            return f"NOT ({self._is_about('before')} AND (after IS NULL OR {self._is_about('after')}))"
        return f"({self.is_subject()}) IS NOT TRUE"

    @property
    def _subject_place(self) -> int:
        return [each.name for each in record_fields(self.rulebook)].index("subject") + 1

    def _is_about(self, side: str) -> str:
        """Return the condition that a correction's record, as it was or as it came to be, is about the person."""
        return f"({side}[{self._subject_place}] IS NOT DISTINCT FROM {quote_text(self.name)})"

    def is_subject(self) -> str:
        """Return the condition that a row is about the person."""
        return f"CAST(subject AS VARCHAR) = {quote_text(self.name)}"

    # ---- columns -----------------------------------------------------------------------------------------------------

    def _describe(self, table: str) -> Iterator[str]:
        for column in self.connection.execute(f"SELECT * FROM {self._of(table)} LIMIT 0").description:
            yield str(column[0])

    def _of(self, table: str) -> str:
        return f"read_parquet({quote_text(self._links[table])})"

    def _columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table."""
        return self._described[table]

    def _left(self, table: str, column: str) -> str:
        """Return what is left of a column."""
        name = quote_name(column)
        match self._sort(table, column):
            case "party":
                return self._whole(f"CAST({name} AS VARCHAR)")
            case "text":
                return self._text(f"CAST({name} AS VARCHAR)")
            case "cells":
                place = self._subject_place
                bare = f"list_transform({name}, lambda x, i: CASE WHEN i = {place} THEN {quote_text(self.mark)} END)"
                others = f"list_transform({name}, lambda x, i: {self._cell('x', 'i')})"
                return f"CASE WHEN {self._is_about(column)} THEN {bare} ELSE {others} END"
            case "other":
                return name

    def _sort(self, table: str, column: str) -> Literal["party", "text", "cells", "other"]:
        """Tell the columns in which a name can stand; what has words of our own is none of them."""
        fields = {
            RECORDS: record_fields(self.rulebook),
            SUBJECTS: subject_fields(self.rulebook),
            "inputs.parquet": tuple(replace(each, name=f"{each.name}: value") for each in self.rulebook.subjects or ()),
        }
        if table in fields:
            texts = {each.name for each in fields[table] if isinstance(each.type, TextType)}
            return "other" if column not in texts else "party" if column in _PARTIES else "text"
        if table == ACTS[CORRECTIONS] and column in {"before", "after"}:
            return "cells"
        return "text" if column in _TEXTS.get(table, ()) else "other"

    def _cell(self, cell: str, place: str) -> str:
        """Return what is left of a cell of a record by its place among the fields."""
        branches = [
            f"WHEN {place} = {number} THEN {self._whole(cell) if field.name in _PARTIES else self._text(cell)}"
            for number, field in enumerate(record_fields(self.rulebook), start=1)
            if isinstance(field.type, TextType)
        ]
        return f"CASE {' '.join(branches)} ELSE {cell} END"

    def _mentions(self, table: str) -> str:
        """Return the condition that a row becomes another by the mark."""
        columns = (each for each in self._columns(table) if self._sort(table, each) != "other")
        told = [f"{self._left(table, each)} IS DISTINCT FROM {self._as_text(table, each)}" for each in columns]
        return " OR ".join(told) or "false"

    def _as_text(self, table: str, column: str) -> str:
        name = quote_name(column)
        return name if self._sort(table, column) == "cells" else f"CAST({name} AS VARCHAR)"

    def _whole(self, text: str) -> str:
        return f"CASE WHEN {text} = {quote_text(self.name)} THEN {quote_text(self.mark)} ELSE {text} END"

    def _text(self, text: str) -> str:
        """Return a text with the mark in the place of the name as a word; twice, since two may share a blank."""
        if not is_word(self.name):
            return text
        pattern = quote_text(f"(^|[^\\pL\\pN_]){_literally(self.name)}($|[^\\pL\\pN_])")
        mark = quote_text(f"\\1{self.mark}\\2")
        for _ in range(2):
            text = f"regexp_replace({text}, {pattern}, {mark}, 'g')"
        return text

    def _order(self, table: str) -> str:
        if table in LEDGER:
            return "subject" if self.rulebook.score.by is None else f"subject, {quote_name(BY)}"
        return quote_name("#row") if table in {RECORDS, ACTS[CORRECTIONS]} else "ALL"


def without_name(text: str, name: str, mark: str) -> str:
    """Return a text with the mark in the place of the name as a word."""
    if not is_word(name):
        return text
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: mark, text)


def is_word(name: str) -> bool:
    """Say whether a name is told from a number."""
    return any(each.isalpha() for each in name)


def _literally(name: str) -> str:
    """Write a name as a pattern that matches nothing else."""
    return "".join(f"\\{each}" if each.isascii() and not each.isalnum() else each for each in name)
