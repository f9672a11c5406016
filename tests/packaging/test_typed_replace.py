"""Takes calls of ``replace`` on structs; checks that mypy, with our plugin, finds those that would fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PLUGIN = Path(__file__).parents[1] / "typed_replace.py"
TEXT = """\
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

Value = TypeVar("Value")


class Part(Struct, frozen=True):
    name: str


class Sized(Part, Generic[Value], frozen=True):
    size: Value


def right(part: Part, sized: Sized[int]) -> Sized[int]:
    replace(part, name="a")
    return replace(sized, name="a", size=1)


def wrong(part: Part, sized: Sized[int]) -> None:
    replace(part, nam="a")
    replace(part, name=1)
    replace(sized, size="a")
"""


def test_a_wrong_field_of_a_struct_is_found(tmp_path: Path) -> None:
    """A name that is no field and a value of another type are mistakes to mypy, in structs that inherit and generic
    ones too; what fits is none."""
    (tmp_path / "calls.py").write_text(TEXT, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = true\nplugins = {PLUGIN}\n", encoding="utf-8")
    words = ["--config-file", str(tmp_path / "mypy.ini"), "--cache-dir", str(tmp_path / "cache")]
    # A process of its own: mypy lets calls nest ever deeper in the one that it runs in, for good.
    told = subprocess.run(
        [sys.executable, "-m", "mypy", *words, str(tmp_path / "calls.py")], check=False, capture_output=True, text=True
    )
    found = re.findall(r"calls\.py:(\d+): error: .* \[([a-z-]+)\]", told.stdout)
    assert found == [("23", "call-arg"), ("24", "arg-type"), ("25", "arg-type")], told.stdout + told.stderr
