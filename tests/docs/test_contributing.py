"""Takes ``CONTRIBUTING.md``; checks that the folders and files that it sends newcomers to are where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "engine", "explain", "cli", "tests")
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def told(room: str) -> set[str]:
    """Return what the page names of a room: files, and folders with a slash behind them."""
    found = re.search(rf"^In `{room}/`, .*?(?=^In `|^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, f"the page has nothing on {room}/"
    names = re.findall(r"`([a-z_]+(?:/|\.[a-z]+))`", found[0])
    return {name for name in names if name.removesuffix("/") != room and not name.endswith(".toml")}


@pytest.mark.parametrize("room", ROOMS)
def test_what_the_page_names_is_there(room: str) -> None:
    """Each file and folder that it names of a room lies in that room."""
    there = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / room).rglob("*")}
    assert told(room) - there == set()


@pytest.mark.parametrize("room", ROOMS)
def test_the_page_names_every_folder_of_a_room(room: str) -> None:
    """Whoever adds a folder says what it is for."""
    folders = {
        f"{path.name}/" for path in (ROOT / room).iterdir() if path.is_dir() and not path.name.startswith(("__", "."))
    }
    assert folders - {f"{other}/" for other in ROOMS if room == "tests"} - told(room) == set()
