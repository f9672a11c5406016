"""Takes a task of a job; does it once, in this process, and prints its seconds and its memory as JSON."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import duckdb

from tallystick.engine import score
from tallystick.rules import load
from tallystick.rules.rulebook import Rulebook

HERE = Path(__file__).parent
AS_OF = date(2026, 6, 29)
FLOOR, BY_HAND, ENGINE, DIGESTED = "floor", "by hand", "engine", "engine, content digest"
LINES = "lines alone"
TASKS = (FLOOR, BY_HAND, ENGINE, DIGESTED, LINES)
"""``DIGESTED`` is all that the engine does, and the digest of the records' content that a run makes on request;
``LINES`` what ``tally score --format csv`` does: the ledger, no folder, everybody's score and lines as CSV."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be worked out, on what: the same for every task."""

    records: Path
    rulebook: Path = HERE / "reference_job.tally"
    by_hand: Path = HERE / "by_hand.sql"
    threads: int = 2
    memory_limit: str | None = None

    @property
    def arguments(self) -> list[str]:
        """The job as arguments of this program."""
        said = [str(self.records), "--rulebook", str(self.rulebook), "--by-hand", str(self.by_hand)]
        said += ["--threads", str(self.threads)]
        return said if self.memory_limit is None else [*said, "--memory-limit", self.memory_limit]


def run_query(query: Path, job: Job, out: Path) -> None:
    """Run a query over the records, and write what it gives."""
    text = query.read_text(encoding="utf-8").replace("read_parquet($records)", read_from(job.records))
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET threads = {job.threads}")
        connection.execute(f"SET temp_directory = {quoted(out.with_suffix('.tmp'))}")
        if job.memory_limit is not None:
            connection.execute(f"SET memory_limit = {quoted(job.memory_limit)}")
        connection.execute(f"COPY (\n{text}\n) TO {quoted(out)} (FORMAT parquet)")


def write_lines(rulebook: Rulebook, job: Job, out: Path) -> None:
    """Write everybody's score and lines as CSV, and no folder."""
    from tallystick.cli.score_formats import BATCH, CsvForm, told_in_brief  # noqa: PLC0415  only this task needs it

    run = score(rulebook, job.records, as_of=AS_OF, threads=job.threads, memory_limit=job.memory_limit)
    form, rest = CsvForm(rulebook), told_in_brief(run)
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(form.begin(()))
        while people := tuple(islice(rest, BATCH)):
            file.write(form.people(people))
    run.close()


def read_from(records: Path) -> str:
    """Return SQL that reads the records, whatever their format."""
    if records.suffix == ".parquet":
        return f"read_parquet({quoted(records)})"
    types = "{'subject': 'BIGINT', 'actor': 'BIGINT', 'kind': 'VARCHAR', 'at': 'TIMESTAMPTZ', 'topic': 'INTEGER'}"
    if records.suffix == ".jsonl":
        return f"read_json({quoted(records)}, format = 'newline_delimited', columns = {types})"
    # A function of the kind keeps the reader from taking the list of kinds for the column's own type.
    read = f"read_csv({quoted(records)}, header = true, types = {types})"
    return f"(SELECT * REPLACE (lower(kind) AS kind) FROM {read})"  # noqa: S608  a path of ours


def quoted(text: Path | str) -> str:
    """Return a path or a text as SQL text."""
    return "'" + str(text).replace("'", "''") + "'"


def task(name: str, job: Job, out: Path) -> Callable[[], None]:
    """Return the work of a task: all that the clock sees. Modules and the rulebook are loaded before."""
    match name:
        case "floor":
            return lambda: run_query(HERE / "floor.sql", job, out)
        case "by hand":
            return lambda: run_query(job.by_hand, job, out)
        case _:
            import numpy as np  # noqa: F401, PLC0415  the database loads it with the first function of ours

            import tallystick.cli.score_formats  # noqa: PLC0415  loaded by the first score otherwise
            import tallystick.engine.receipt  # noqa: PLC0415  loaded with the first run that is written
            import tallystick.engine.scoring  # noqa: F401, PLC0415  loaded by the first score, too

            rulebook = load(job.rulebook)
            if name == LINES:
                return lambda: write_lines(rulebook, job, out)
            return lambda: score(
                rulebook,
                job.records,
                as_of=AS_OF,
                out=out,
                keep_records=False,
                threads=job.threads,
                digest_records=name == DIGESTED,
                memory_limit=job.memory_limit,
            ).close()


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
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rulebook", type=Path, required=True)
    parser.add_argument("--by-hand", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--memory-limit")
    given = parser.parse_args()
    job = Job(given.records, given.rulebook, given.by_hand, given.threads, given.memory_limit)
    work = task(given.task, job, given.out)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    took = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "memory": most_memory()}
    print(json.dumps(took))


if __name__ == "__main__":
    main()
