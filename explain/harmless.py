"""Takes any text from a rulebook or a record; gives the same text so that it can do nothing where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from tallystick.explain.tongue import AGAIN, ALONE, FOREIGN, HOME, MARKS, spoken

_JOINERS = "\u200c\u200d"
"""Two hidden characters that Persian, Indic scripts and emoji need; they move nothing."""


def harmless(text: str) -> str:
    """Return a text on one line with what does not print written out, as ``<U+202E>``.

    Control characters (ANSI escapes begin with one), bidirectional overrides, other invisible characters, lone
    surrogates and line
    separators are written out. A tab or line break within a text would break the page's shape: it is written out, too.
    """
    if text.isprintable():
        return text
    tongue = spoken()
    if tongue is None or not _MARKED.search(text):
        return _written_out(text)
    shown = {"foreign": f" [{tongue.own.language}]", "alone": "\u2068", "again": "\u2069", "text": ""}
    return "".join(f"{_written_out(part)}{shown[mark]}" for mark, part in apart(text))


def visible(text: str) -> str:
    """Return a name or another text of the data so that a reader sees that there is one: blanks and other characters
    that show nothing are written out, as ``<U+0020>``, where there is nothing else."""
    return "".join(map(_code, text)) if _SHOWS_NOTHING.fullmatch(text) else text


def marked_plainly(text: str) -> str:
    """Return a text in which a rulebook's words that nobody has translated have their mark behind them, and all else
    is as it was."""
    tongue = spoken()
    if tongue is None:
        return text
    shown = {"foreign": f" [{tongue.own.language}]", "alone": "", "again": "", "text": ""}
    return "".join(f"{part}{shown[mark]}" for mark, part in apart(text))


Apart = Literal["text", "foreign", "alone", "again"]


def apart(text: str) -> Iterator[tuple[Apart, str]]:
    """Give a text in parts: what is the rulebook's own and not translated, where something set apart begins and ends,
    and all else."""
    at, paired = 0, _paired(text)
    for found in _MARKED.finditer(text):
        if found[1] is None and found.start() not in paired:
            continue
        if found.start() > at:
            yield "text", text[at : found.start()]
        at = found.end()
        if found[1] is not None:
            yield "foreign", found[1]
        else:
            yield ("alone" if found[0] == ALONE else "again"), ""
    if at < len(text):
        yield "text", text[at:]


def _paired(text: str) -> set[int]:
    """Return where marks stand that begin and end something; one alone, as a record may have it, sets nothing apart."""
    begun: list[int] = []
    found: set[int] = set()
    for at, char in enumerate(text):
        if char == ALONE:
            begun.append(at)
        elif char == AGAIN and begun:
            found |= {begun.pop(), at}
    return found


_MARKED = re.compile(f"{FOREIGN}([^{MARKS}]+){HOME}|{ALONE}|{AGAIN}")


def _written_out(text: str) -> str:
    return "".join(char if char.isprintable() or char == "\u00a0" or char in _JOINERS else _code(char) for char in text)


def _code(char: str) -> str:
    return f"<U+{ord(char):04X}>"


_SHOWS_NOTHING = re.compile(
    "[\\s\u00a0\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0100-\U000e01ef]+"
)
"""Blanks, what joins or varies other characters, and letters that are empty: some of them Python calls printable."""


_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=:](?=\s|[-=:]|$)|\d{1,9}(?=[.)](?:\s|$)))")
_LINKED = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")


def _broken(found: re.Match[str]) -> str:
    """Put a backslash before the character that makes a bare address a link."""
    word, mark = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
    return f"{word}\\{mark}"


def _start(found: re.Match[str]) -> str:
    """Put a backslash into what would begin a heading, list, table border or rule."""
    blanks, mark = found[1], found[2]
    return f"{blanks}{mark}\\" if mark.isdigit() else f"{blanks}\\{mark}"


def markdown_text(text: str) -> str:
    """Return a text as Markdown that shows just that text: no HTML, link, emphasis, table cell, heading or formula.

    Blanks before it, which could make it code, are left out.
    """
    return _escaped(harmless(text).lstrip())


@lru_cache(maxsize=1 << 13)
def _escaped(text: str) -> str:
    """Put backslashes before what Markdown would take for its own; kept, since much is said to many."""
    return _AT_START.sub(_start, _LINKED.sub(_broken, _SPECIAL.sub(r"\\\1", text)))
