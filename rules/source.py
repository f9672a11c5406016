"""Takes a file's text and its name; gives places in it that a person can find."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from tallystick.rules.placed import Placed

if TYPE_CHECKING:
    from tallystick.rules.library import Library


class Span(Struct, frozen=True, order=True):
    """A stretch of a source: code points from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)
"""The place of what does not stand in a text."""


class Place(Struct, frozen=True):
    """A line and a column, both counted from 1; columns count code points."""

    line: int
    column: int


class Source(Placed, frozen=True, dict=True):
    """A text with the name that its author knows it by (a path, or ``<stdin>``). ``library``: the files beside it that
    it may use; None where it stands alone. ``restarts``: where lines are counted from 1 anew, and by which
    name, in a text that is put together from several."""

    BESIDE: ClassVar = frozenset({"library", "restarts"})

    name: str
    text: str
    library: Library | None = None
    restarts: tuple[tuple[int, str], ...] = ()

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """Where each line starts; only a line feed ends a line."""
        return (0, *(i + 1 for i, char in enumerate(self.text) if char == "\n"))

    def place(self, offset: int) -> Place:
        """Return where a code point stands."""
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        begun = self._begun(offset)
        return Place(line if begun is None else line - bisect_right(self._starts, begun[0]) + 1, column)

    def name_at(self, offset: int) -> str:
        """Return the name of the text in which a code point stands."""
        begun = self._begun(offset)
        return self.name if begun is None else begun[1]

    def _begun(self, offset: int) -> tuple[int, str] | None:
        """Return the last restart up to a code point."""
        return next((each for each in reversed(self.restarts) if each[0] <= offset), None)

    def line(self, number: int) -> str:
        """Return the text of a line counted from 1, without its line ending."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self._starts)
