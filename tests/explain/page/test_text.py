"""Pages as text: what is kept from one to the next, and how wide texts are."""

from __future__ import annotations

import unicodedata

from tallystick.explain import text
from tallystick.explain.languages.language import tongue_of
from tallystick.explain.page import Entry, Page, Paragraph, Section
from tallystick.explain.tongue import FOREIGN, HOME, OwnWords, speaking


def test_what_is_drawn_once_is_drawn_once_for_each_language() -> None:
    """The same block is marked with the language of the rulebook at hand, whoever had it drawn before."""
    page = Page("t", (Section("", (Paragraph(f"{FOREIGN}points{HOME}: 1"), Entry(f"{FOREIGN}a{HOME}", ("b",)))),))
    drawn = []
    for own in ("fr", "es", "fr"):
        with speaking(tongue_of("de", OwnWords(language=own))):
            drawn.append(text.draw(page))
    assert drawn == [f"t\n=\n\npoints [{own}]: 1\n\na [{own}]\n  - b\n" for own in ("fr", "es", "fr")]


def test_what_is_taken_for_narrow_is_narrow() -> None:
    """A text of characters that are not looked at one by one is as wide as they are, and wraps as they do."""
    narrow, wide = text._NARROW, 0  # noqa: SLF001  the characters that are meant
    for char in map(chr, range(0x11_0000)):
        hidden = unicodedata.combining(char) or unicodedata.category(char) == "Cf"
        width = 0 if hidden else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        assert width == 1 or not narrow.fullmatch(char), hex(ord(char))
        wide += width == 2
    assert wide > 1_000
    for words in ("Für × und √ eins", "Für × und 漢 eins"):
        assert text.wrapped(words, 8, "- ", "  ") == ("- Für ×", f"  und {words[10]}", "  eins")
