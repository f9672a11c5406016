"""Takes a number of rows; prints what one more day costs a state beside scoring all of them from Parquet, with the
run's folder and without.

The last day is split off the reference job's records, which are in order of time. A state takes in the others once;
each round adds the day to a copy of it. Each run is a process of its own, whose modules have been used once before.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.goals import HEAD, Goal
from benchmarks.once import AS_OF, HERE, most_memory, quoted
from benchmarks.race import ROOT, Took, middle, say, tell
from benchmarks.records import made_once, records_file
from benchmarks.tables import table

JOB = HERE / "reference_job.tally"
MOST = 1 / 3
WARM = 10_000


@dataclass(frozen=True, slots=True)
class Day:
    """The records of all days, of all but the last, and of the last; and the state of those before it."""

    all: Path
    before: Path
    last: Path
    state: Path
    warm: Path
    threads: int


def run_day(rows: int, folder: Path, rounds: int, threads: int) -> bool:
    """Run both in turn, so many times; print the medians and say whether the ledgers are the same."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        day = _day(rows, folder, Path(made), threads)
        tell("making the state")
        _run(("--records", day.before, "--as-of", AS_OF - timedelta(1), "--state", day.state), day)
        took: dict[tuple[bool, bool], list[Took]] = {}
        digests: set[str] = set()
        for number in range(rounds):
            for state in (False, True):
                for with_folder in (False, True):
                    one, digest = _once(day, Path(made) / "round", state=state, with_folder=with_folder)
                    took.setdefault((state, with_folder), []).append(one)
                    digests |= {digest} if with_folder else set()
                    tell(f"round {number + 1} of {rounds}  {'a day' if state else 'all'}  {one.cpu:.2f} s")
    median = {which: middle(each) for which, each in took.items()}
    reached = [
        Goal(f"a day / all, {words}", MOST, median[True, out].cpu / median[False, out].cpu)
        for out, words in ((False, "scores, no folder"), (True, "and the run's folder"))
    ]
    found = [
        (*goal.row, f"{median[False, out].cpu:.2f}", f"{median[True, out].cpu:.2f}")
        for goal, out in zip(reached, (False, True), strict=True)
    ]
    say(f"{rows:,} rows, processor time\n\n{table((*HEAD, 'all, seconds', 'a day, seconds'), found)}\n")
    say("the same ledger" if len(digests) == 1 else "NOT THE SAME LEDGER")
    return len(digests) == 1


def _day(rows: int, folder: Path, made: Path, threads: int) -> Day:
    every = records_file(rows, folder)
    where = f'FROM read_parquet({quoted(every)}) WHERE "at" {{}} TIMESTAMPTZ {quoted(f"{AS_OF} 00:00:00+00")}'
    before = made_once(made / "before.parquet", f'SELECT * {where.format("<")} ORDER BY "at"')
    last = made_once(made / "last.parquet", f'SELECT * {where.format(">=")} ORDER BY "at"')
    return Day(every, before, last, made / "state", records_file(WARM, folder), threads)


def _once(day: Day, place: Path, *, state: bool, with_folder: bool) -> tuple[Took, str]:
    """Score all, or the last day by a copy of the state."""
    place.mkdir()
    try:
        words: list[object] = ["--records", day.last if state else day.all, "--as-of", AS_OF]
        if state:
            words += ["--state", shutil.copytree(day.state, place / "state")]
        if with_folder:
            words += ["--out", place / "run"]
        return _run(words, day)
    finally:
        shutil.rmtree(place)


def _run(words: Sequence[object], day: Day) -> tuple[Took, str]:
    command = [sys.executable, "-m", "benchmarks.day", *map(str, words)]
    command += ["--warm", str(day.warm), "--threads", str(day.threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603  ourselves
    told = json.loads(done.stdout)
    return Took(**told["took"]), told["digest"]


def main() -> None:
    """Score once, and say what it took."""
    from tallystick.engine import score  # noqa: PLC0415  only this process needs it
    from tallystick.rules import load  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--warm", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    given = parser.parse_args()
    rulebook, as_of = load(JOB), AS_OF.fromisoformat(given.as_of)
    with tempfile.TemporaryDirectory(dir=given.records.parent) as made:
        score(rulebook, given.warm, as_of=AS_OF, out=Path(made) / "run").close()
    clock, cpu = time.perf_counter(), time.process_time()
    run = score(
        rulebook,
        given.records,
        as_of=as_of,
        state=given.state,
        out=given.out,
        keep_records=False,
        threads=given.threads,
    )
    digest = run.receipt.ledger_digest if given.out else ""
    run.close()
    took = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - cpu, "memory": most_memory()}
    print(json.dumps({"took": took, "digest": digest}))


if __name__ == "__main__":
    main()
