"""Takes the page of the language; holds its figures to those that the checker knows."""

from __future__ import annotations

import re
from pathlib import Path

from tallystick.rules import limits

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")


def test_the_page_says_how_much_a_rulebook_may_hold() -> None:
    """Each limit has a row, and no row has a figure that is no limit any more."""
    section = re.search(r"^## How much a rulebook may hold$(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    said = re.findall(r"^\| .* \| ([\d,]+) \| ", section[1], re.MULTILINE)
    known = [f"{value:,}" for name, value in vars(limits).items() if name.isupper()]
    assert sorted(said) == sorted(known)
