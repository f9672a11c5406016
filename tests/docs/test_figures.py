"""Takes the tables of the page about speed; checks that other pages say of them what they say."""

from __future__ import annotations

import math
import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def seconds(task: str) -> list[float]:
    """Return what a task took on the clock, at each number of rows."""
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    return [float(found) for found in re.findall(rf"(?m)^\| {re.escape(task)} \| ([\d.]+) s \|", page)]


def test_what_digests_of_records_cost_is_what_the_tables_say() -> None:
    """The page about many records gives the least and the most by which they lengthen a run, in whole numbers."""
    with_digests, without = seconds("engine, content digest"), seconds("engine")
    assert len(with_digests) == len(without) == 2
    times = [one / other for one, other in zip(with_digests, without, strict=True)]
    said = f"a run takes {round(min(times))} to {math.ceil(max(times))} times as long"
    assert said in (DOCS / "scale.md").read_text(encoding="utf-8")
