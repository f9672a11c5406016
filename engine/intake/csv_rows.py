"""Takes the lines of a CSV or TSV file; gives its header and then each row's cells, or why the row cannot be used.

The rule is RFC 4180's, kept strictly: a cell is without any quote, or it is within quotes and every quote in it is
doubled; a quoted cell may span lines. A record may have 1 MiB with all its lines. A quote that is opened and not closed
in that, or closed in the wrong place, costs the line where it stands and not the lines after it: those are read again
as rows of their own. So a lost quote never swallows the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import StringIO
from typing import NamedTuple

from msgspec import Struct

from tallystick.engine.intake.lines import LONGEST_LINE, NOT_UTF8, Block, Line, Lines, shown
from tallystick.engine.refusals import DataRefusal

STRAY_QUOTE = "a quote that does not stand around a whole cell"
OPEN_QUOTE = "a quote that is opened and not closed"
_MOST_COLUMNS = 10_000
_DIVIDED_BY = re.compile(r'"?sep=([,;\t])"?[,;\t]*', re.IGNORECASE)
"""What some programs write on a line above the header, for each other."""


class Damaged(NamedTuple):
    """A row that cannot be taken apart: the line where it begins, why, and how it begins."""

    line: int
    reason: str
    value: str


class Cells(NamedTuple):
    """A row's cells and the line where it begins."""

    line: int
    cells: list[str]


class Columns(NamedTuple):
    """Rows column by column: the line of the first, which those of the others follow, how many there are, and of each
    column every row's cell."""

    first: int
    lines: int
    cells: Sequence[Sequence[str]]


def cells_reason(found: int, expected: int) -> str:
    """Say that a row has not as many cells as the header."""
    return f"{found} {'cell' if found == 1 else 'cells'} where the header has {expected}"


def damaged_lines(block: Block, delimiter: str, width: int) -> Iterator[tuple[int, Damaged]]:
    """Give each line of a block that has not as many cells as the header, with its place in the block."""
    for place, ended in enumerate(StringIO(block.text, newline="\n")):  # one by one: a block may be of tiny lines
        text = ended.removesuffix("\n").removesuffix("\r")
        found = text.count(delimiter) + 1
        if found != width:
            yield place, Damaged(block.first + place, cells_reason(found, width), shown(text))


def _has_quote(cells: Sequence[str]) -> bool:
    return '"' in "".join(cells)


def _has_empty_line(text: str) -> bool:
    """Whether a line of a text has nothing on it. Patterns take ten times as long."""
    at_an_end = text.startswith(("\n", "\r\n")) or text.endswith(("\n", "\n\r")) or text in {"", "\r"}
    return at_an_end or "\n\n" in text or "\n\r\n" in text


def _how_to_mend(header: Damaged) -> str:
    """Say what to do about a header that cannot be read."""
    if header.reason == NOT_UTF8:
        return "save it as UTF-8"
    if header.value.lstrip().startswith(("[", "{")):
        return "JSON is read from a file that is called `.jsonl`, one object on a line"
    return "a name with a quote in it stands in quotes, and the quote in it is doubled"


class _Grammar(Struct, frozen=True):
    """Patterns for one delimiter; all of them run in linear time."""

    record: re.Pattern[str]
    opened: re.Pattern[str]
    cell: re.Pattern[str]


@cache
def _grammar(delimiter: str) -> _Grammar:
    mark = re.escape(delimiter)
    quoted, plain = '"(?:[^"]++|"")*+"', rf'[^"{mark}\n]*+'
    cell = f"(?:{quoted}|{plain})"
    return _Grammar(
        re.compile(f"{cell}(?:{mark}{cell})*+"),
        re.compile(f'(?:{cell}{mark})*+"(?:[^"]++|"")*+'),
        re.compile(f'(?:^|{mark})(?:"((?:[^"]++|"")*+)"|([^"{mark}]*+))'),
    )


class CsvReader:
    """Reads a file's header at once, and its rows when asked."""

    def __init__(self, lines: Lines, delimiter: str) -> None:
        """Read the header; raises ``DataRefusal`` when there is none that can be used."""
        self._lines = lines
        self.delimiter = delimiter
        self._grammar = _grammar(delimiter)
        self.header = self._header()

    def rows(self) -> Iterator[Cells | Damaged]:
        """Give every row after the header, except lines with nothing on them."""
        while (row := self._next()) is not None:
            yield row

    def batches(self) -> Iterator[Cells | Damaged | Columns | Block]:
        """Give the same, many rows in one go where nothing about them needs a closer look: column by column, or as a
        block that has no quote and something on every line."""
        while True:
            block = self._lines.block()
            if block is None:
                row = self._next()
                if row is None:
                    return
                yield row
            elif _has_empty_line(block.text):
                self._lines.put_block_back(block)
            elif '"' not in block.text:
                yield block
            elif (columns := self._columns(block)) is not None:
                yield columns
            else:
                self._lines.put_block_back(block)

    def _next(self) -> Cells | Damaged | None:
        """Return the next row; None at the end."""
        while (line := self._lines.next()) is not None:
            text = line.text
            if not text:
                continue
            if '"' in text or line.damage:
                return self._careful(line)
            cells = text.split(self.delimiter)
            if len(cells) == len(self.header):
                return Cells(line.number, cells)
            return Damaged(line.number, cells_reason(len(cells), len(self.header)), shown(text))
        return None

    def _columns(self, block: Block) -> Columns | None:
        """Return the rows of a block, if each has its cells and is one line.

        Python's reader takes a quote within a cell that is not quoted for a character like others; where no cell has a
        quote in it, each of them stood around a whole cell.
        """
        text = block.text.replace("\r\n", "\n").removesuffix("\r")
        if "\r" in text:
            return None
        try:
            columns = list(zip(*csv.reader(text.split("\n"), delimiter=self.delimiter, strict=True), strict=True))
        except (csv.Error, ValueError):
            return None
        is_whole = len(columns) == len(self.header) and len(columns[0]) == block.lines
        return Columns(block.first, block.lines, columns) if is_whole and not any(map(_has_quote, columns)) else None

    def _header(self) -> list[str]:
        line, name = self._not_empty(), self._lines.name
        divided = None if line is None or self.delimiter != "," else _DIVIDED_BY.fullmatch(line.text)
        if divided is not None:
            line = self._not_empty()
        if line is None:
            message = f"`{name}` is empty: it has no header"
            raise DataRefusal(message, help="the first line names the columns")
        if divided is not None:
            self.delimiter = divided[1]
            self._grammar = _grammar(self.delimiter)
        elif self.delimiter == ",":
            # What some programs call CSV: of these the sign that stands most between names, for one can be in a name.
            names = re.sub(r'"[^"]*(?:"|$)', "", line.text)
            self.delimiter = max(",;\t", key=names.count)
            self._grammar = _grammar(self.delimiter)
        row = self._whole(line)
        if isinstance(row, Damaged):
            message = f"the header of `{name}` cannot be read: {row.reason}"
            raise DataRefusal(message, help=_how_to_mend(row))
        header = row.cells
        if any("\r" in column for column in header):
            message = f"the lines of `{name}` end with a carriage return alone"
            raise DataRefusal(message, help="end them with a line feed")
        if len(header) > _MOST_COLUMNS:
            message = f"the header of `{name}` names {len(header):,} columns, more than {_MOST_COLUMNS:,}"
            raise DataRefusal(message, help="leave out those that are not read")
        twice = next((column for column in header if header.count(column) > 1), None)
        if twice == "":
            message = f"the header of `{name}` leaves {header.count(twice)} columns without a name"
            raise DataRefusal(message, help="name each column; a title that stands above the names is taken out")
        if twice is not None:
            message = f"the header of `{name}` names the column `{shown(twice)}` twice"
            raise DataRefusal(message, help="give each column a name of its own")
        return header

    def _not_empty(self) -> Line | None:
        """Return the next line with something on it."""
        while (line := self._lines.next()) is not None and not line.text:
            pass
        return line

    def _careful(self, line: Line) -> Cells | Damaged:
        row = self._whole(line)
        if isinstance(row, Cells) and len(row.cells) != len(self.header):
            return Damaged(line.number, cells_reason(len(row.cells), len(self.header)), shown(line.text))
        return row

    def _whole(self, line: Line) -> Cells | Damaged:
        """Take the record that begins on this line, with the lines that its quoted cells span."""
        taken = [line]
        size = len(line.text)
        odd = line.text.count('"') % 2 == 1
        if odd and not line.damage and self._grammar.opened.fullmatch(line.text) is None:
            return Damaged(line.number, STRAY_QUOTE, shown(line.text))
        while odd:
            more = self._lines.next()
            if more is not None:
                taken.append(more)
                size += len(more.text) + 1
                odd = (more.text.count('"') % 2 == 1) != odd
            if more is None or size > LONGEST_LINE:
                self._lines.put_back(taken[1:])
                return Damaged(line.number, line.damage or OPEN_QUOTE, shown(line.text))
        text = "".join(part for each in taken for part in (each.text, each.ending)).removesuffix(taken[-1].ending)
        if self._grammar.record.fullmatch(text) is None:
            self._lines.put_back(taken[1:])
            return Damaged(line.number, line.damage or STRAY_QUOTE, shown(line.text))
        damage = next((each.damage for each in taken if each.damage), "")
        if damage:
            return Damaged(line.number, damage, shown(line.text))
        cells = [plain or quoted.replace('""', '"') for quoted, plain in self._grammar.cell.findall(text)]
        return Cells(line.number, cells)
