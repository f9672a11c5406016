"""Takes a source; gives its lines as a tree by indentation, each cut into tokens, its comments, and what is odd."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from tallystick.rules import limits
from tallystick.rules.parse.tokens import Fault, Finding, Scanned, Token, TokenKind, hidden, scan, scan_cells
from tallystick.rules.source import Source, Span
from tallystick.rules.syntax import Comment

TAB_STOP: Final = 4
GRIDS: Final = frozenset({"subjects", "records"})
_INDENT: Final = re.compile(r"[ \t]*")
_EXPECT: Final = re.compile(r"expect(?=[ \t])")


class Line(Struct):
    """A line with those that stand deeper under it; lines joined inside parentheses are one.

    ``sound`` is false where something in it is no token: that was told, and its tokens are only those before it.
    Mutable while the tree grows; nobody changes it afterwards.
    """

    tokens: tuple[Token, ...]
    end: Token
    sound: bool
    children: list[Line] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """Where it begins: its first token."""
        return self.tokens[0].span if self.tokens else self.end.span

    @property
    def is_grid_row(self) -> bool:
        """Say whether it is a row of a table of an example."""
        return bool(self.tokens) and self.tokens[0].kind is TokenKind.CELL

    @property
    def first(self) -> str:
        """Its first word, or nothing."""
        return self.tokens[0].text if self.tokens else ""


class Layout(Struct, frozen=True):
    """What stands where, before any meaning."""

    lines: tuple[Line, ...]
    comments: tuple[Comment, ...]
    findings: tuple[Finding, ...]


class _Row(Struct, frozen=True):
    """A line of the file that is not blank: where it begins, its text begins and ends, and how deep it stands."""

    line: int
    start: int
    end: int
    indent: int
    tabbed: bool

    @property
    def margin(self) -> Span:
        """The blanks before its text, or its first character."""
        return Span(self.line, max(self.start, self.line + 1))


class _Level(Struct):
    """The lines of one block that is still open."""

    indent: int
    lines: list[Line]
    owner: Line | None


def lay_out(source: Source) -> Layout:
    """Cut the whole text; every fault is found that can be told from the lines alone."""
    return _Reading(source.text).read()


def _rows(text: str) -> list[_Row]:
    """Find the lines that are not blank; only a line feed ends a line, and a carriage return before it is no part."""
    rows: list[_Row] = []
    at = 0
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop == -1 else stop
        end = stop - 1 if stop > at and text[stop - 1] == "\r" else stop
        margin = _INDENT.match(text, at, end)
        start = at if margin is None else margin.end()
        if start < end:
            blanks = text[at:start]
            rows.append(_Row(at, start, end, len(blanks.expandtabs(TAB_STOP)), "\t" in blanks))
        at = stop + 1
    return rows


class _Reading:
    """One pass over the text, from the first line to the last."""

    def __init__(self, text: str) -> None:
        """Stand before the first line."""
        self.text = text
        self.rows = _rows(text)
        self.next = 0
        self.root: list[Line] = []
        self.levels = [_Level(0, self.root, None)]
        self.comments: list[Comment] = []
        self.findings: list[Finding] = []
        self.tabs_told = False

    def read(self) -> Layout:
        """Read to the end."""
        while self.next < len(self.rows):
            row = self.rows[self.next]
            self.next += 1
            if self.text[row.start] == "#":
                self._comment(Span(row.start, row.end), own_line=True)
            else:
                self._line(row)
        return Layout(tuple(self.root), tuple(self.comments), tuple(self.findings))

    def _line(self, row: _Row) -> None:
        level, even = self._level(row.indent)
        if row.tabbed and not self.tabs_told:
            self.tabs_told = True
            self.findings.append(Finding(Fault.INDENT_TAB, row.margin))
        if self._is_in_grid(level):
            tokens, finding = self._take(row, scan_cells)
        elif _is_example(level.owner) and _EXPECT.match(self.text, row.start, row.end):
            tokens, finding = self._take(row, _scan_expect)
        else:
            tokens, finding = self._joined(row)
        finding = finding if even else Finding(Fault.INDENT_UNEVEN, row.margin)
        if finding is not None:
            self.findings.append(finding)
        end = tokens[-1].end if tokens else row.end
        level.lines.append(Line(tuple(tokens), Token(TokenKind.END, "", end, end), finding is None))

    def _level(self, indent: int) -> tuple[_Level, bool]:
        """Find the block that a line belongs to, and whether its indentation is one of those that are open."""
        if not self.root:
            self.levels[0].indent = indent
        popped: _Level | None = None
        while len(self.levels) > 1 and self.levels[-1].indent > indent:
            popped = self.levels.pop()
        top = self.levels[-1]
        if indent > top.indent:
            even = popped is None
            owner = top.lines[-1]
            self.levels.append(_Level(indent, owner.children, owner) if popped is None else popped)
            return self.levels[-1], even
        return top, indent == top.indent

    def _is_in_grid(self, level: _Level) -> bool:
        """Say whether a block is a table of an example."""
        if level.owner is None or level.owner.first not in GRIDS:
            return False
        return _is_example(self.levels[-2].owner)

    def _joined(self, row: _Row) -> tuple[list[Token], Finding | None]:
        """Read a line and, while a parenthesis is open, the lines after it that stand deeper or close it."""
        tokens, finding = self._take(row, scan)
        opened: list[Token] = []
        _follow(tokens, opened)
        while finding is None and opened:
            after = self.rows[self.next] if self.next < len(self.rows) else None
            if after is not None and self.text[after.start] == "#":
                self.next += 1
                self._comment(Span(after.start, after.end), own_line=True)
                continue
            if after is None or not (after.indent > row.indent or self.text[after.start] == ")"):
                return tokens, Finding(Fault.PARENTHESIS_OPEN, opened[-1].span)
            self.next += 1
            more, finding = self._take(after, scan)
            _follow(more, opened)
            tokens += more
        return tokens, finding

    def _take(self, row: _Row, scanner: Callable[[str, int, int], Scanned]) -> tuple[list[Token], Finding | None]:
        """Read one line of the file, unless it is too long or holds what cannot be seen."""
        if row.end - row.start > limits.LINE_LENGTH:
            return [], Finding(Fault.LINE_LONG, Span(row.start, row.end))
        if (finding := hidden(self.text, row.start, row.end)) is not None:
            return [], finding
        scanned = scanner(self.text, row.start, row.end)
        if scanned.comment is not None:
            self._comment(scanned.comment, own_line=False)
        return list(scanned.tokens), scanned.finding

    def _comment(self, span: Span, *, own_line: bool) -> None:
        """Keep a comment, or tell what is wrong with it."""
        if span.end - span.start > limits.LINE_LENGTH:
            self.findings.append(Finding(Fault.LINE_LONG, span))
        elif own_line and (finding := hidden(self.text, span.start, span.end)) is not None:
            self.findings.append(finding)
        else:
            self.comments.append(Comment(self.text[span.start : span.end].rstrip(" \t"), own_line, span))


def _scan_expect(text: str, start: int, end: int) -> Scanned:
    """Cut ``expect ada in jazz above bob``: the names of people and of the value are cells."""
    stop = start + len("expect")
    cells = scan_cells(text, stop, end)
    tokens = [Token(TokenKind.WORD, text[start:stop], start, stop), *cells.tokens]
    told = [token.text for token in tokens[2::2]]
    if len(tokens) % 2 == 0 and told in (["in"], ["above"], ["in", "above"]):
        tokens[2::2] = [token._replace(kind=TokenKind.WORD) for token in tokens[2::2]]
    return Scanned(tuple(tokens), cells.comment, cells.finding)


def _is_example(line: Line | None) -> bool:
    return line is not None and line.first == "example"


def _follow(tokens: list[Token], opened: list[Token]) -> None:
    """Keep the parentheses that are still open after these tokens."""
    for token in tokens:
        if token.kind is TokenKind.SYMBOL and token.text == "(":
            opened.append(token)
        elif token.kind is TokenKind.SYMBOL and token.text == ")" and opened:
            opened.pop()
