"""Takes one line of a rulebook; gives its tokens, its comment, and the first thing in it that is no token."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from tallystick.rules import limits
from tallystick.rules.source import Span


class TokenKind(StrEnum):
    """What a token looks like; what it means depends on where it stands."""

    WORD = "word"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    VERSION = "version"
    SYMBOL = "symbol"
    CELL = "cell"
    END = "end"


class Token(NamedTuple):
    """A piece of the text, as written."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Fault(StrEnum):
    """What can be wrong with a line before its meaning is looked at."""

    HIDDEN = "hidden"
    CHARACTER = "character"
    QUOTE_OPEN = "quote open"
    QUOTE_CURLY = "quote curly"
    QUOTE_SINGLE = "quote single"
    ESCAPE = "escape"
    TEXT_LONG = "text long"
    NAME = "name"
    NAME_LONG = "name long"
    NUMBER = "number"
    NUMBER_LONG = "number long"
    DATE = "date"
    DAY = "day"
    MOMENT = "moment"
    CELL = "cell"
    LINE_LONG = "line long"
    PARENTHESIS_OPEN = "parenthesis open"
    INDENT_UNEVEN = "indent uneven"
    INDENT_TAB = "indent tab"


class Finding(Struct, frozen=True):
    """A fault and the stretch of text that has it."""

    fault: Fault
    span: Span


class Scanned(Struct, frozen=True):
    """The tokens of a stretch of one line, its comment and the first fault, after which nothing was read."""

    tokens: tuple[Token, ...]
    comment: Span | None
    finding: Finding | None


ESCAPES: Final = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
"""What may follow a backslash in a text, and what it stands for."""
FIRST_MOMENT: Final = "0001-01-02T00:00:00Z"
LAST_MOMENT: Final = "9999-12-30T23:59:59Z"
"""Beyond them the clocks of some time zone show a day that is in no calendar."""

# Line and paragraph separators, and the marks that make a text read in another order than it stands.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]",
)
_BLANKS: Final = re.compile(r"[ \t]+")
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TOKEN: Final = re.compile(
    rf"""
      (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<moment>{_DATE}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}Z(?![\w.]))
    | (?P<date>{_DATE}(?![\w.]))
    | (?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?(?![\w.]))
    | (?P<number>(?!{_DATE})[0-9]+(?:\.[0-9]+)?(?![\w.]))
    | (?P<counted>(?!{_DATE})[0-9]+(?:\.[0-9]+)?(?=(?:days?|weeks?)(?!\w)))
    | (?P<word>others'|[a-z][a-z0-9_]*(?!\w))
    | (?P<symbol>[<>!]=|[-+*/=<>(),:%]|\.(?![0-9]))
    """,
    re.VERBOSE,
)
_BAD_DATE: Final = re.compile(rf"{_DATE}[\w:.+-]*")
_BAD_NUMBER: Final = re.compile(r"\.?[0-9][\w.]*")
_BAD_WORD: Final = re.compile(r"\w+")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_CELL: Final = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*"(?=[ \t]|$))|(?P<plain>[^ \t"][^ \t]*)')
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_KINDS: Final = {
    "text": TokenKind.TEXT,
    "moment": TokenKind.MOMENT,
    "date": TokenKind.DATE,
    "version": TokenKind.VERSION,
    "number": TokenKind.NUMBER,
    "counted": TokenKind.NUMBER,
    "word": TokenKind.WORD,
    "symbol": TokenKind.SYMBOL,
}
OR_ELSE: Final = "or else"


def unquote(quoted: str) -> str:
    """Return what a quoted text says."""
    if "\\" not in quoted:
        return quoted[1:-1]
    return _ESCAPE.sub(lambda match: ESCAPES[match[1]], quoted[1:-1])


def hidden(text: str, start: int, end: int) -> Finding | None:
    """Find the first character that a person cannot see, or that changes how others are seen."""
    match = _HIDDEN.search(text, start, end)
    return None if match is None else Finding(Fault.HIDDEN, Span(match.start(), match.end()))


def scan(text: str, start: int, end: int) -> Scanned:
    """Cut a stretch of one line into tokens."""
    tokens: list[Token] = []
    at = start
    while at < end:
        if blanks := _BLANKS.match(text, at, end):
            at = blanks.end()
            continue
        if text[at] == "#":
            return Scanned(tuple(tokens), Span(at, end), None)
        match = _TOKEN.match(text, at, end)
        if match is None:
            return Scanned(tuple(tokens), None, _odd(text, at, end))
        token = Token(_KINDS[str(match.lastgroup)], match[0], at, match.end())
        if (finding := _unfit(token)) is not None:
            return Scanned(tuple(tokens), None, finding)
        if token.text == "else" and tokens and tokens[-1].text == "or":
            token = Token(TokenKind.WORD, OR_ELSE, tokens.pop().start, token.end)
        tokens.append(token)
        at = token.end
    return Scanned(tuple(tokens), None, None)


def scan_cells(text: str, start: int, end: int) -> Scanned:
    """Cut a row of an example's table into cells; a comment begins only where a cell could."""
    cells: list[Token] = []
    at = start
    while at < end:
        if blanks := _BLANKS.match(text, at, end):
            at = blanks.end()
            continue
        if text[at] == "#":
            return Scanned(tuple(cells), Span(at, end), None)
        match = _CELL.match(text, at, end)
        if match is None:
            return Scanned(tuple(cells), None, Finding(_quote_fault(text, at, end), Span(at, end)))
        cell = Token(TokenKind.CELL, match[0], at, match.end())
        if (finding := _unfit(cell)) is not None:
            return Scanned(tuple(cells), None, finding)
        cells.append(cell)
        at = cell.end
    return Scanned(tuple(cells), None, None)


def _quote_fault(text: str, at: int, end: int) -> Fault:
    """Tell a quoted cell that has no end from one that runs on after it."""
    return Fault.CELL if _QUOTED.match(text, at, end) else Fault.QUOTE_OPEN


def _unfit(token: Token) -> Finding | None:
    """Hold a token to the limits, a text to the escapes there are, and a date to the calendar."""
    fault: Fault | None = None
    match token.kind:
        case TokenKind.WORD if len(token.text) > limits.NAME_LENGTH:
            fault = Fault.NAME_LONG
        case TokenKind.NUMBER if len(token.text.replace(".", "")) > limits.NUMBER_DIGITS:
            fault = Fault.NUMBER_LONG
        case TokenKind.DATE | TokenKind.MOMENT if not _exists(token.text):
            fault = Fault.DAY
        case TokenKind.MOMENT if not FIRST_MOMENT <= token.text <= LAST_MOMENT:
            fault = Fault.MOMENT
        case TokenKind.VERSION if len(token.text) > limits.NAME_LENGTH:
            fault = Fault.NAME_LONG
        case TokenKind.TEXT | TokenKind.CELL:
            return _faulty_text(token)
        case _:
            pass
    return None if fault is None else Finding(fault, token.span)


def _exists(moment: str) -> bool:
    """Say whether a date or moment of the right form is one of the calendar."""
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True


def _faulty_text(token: Token) -> Finding | None:
    quoted = token.text.startswith('"')
    for escape in _ESCAPE.finditer(token.text) if quoted else ():
        if escape[1] not in ESCAPES:
            return Finding(Fault.ESCAPE, Span(token.start + escape.start(), token.start + escape.end()))
    if len(unquote(token.text) if quoted else token.text) > limits.TEXT_LENGTH:
        return Finding(Fault.TEXT_LONG, token.span)
    return None


def _odd(text: str, at: int, end: int) -> Finding:
    """Say what it is that is no token."""
    char = text[at]
    if char == '"':
        return Finding(Fault.QUOTE_OPEN, Span(at, end))
    for pattern, fault in ((_BAD_DATE, Fault.DATE), (_BAD_NUMBER, Fault.NUMBER), (_BAD_WORD, Fault.NAME)):
        if match := pattern.match(text, at, end):
            return Finding(fault, match_span(match))
    if char in "“”„«»":
        return Finding(Fault.QUOTE_CURLY, Span(at, at + 1))
    if char in "'‘’`":
        return Finding(Fault.QUOTE_SINGLE, Span(at, at + 1))
    double = text[at : at + 2]
    return Finding(Fault.CHARACTER, Span(at, at + (2 if double in ("&&", "||", "**", "//") else 1)))


def match_span(match: re.Match[str]) -> Span:
    """Return where a match stands."""
    return Span(match.start(), match.end())
