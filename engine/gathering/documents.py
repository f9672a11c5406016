"""Takes files (JSON, JSON Lines, CSV, each also compressed); gives the documents in them, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from tallystick.engine.gathering.values import Document, found
from tallystick.engine.intake.csv_rows import Cells, CsvReader, Damaged
from tallystick.engine.intake.json_rows import NOT_AN_OBJECT, Json, UnreadableJsonError, decoded
from tallystick.engine.intake.lines import Line, Lines, shown, whole
from tallystick.engine.intake.sources import Input, TextInput
from tallystick.engine.refusals import DataRefusal, UsageRefusal

LARGEST = 256 << 20
"""One JSON document is held in memory, so it has at most so many bytes unpacked; JSON Lines any number."""
NO_ROWS = "no list of rows where the mapping says"


class Placed(NamedTuple):
    """A document, or damage, and where it stands: the line of the file, or where that is one list its place in it."""

    file: str
    line: int
    document: Document | Damaged


def documents(inputs: tuple[Input, ...], rows: tuple[str, ...]) -> Iterator[Placed]:
    """Give the documents of files in their order; ``rows`` are paths of the list of rows in each, if it is one.

    Raises ``UsageRefusal`` or ``DataRefusal`` for a file that cannot be read at all.
    """
    for each in inputs:
        if not isinstance(each, TextInput):
            message = f"`{each.name}` is a table already"
            raise UsageRefusal(message, help="score it as it is, with `--records` and `--map`")
        yield from _File(each, rows).documents()


class _File(Struct, frozen=True):
    """One file, and where the rows are in a document of it: at the first of these paths at which there is a list."""

    source: TextInput
    rows: tuple[str, ...]

    def documents(self) -> Iterator[Placed]:
        """Give what is in the file, whatever of the formats it is."""
        lines = Lines(self.source)
        try:
            first = _first(lines)
            if first is None:
                return
            looks_like_json = first.text.lstrip().startswith(("{", "["))
            if self.source.format in ("csv", "tsv") or (self.source.format is None and not looks_like_json):
                yield from self._of_table(lines, "\t" if self.source.format == "tsv" else ",")
            elif self._is_one_document(first):
                yield from self._in_document(None, self._whole())
            else:
                yield from self._of_lines(lines)
        finally:
            lines.close()

    def _is_one_document(self, first: Line) -> bool:
        """Say whether JSON is one document over many lines: its first line is then none by itself."""
        named = self.source.name.lower().removesuffix(".gz").removesuffix(".zst")
        if named.endswith((".jsonl", ".ndjson")) or self.source.path is None:
            return False
        try:
            decoded(first.text)
        except UnreadableJsonError:
            return True
        return first.damage != ""

    def _whole(self) -> Json:
        """Return the file's one document."""
        name = self.source.name
        text = whole(self.source, LARGEST)
        if text is None:
            message = f"`{name}` is one JSON document of more than {LARGEST >> 20} MiB"
            raise DataRefusal(message, help="write one object per line, as JSON Lines")
        try:
            return decoded(text)
        except UnreadableJsonError as error:
            message = f"`{name}` cannot be read: it is {error}"
            raise DataRefusal(message) from error

    def _of_lines(self, lines: Lines) -> Iterator[Placed]:
        """Give the documents of JSON Lines."""
        while (line := lines.next()) is not None:
            if line.damage:
                yield self._damaged(line.number, line.damage, shown(line.text))
            elif line.text and not line.text.isspace():
                try:
                    document = decoded(line.text)
                except UnreadableJsonError as error:
                    yield self._damaged(line.number, str(error), shown(line.text))
                else:
                    yield from self._in_document(line.number, document)

    def _in_document(self, line: int | None, document: Json) -> Iterator[Placed]:
        """Give the rows in a document, or the document as the one row that it is; ``line`` is None for a whole file."""
        at = document
        if self.rows:
            there = (found(document, path) for path in self.rows) if isinstance(document, dict) else ()
            at = next((each for each in there if isinstance(each, list)), None)
        match at:
            case list() if self.rows or line is None:
                for number, row in enumerate(at, 1):
                    if isinstance(row, dict):
                        yield Placed(self.source.name, line or number, row)
                    else:
                        yield self._damaged(line or number, NOT_AN_OBJECT, "")
            case dict() if not self.rows:
                yield Placed(self.source.name, line or 1, at)
            case _:
                yield self._damaged(line or 1, NO_ROWS if self.rows else NOT_AN_OBJECT, "")

    def _of_table(self, lines: Lines, delimiter: str) -> Iterator[Placed]:
        """Give the rows of CSV or TSV as documents."""
        reader = CsvReader(lines, delimiter)
        for row in reader.rows():
            match row:
                case Cells():
                    yield Placed(self.source.name, row.line, dict(zip(reader.header, row.cells, strict=True)))
                case Damaged():
                    yield Placed(self.source.name, row.line, row)

    def _damaged(self, line: int, reason: str, value: str) -> Placed:
        return Placed(self.source.name, line, Damaged(line, reason, value))


def _first(lines: Lines) -> Line | None:
    """Return the first line with anything on it, which stays the next one."""
    while (line := lines.next()) is not None:
        if line.text and not line.text.isspace():
            lines.put_back([line])
            return line
    return None
