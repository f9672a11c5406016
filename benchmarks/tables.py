"""Takes what tasks took; gives tables of it: seconds, ratios, rows a second, memory, and how they grow."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import duckdb
from benchmarks.once import BY_HAND, ENGINE, FLOOR
from benchmarks.race import Took

from tallystick import __version__


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Draw a table; so many columns are words, the others figures."""
    marks = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, marks, *rows))


def of_tasks(rows: int, took: Mapping[str, Took]) -> str:
    """Draw what each task took at a number of rows, and how many times what the query by hand did."""
    head = (f"{rows:,} rows", "clock", "processors", "rows a second", "memory", "clock / by hand")
    head += ("processors / by hand", "memory / by hand")
    hand = took[BY_HAND]
    return table(
        head,
        (
            (
                task,
                f"{one.seconds:.2f} s",
                f"{one.cpu:.2f} s",
                f"{rows / one.seconds / 1e6:.2f} M",
                f"{one.memory:,} MiB",
                f"**{one.seconds / hand.seconds:.2f}**" if task == ENGINE else f"{one.seconds / hand.seconds:.2f}",
                f"{one.cpu / hand.cpu:.2f}",
                f"{one.memory / hand.memory:.2f}",
            )
            for task, one in took.items()
        ),
    )


def of_growth(took: Mapping[int, Mapping[str, Took]]) -> str:
    """Draw how time and memory grow from each number of rows to the next: 1 is in proportion, above 1 is worse."""
    sizes = sorted(took)
    rows = [
        (
            f"{few:,} to {many:,}",
            task,
            f"{_exponent(few, many, before.seconds, after.seconds):.2f}",
            f"{_exponent(few, many, before.cpu, after.cpu):.2f}",
            f"{_exponent(few, many, before.memory, after.memory):.2f}",
        )
        for few, many in pairwise(sizes)
        for task in took[few]
        for before, after in ((took[few][task], took[many][task]),)
    ]
    return table(("rows", "task", "clock grows as rows to the", "processors", "memory"), rows, left=2)


def of_shapes(took: Mapping[tuple[str, str], Took], plain: str) -> str:
    """Draw what each shape took beside the query by hand for it, and beside the reference job."""
    names = list(dict.fromkeys(name for name, _ in took))
    head = ("shape", "floor", "by hand", "engine", "engine / by hand", "processors")
    head += ("engine / engine at the reference job", "memory, engine")
    return table(
        head,
        (
            (
                name,
                f"{took[name, FLOOR].seconds:.2f} s",
                f"{took[name, BY_HAND].seconds:.2f} s",
                f"{took[name, ENGINE].seconds:.2f} s",
                f"**{took[name, ENGINE].seconds / took[name, BY_HAND].seconds:.2f}**",
                f"{took[name, ENGINE].cpu / took[name, BY_HAND].cpu:.2f}",
                f"{took[name, ENGINE].seconds / took[plain, ENGINE].seconds:.2f}",
                f"{took[name, ENGINE].memory:,} MiB",
            )
            for name in names
        ),
    )


def surroundings(threads: int) -> str:
    """Say on what, with what and beside what it was measured."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"tallystick {__version__}, DuckDB {duckdb.__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {threads} of {os.cpu_count()} processors{load} at the start"
    )


def _exponent(few: int, many: int, before: float, after: float) -> float:
    return math.log(after / before) / math.log(many / few)
