"""Takes a page; gives the script that its blocks need, and the hash by which the page's security policy allows it."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from tallystick.explain.page import Block, Calculator, NameFinder, Page, RecordPicker

_NEEDED: tuple[tuple[type[Block], tuple[str, ...]], ...] = (
    (Calculator, ("calculator.js", "page.js")),
    (RecordPicker, ("calculator.js", "page.js", "records.js")),
    (NameFinder, ("names.js",)),
)
_ORDER = ("calculator.js", "page.js", "records.js", "names.js")


def script_of(page: Page) -> str:
    """Return the one script of a page; an empty text where nothing on it answers to anything."""
    blocks = [block for section in page.sections for block in section.blocks]
    needed = {name for form, names in _NEEDED if any(isinstance(each, form) for each in blocks) for name in names}
    return _script(tuple(name for name in _ORDER if name in needed))


def hash_of(text: str) -> str:
    """Return the SHA-256 of a style or script, as a security policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _script(names: tuple[str, ...]) -> str:
    """Return scripts as one, without comments, and with blanks where browsers need them alone: each page carries it."""
    written = [files("tallystick.explain.scripts").joinpath(name).read_text(encoding="utf-8") for name in names]
    lines = [line for each in written for line in each.splitlines() if not line.strip().startswith("//")]
    return _BLANKS.sub(_without_blanks, "\n".join(lines)).strip()


_BLANKS = re.compile(r"""("[^"]*"|`[^`]*`)|\s*([{}()\[\];,=<>?:&|+*/!%-])\s*|\s+""")
"""A text, which stays as it is; or a sign with the blanks around it; or a blank between two words.

INVARIANT: every statement in our scripts ends with a sign, no text in them holds a quotation mark, and no two signs of
which one could take the other for its own half stand with a blank between them.
"""


def _without_blanks(found: re.Match[str]) -> str:
    return found[1] or found[2] or " "
