"""Takes the rulebooks of the gallery; asks whether each is clean and the page of figures what they give."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from docs import gallery_page

from tallystick.engine.examples import run_examples
from tallystick.rules.format.format import format_file
from tallystick.rules.load import load, read
from tallystick.rules.parse.parse import parse
from tallystick.rules.source import Source

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "examples" / "gallery"
RULEBOOKS = sorted(str(path.relative_to(GALLERY)) for path in GALLERY.glob("*/*.tally"))


def test_there_is_a_gallery() -> None:
    """The tests below have something to look at: every folder has a rulebook, records and a page."""
    folders = {path.parent for path in GALLERY.glob("*/*")}
    assert len(folders) >= 8
    for folder in folders:
        assert list(folder.glob("*.tally")), folder
        assert list(folder.glob("*.csv")), folder
        assert (folder / "README.md").is_file(), folder


@pytest.mark.parametrize("name", RULEBOOKS)
def test_a_rulebook_is_clean_and_gives_its_figures(name: str) -> None:
    """No error, no warning, the canonical layout; every example passes, and every rule says why it counts."""
    source = Source(name, (GALLERY / name).read_text(encoding="utf-8"))
    assert read(source)[1] == ()
    written, _ = parse(source)
    assert written is not None
    assert format_file(written) == source.text
    rulebook = load(GALLERY / name)
    results = run_examples(rulebook)
    assert len(results) >= 2
    assert [each.example.title for each in results if not each.passed] == []
    assert [rule.name for rule in rulebook.rules if rule.because is None] == []
    assert rulebook.origin is not None


@pytest.mark.parametrize(("days", "score"), [(1, 201), (4, 801), (6, 1001)])
def test_edits_that_their_day_had_no_room_for_are_not_taken_back(days: int, score: int) -> None:
    """150 edits a day give 200 points on each day that they were made, and 1,000 in all; everybody begins with 1."""
    rows = [f"ada edit_approved 2020-01-{day + 1:02}T08:00:00Z" for day in range(days) for _ in range(150)]
    told = "\n        ".join(["subject kind at", *rows])
    expected = f"expect ada\n        score {score}"
    example = f'\nexample "edits"\n    as of 2020-01-31\n    records\n        {told}\n    {expected}\n'
    path = GALLERY / "stack_exchange" / "stack_exchange.tally"
    rulebook, _ = read(Source(path.name, path.read_text(encoding="utf-8") + example))
    assert rulebook is not None
    assert run_examples(rulebook)[-1].passed


def test_the_community_is_made_byte_for_byte() -> None:
    """The generator beside the one community's records gives the very file that is shipped."""
    folder = GALLERY / "one_community"
    made = runpy.run_path(str(folder / "make_data.py"))["files"]()
    assert {path.name for path in folder.glob("*.csv")} == set(made)
    for name, text in made.items():
        assert (folder / name).read_bytes() == text.encode()


def test_the_page_of_figures_is_what_the_rulebooks_give() -> None:
    """``docs/gallery.md`` holds every figure of the sources beside ours, as the engine gives it today."""
    assert gallery_page.PAGE.read_text(encoding="utf-8") == gallery_page.page()
