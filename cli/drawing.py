"""Takes diagnostics; gives them drawn for a person: in full with the lines at fault, or one line each."""

from __future__ import annotations

import unicodedata

from msgspec import Struct

from tallystick.explain.harmless import harmless
from tallystick.rules.diagnostics import Diagnostic, Severity
from tallystick.rules.source import Source, Span

WIDEST = 160
"""A longer line of source is cut to this many columns around what is underlined."""
TAB = "    "


class Paint(Struct, frozen=True):
    """How to colour; without colour, texts stay as they are."""

    colour: bool = False

    def severity(self, text: str, severity: Severity) -> str:
        """Colour what is said about how much it matters."""
        return self._paint(text, "1;31" if severity is Severity.ERROR else "1;33")

    def strong(self, text: str) -> str:
        """Make a text stand out."""
        return self._paint(text, "1")

    def frame(self, text: str) -> str:
        """Colour what is drawn around the source."""
        return self._paint(text, "1;34")

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text != "" else text


PLAIN = Paint()


def draw_full(diagnostic: Diagnostic, paint: Paint = PLAIN) -> str:
    """Draw one diagnostic over several lines, each ended."""
    source = diagnostic.source
    place = source.place(diagnostic.primary.span.start)
    marks = _marks(diagnostic)
    gutter = len(str(max(mark.line for mark in marks)))
    bar = paint.frame(f"{' ' * gutter} |")
    lines = [
        paint.severity(f"{diagnostic.severity}[{diagnostic.name}]", diagnostic.severity)
        + paint.strong(f": {harmless(diagnostic.message)}"),
        f"{paint.frame(' ' * gutter + '-->')} {harmless(source.name)}:{place.line}:{place.column}",
        bar,
    ]
    before = 0
    for number in sorted({mark.line for mark in marks}):
        if before not in (0, number - 1):
            lines.append(paint.frame("..."))
        before = number
        lines += _source_line(source, number, [m for m in marks if m.line == number], gutter, paint, diagnostic)
    facts = [*(("note", note) for note in diagnostic.notes)]
    if diagnostic.help is not None:
        facts.append(("help", diagnostic.help))
    if facts:
        lines.append(bar)
    equals = paint.frame(f"{' ' * gutter} =")
    lines += [f"{equals} {paint.strong(f'{kind}:')} {harmless(text)}" for kind, text in facts]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def draw_concise(diagnostic: Diagnostic, paint: Paint = PLAIN) -> str:
    """Draw one diagnostic on one line: ``file:line:column: error[name]: message``."""
    place = diagnostic.source.place(diagnostic.primary.span.start)
    severity = paint.severity(f"{diagnostic.severity}[{diagnostic.name}]", diagnostic.severity)
    return (
        f"{harmless(diagnostic.source.name)}:{place.line}:{place.column}: {severity}: {harmless(diagnostic.message)}\n"
    )


class _Mark(Struct, frozen=True):
    """What is underlined in one line: columns from ``start`` up to ``end``, both counted from 0."""

    line: int
    start: int
    end: int
    text: str
    primary: bool


def _marks(diagnostic: Diagnostic) -> tuple[_Mark, ...]:
    labels = [(diagnostic.primary, True)]
    if diagnostic.secondary is not None:
        labels.append((diagnostic.secondary, False))
    return tuple(_mark(diagnostic.source, label.span, label.text, primary=primary) for label, primary in labels)


def _mark(source: Source, span: Span, text: str, *, primary: bool) -> _Mark:
    """Mark the part of a span that stands in its first line; something is always marked."""
    place = source.place(span.start)
    start = place.column - 1
    end = min(start + span.end - span.start, len(source.line(place.line)))
    return _Mark(place.line, start, max(end, start + 1), text, primary)


def _source_line(
    source: Source, number: int, marks: list[_Mark], gutter: int, paint: Paint, diagnostic: Diagnostic
) -> list[str]:
    cells = [_cell(char) for char in source.line(number)]
    first, last = _window(cells, min(m.start for m in marks), max(m.end for m in marks))
    head = "…" if first > 0 else ""
    tail = "…" if last < len(cells) else ""
    shown = "".join(cells[first:last])
    lines = [f"{paint.frame(f'{number:>{gutter}} |')} {head}{shown}{tail}"]
    for mark in marks:
        start, end = max(mark.start, first), min(mark.end, max(last, mark.start + 1))
        indent = len(head) + width("".join(cells[first:start]))
        length = max(width("".join(cells[start:end])), 1)
        under = ("^" if mark.primary else "-") * length
        label = f" {harmless(mark.text)}" if mark.text != "" else ""
        drawn = f"{under}{label}"
        drawn = paint.severity(drawn, diagnostic.severity) if mark.primary else paint.frame(drawn)
        lines.append(f"{paint.frame(' ' * gutter + ' |')} {' ' * indent}{drawn}")
    return lines


def _window(cells: list[str], start: int, end: int) -> tuple[int, int]:
    """Return which part of a line to show: all of it, or what fits around the marks, beginning a little before."""
    if len(cells) <= WIDEST:
        return 0, len(cells)
    first = max(0, min(start - WIDEST // 4, len(cells) - WIDEST))
    return first, min(len(cells), max(first + WIDEST, min(end, first + 2 * WIDEST)))


def _cell(char: str) -> str:
    return TAB if char == "\t" else harmless(char)


def width(text: str) -> int:
    """Return how many columns a terminal gives a text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
