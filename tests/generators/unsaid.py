"""Takes a page in the made-up language; gives the words in it that were not said in that language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from msgspec import Struct

from tallystick.explain.languages.pseudo import ACCENTS
from tallystick.rules.expression import Literally

ACCENTED = frozenset(map(chr, ACCENTS.values()))
WORD = re.compile(r"[^\W\d_]{2,}")


class Said(HTMLParser):
    """What a page says in its own words: not what a rulebook says without a translation, nor what is code."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.words: list[str] = []
        self._apart: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Gather what is read out, and remember where something else begins."""
        found = dict(attrs)
        if (
            tag in ("style", "script", "code", "span") and (tag != "span" or "lang" in found or self._apart)
        ) or found.get("class") == "foreign":
            self._apart.append(tag)
        if tag == "title":
            self._apart.append(tag)  # the heading of the page says it again
        label = found.get("aria-label") or ""
        if " [en]" not in label:
            self.words.append(label)

    def handle_endtag(self, tag: str) -> None:
        """Leave what began."""
        if self._apart and self._apart[-1] == tag:
            self._apart.pop()

    def handle_data(self, data: str) -> None:
        """Gather text; a choice has no elements, and a rulebook's words in it their mark alone."""
        if not self._apart and not (self.lasttag == "option" and data.endswith(" [en]")):
            self.words.append(data)


def not_said(page: str, known: set[str]) -> set[str]:
    """Return the words of a page in the made-up language that nobody said in it, but for those of the data."""
    said = re.sub(r"[0-9a-f]{64}", "", " ".join(Said(page).words))
    return {word for word in WORD.findall(said) if not ACCENTED & set(word)} - known


def literals(part: object) -> Iterator[str]:
    """Return the texts that a rulebook compares values with."""
    match part:
        case Literally(str() as value):
            yield value
        case tuple():
            for each in part:
                yield from literals(each)
        case Struct():
            for name in part.__struct_fields__:
                yield from literals(getattr(part, name))
