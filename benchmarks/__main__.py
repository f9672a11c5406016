"""Takes numbers of rows; prints how long the whole ledger takes against the best query written by hand, in turn.

The query by hand writes each person's total and eight lines. The engine does all that ``tally score --no-records``
does: it digests the file, checks every cell, writes scores, lines, measures, what every step left out and accounts,
digests them, and publishes the folder. Each run is a process of its own; the clock starts when its modules and the
rulebook are loaded. Seconds are of this machine; only ratios carry over.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from benchmarks.agreement import digest_of_hand, digest_of_run
from benchmarks.once import HERE, TASKS
from benchmarks.records import records_file

from tallystick import __version__

ROOT = HERE.parent
LIMIT = 2.0
"""The whole ledger may take so many times the query by hand."""
MANY = 3_000_000
FEW_ROUNDS, MANY_ROUNDS = 3, 5
"""Rounds above and up to ``MANY`` rows."""


@dataclass(frozen=True, slots=True)
class Took:
    """What one run of a task took: seconds on the clock and of processors, and MiB of memory at most."""

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Bench:
    """How to run: where files are kept, on how many threads, and against which query."""

    folder: Path
    threads: int
    by_hand: Path

    def once(self, task: str, records: Path, out: Path) -> Took:
        """Run a task in a process of its own; its output stands at ``out``."""
        command = [sys.executable, "-m", "benchmarks.once", task, str(records), str(out)]
        command += ["--threads", str(self.threads), "--by-hand", str(self.by_hand)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603  ourselves
        return Took(**json.loads(done.stdout))

    def agree(self, rows: int) -> bool:
        """Run both once, and say whether all totals and lines are the same."""
        records = records_file(rows, self.folder)
        with tempfile.TemporaryDirectory(dir=self.folder) as made:
            by_hand, run = Path(made) / "by_hand.parquet", Path(made) / "run"
            self.once("by hand", records, by_hand)
            self.once("engine", records, run)
            ours, theirs = digest_of_run(run), digest_of_hand(by_hand)
        say(f"{rows:,} rows: {'the same totals and lines' if ours == theirs else 'NOT THE SAME'}")
        if ours != theirs:
            say(f"  by hand {theirs}\n  engine  {ours}")
        return ours == theirs

    def race(self, rows: int, rounds: int) -> dict[str, list[Took]]:
        """Run every task in turn, so many times, after one round that is not counted."""
        records = records_file(rows, self.folder)
        took: dict[str, list[Took]] = {task: [] for task in TASKS}
        for number in range(rounds + 1):
            for task in TASKS:
                with tempfile.TemporaryDirectory(dir=self.folder) as made:
                    one = self.once(task, records, Path(made) / "out")
                tell(f"{rows:>12,} rows  round {number} of {rounds}  {task:8}  {one.seconds:.2f} s")
                if number > 0:
                    took[task].append(one)
        return took


def table_row(rows: int, took: dict[str, list[Took]]) -> tuple[str, bool]:
    """Return a line of the table, and whether the engine kept within the limit."""
    seconds = {task: statistics.median(each.seconds for each in took[task]) for task in TASKS}
    cpu = {task: statistics.median(each.cpu for each in took[task]) for task in TASKS}
    memory = {task: max(each.memory for each in took[task]) for task in TASKS}
    ratio = seconds["engine"] / seconds["by hand"]
    cells = [
        f"{rows:,}",
        *(f"{seconds[task]:.2f} s" for task in TASKS),
        f"**{ratio:.2f}**",
        f"{cpu['engine'] / cpu['by hand']:.2f}",
        f"{seconds['floor'] / seconds['by hand']:.2f}",
        f"{rows / seconds['engine'] / 1e6:.2f} M",
        *(f"{memory[task]:,} MiB" for task in ("by hand", "engine")),
    ]
    return f"| {' | '.join(cells)} |", ratio <= LIMIT


HEAD = (
    "rows",
    *TASKS,
    "engine / by hand",
    "the same in processor time",
    "floor / by hand",
    "rows a second",
    "memory, by hand",
    "memory, engine",
)


def surroundings(threads: int) -> str:
    """Say on what, with what and beside what it was measured."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"tallystick {__version__}, DuckDB {duckdb.__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {threads} of {os.cpu_count()} processors{load}"
    )


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def tell(text: str) -> None:
    """Say how far the work is."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Read the arguments and run; 1 if the totals and lines are not the same, or the engine takes too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=float, nargs="+", default=[1e6, 1e7])
    parser.add_argument("--rounds", type=int, help=f"{MANY_ROUNDS}, or {FEW_ROUNDS} above {MANY:,} rows, unless said")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--folder", type=Path, default=ROOT / "bench-data", help="where made records are kept")
    parser.add_argument("--by-hand", type=Path, default=HERE / "by_hand.sql", help="another query to run against")
    parser.add_argument("--agree", action="store_true", help="only compare what the two give")
    given = parser.parse_args()
    bench = Bench(given.folder.resolve(), given.threads, given.by_hand.resolve())
    good = True
    lines: list[str] = []
    before = surroundings(given.threads)
    for rows in map(int, given.rows):
        good &= bench.agree(rows)
        if not given.agree:
            line, fast = table_row(rows, bench.race(rows, given.rounds or (FEW_ROUNDS if rows > MANY else MANY_ROUNDS)))
            lines.append(line)
            good &= fast
    if lines:
        say("\n".join(["", f"| {' | '.join(HEAD)} |", f"|{'---:|' * len(HEAD)}", *lines]))
        say(f"\n{before}; limit {LIMIT:.2f}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
