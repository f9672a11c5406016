"""Takes a task of the reference job; does it once, in this process, and prints its seconds and its memory as JSON."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from tallystick.engine import score
from tallystick.rules import load

HERE = Path(__file__).parent
AS_OF = date(2026, 6, 29)
TASKS = ("floor", "by hand", "engine")


def run_query(query: Path, records: Path, out: Path, threads: int) -> None:
    """Run a query over the records, and write what it gives."""
    text = query.read_text().replace("$records", quoted(records))
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET threads = {threads}")
        connection.execute(f"COPY (\n{text}\n) TO {quoted(out)} (FORMAT parquet)")


def quoted(path: Path) -> str:
    """Return a path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def task(name: str, records: Path, out: Path, threads: int, by_hand: Path) -> Callable[[], None]:
    """Return the work of a task: all that the clock sees. Modules and the rulebook are loaded before."""
    match name:
        case "floor":
            return lambda: run_query(HERE / "floor.sql", records, out, threads)
        case "by hand":
            return lambda: run_query(by_hand, records, out, threads)
        case _:
            import numpy as np  # noqa: F401, PLC0415  the database loads it with the first function of ours

            import tallystick.engine.scoring  # noqa: F401, PLC0415  loaded by the first score otherwise

            rulebook = load(HERE / "reference_job.tally")
            return lambda: score(rulebook, records, as_of=AS_OF, out=out, keep_records=False, threads=threads).close()


def most_memory() -> int:
    """Return the most memory, in MiB, that this process has taken; not, where the system tells, what started it."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) // 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 1024**2


def main() -> None:
    """Read the arguments, do the task and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("records", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--by-hand", type=Path, required=True)
    given = parser.parse_args()
    work = task(given.task, given.records, given.out, given.threads, given.by_hand)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    took = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "memory": most_memory()}
    print(json.dumps(took))


if __name__ == "__main__":
    main()
