"""Takes the examples that come with Tallystick; gives those that a rulebook can begin with, and the files of one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from msgspec import Struct

import tallystick
from tallystick.rules.format.expressions import quote

LIST = "list"
"""The name that asks which there are."""
_INDEX = "starts.toml"
_FENCED = re.compile(r"^(`{3,}).*?^\1\s*?$\n?", re.MULTILINE | re.DOTALL)
_HERE = re.compile(r"\[([^\]]+)\]\((?![a-z]+://)[^)]*\)")
"""A link to a file that stays behind."""
FIRST_VERSION = "0.1.0"


class Start(Struct, frozen=True):
    """An example to begin with: its files, by path; ``records`` or ``subjects`` is None where it reads none."""

    name: str
    rulebook: Path
    about: Path
    records: Path | None
    subjects: Path | None
    as_of: str


def starts() -> tuple[Start, ...]:
    """Return what there is to begin with, in the order of the index."""
    folder = _examples()
    index = tomllib.loads((folder / _INDEX).read_text(encoding="utf-8"))
    return tuple(_start(folder, name, each) for name, each in index.items())


def measured(start: Start) -> str:
    """Say in its own words what a rulebook measures."""
    found = re.search(r'^ +measures +"(.*)"$', start.rulebook.read_text(encoding="utf-8"), re.MULTILINE)
    return "" if found is None else found[1]


def begun(start: Start, name: str | None, owner: str | None) -> str:
    """Write the rulebook as a beginning: with another name it is another score, so its versions begin anew."""
    text = start.rulebook.read_text(encoding="utf-8")
    if name is not None:
        head = f"rulebook {quote(name)} version {FIRST_VERSION}"
        text = re.sub(r"^rulebook .*$", lambda _: head, text, count=1, flags=re.MULTILINE)
    if owner is not None:
        text = re.sub(r'^( +owner +)".*"$', lambda found: found[1] + quote(owner), text, count=1, flags=re.MULTILINE)
    return text


def told(start: Start) -> str:
    """Return what is said of an example, without its commands, which are for another folder."""
    text = _HERE.sub(r"\1", _FENCED.sub("", start.about.read_text(encoding="utf-8")))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"^#", "##", text, flags=re.MULTILINE)).strip() + "\n"


def _start(folder: Path, name: str, said: dict[str, str]) -> Start:
    here = folder / name
    records, subjects = (here / said[each] if each in said else None for each in ("records", "subjects"))
    return Start(name, here / said["rulebook"], here / "README.md", records, subjects, said["as_of"])


def _examples() -> Path:
    """Return the folder of examples: within the package where it is installed, at the root of a checkout."""
    package = Path(tallystick.__file__).parent
    within = package / "examples"
    return within if within.is_dir() else package.parents[1] / "examples"
