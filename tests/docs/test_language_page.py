"""Takes the page of the language; holds its figures to those that the checker knows."""

from __future__ import annotations

import re
from pathlib import Path

from tallystick.rules import limits
from tallystick.rules.parse.words import FUNCTIONS, RESERVED

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")


def test_the_page_says_how_much_a_rulebook_may_hold() -> None:
    """Each limit has a row, and no row has a figure that is no limit any more."""
    section = re.search(r"^## How much a rulebook may hold$(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    said = re.findall(r"^\| .* \| ([\d,]+) \| ", section[1], re.MULTILINE)
    known = [f"{value:,}" for name, value in vars(limits).items() if name.isupper()]
    assert sorted(said) == sorted(known)


def test_the_page_names_every_word_that_is_no_name() -> None:
    """Whoever looks for a name reads which words are taken."""
    said = re.search(r"but these, which have a meaning everywhere:\s+`([a-z ]+)`", PAGE)
    assert said is not None
    assert sorted(said[1].split()) == sorted(RESERVED)


def test_the_page_names_every_function() -> None:
    """The table of expressions has them all, and none that there is not."""
    said = re.search(r"^\| `([a-z0-9 ]+)`, with parentheses \|", PAGE, re.MULTILINE)
    assert said is not None
    assert sorted(said[1].split()) == sorted(FUNCTIONS)
