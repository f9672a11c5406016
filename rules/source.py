"""Takes a file's text and its name; gives places in it that a person can find."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source: code points from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1; columns count code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text with the name that its author knows it by (a path, or ``<stdin>``)."""

    name: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the lines once; only a line feed ends a line."""
        starts = [0, *(i + 1 for i, char in enumerate(self.text) if char == "\n")]
        object.__setattr__(self, "_starts", tuple(starts))

    def place(self, offset: int) -> Place:
        """Return where a code point stands."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return the text of a line counted from 1, without its line ending."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self._starts)
