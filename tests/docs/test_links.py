"""Takes every page; checks that its links to files of this project lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])


@cache
def prose(page: Path) -> str:
    """Return a page without its code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[tuple[str, str]]:
    """Return the targets of a page's links that are no addresses: the file, or nothing, and the heading, or nothing."""
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    parts = [target.partition("#") for target in targets if "://" not in target and not target.startswith("mailto:")]
    return [(file, heading) for file, _, heading in parts]


def headings(page: Path) -> set[str]:
    """Return how a page's headings are linked to: in small letters, with dashes for blanks, without signs."""
    texts = [
        re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text) for text in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    ]
    return {re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in texts}


def test_there_are_links_to_check() -> None:
    """The pages are found and link to each other, so the test below has something to fail on."""
    assert sum(len(links(page)) for page in PAGES) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """A reader who follows a link of ours arrives, at the heading if it names one."""
    dead = [
        f"{file}#{heading}"
        for file, heading in links(page)
        if not (page.parent / file).exists()
        or (heading and heading not in headings(page.parent / file if file else page))
    ]
    assert dead == []


def test_the_readme_leads_to_every_page() -> None:
    """Nobody reads a page that nothing leads to."""
    led = {(ROOT / file).resolve() for file, _ in links(ROOT / "README.md") if file}
    assert [page.name for page in sorted(ROOT.glob("docs/*.md")) if page.resolve() not in led] == []
