"""Takes the source tree; checks that rooms import only downwards, and outside packages only where they may be."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "engine", "explain", "cli")
"""Lowest first."""

MAY_IMPORT = {
    "lark": ("rules/parse/",),
    "interegular": (),
    "duckdb": ("engine/",),
    "numpy": ("engine/",),
    "pyarrow": ("engine/",),
    "pandas": ("engine/",),
    "polars": ("engine/",),
    "zstandard": ("engine/",),
    "psycopg": ("engine/",),
    "sqlglot": ("engine/",),
    "pyspark": ("engine/",),
    "cryptography": ("engine/",),
    "jinja2": ("explain/",),
    "babel": ("explain/languages/",),
    "typer": ("cli/main.py", "cli/commands/"),
}
"""Where each package from outside may be imported; any file of the standard library or pydantic may be anywhere."""

FILES = tuple(sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")))


def imported(path: Path) -> list[tuple[str, int]]:
    """Return the modules that a file imports, wherever in it."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import makes a second copy of every type"
            found.append((node.module or "", node.lineno))
    return found


def test_there_is_something_to_check() -> None:
    """Each room has files, so that the other tests here cannot pass by finding none."""
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(ROOMS)


def test_a_room_imports_only_itself_and_lower_ones() -> None:
    """A lower room never imports a higher one, and no room is imported by its bare name."""
    wrong: list[str] = []
    for path in FILES:
        height = ROOMS.index(path.relative_to(ROOT).parts[0])
        for module, line in imported(path):
            parts = module.split(".")
            if parts[0] in ROOMS:
                wrong.append(f"{path}:{line}: import tallystick.{module} instead")
            if parts[0] == "tallystick" and len(parts) > 1 and ROOMS.index(parts[1]) > height:
                wrong.append(f"{path}:{line}: {module} is a higher room")
    assert wrong == []


def test_outside_packages_stay_in_their_places() -> None:
    """Each package from outside that has a place of its own is imported there alone."""
    wrong: list[str] = []
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        for module, line in imported(path):
            places = MAY_IMPORT.get(module.split(".")[0])
            if places is not None and not name.startswith(places):
                wrong.append(f"{name}:{line} imports {module}, which only {places} may")
    assert wrong == []
