"""Takes numbers of rows; prints how long the whole ledger takes against the best query written by hand, in turn.

The query by hand writes each person's total and eight lines. The engine does all that ``tally score --no-records``
does: it digests the file, checks every cell, writes scores, lines, measures, what every step left out and accounts,
digests them, and publishes the folder. Each run is a process of its own; the clock starts when its modules and the
rulebook are loaded. Seconds are of this machine; only ratios carry over.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import goals, tables
from benchmarks.goals import LIMIT, Goal
from benchmarks.once import BY_HAND, ENGINE, FLOOR, HERE, TASKS, Job
from benchmarks.race import ROOT, Race, Took, agree, say
from benchmarks.records import records_file
from benchmarks.shapes import PLAIN, shapes

ROWS, SHAPED_ROWS = (1e6, 1e7), (1e6,)
MANY = 3_000_000
FEW_ROUNDS, MANY_ROUNDS = 3, 5
"""Rounds above and up to ``MANY`` rows."""
LARGE = 10_000_000
"""From so many rows on, what does not grow with them no longer counts, and more is asked."""
GOALS: dict[str, tuple[int, float]] = {"lines alone": (LARGE, 1.05), ENGINE: (LARGE, 1.5)}
"""How many times the query by hand a task is to take at most, from so many rows on."""
MEMORY_GOAL = 1.25
FLOOR_GOAL = 2.7


def rounds_of(rows: int, said: int | None) -> int:
    """Return how many rounds to run."""
    return said or (FEW_ROUNDS if rows > MANY else MANY_ROUNDS)


def reference_goals(rows: int, took: Mapping[str, Took]) -> list[Goal]:
    """Return the goals for the reference job at a number of rows, with what was measured."""
    hand, engine = took[BY_HAND], took[ENGINE]
    at = f"at {rows:,} rows"
    found = [Goal(f"{ENGINE} / by hand {at} (the limit)", LIMIT, engine.seconds / hand.seconds)]
    for task, (least, most) in GOALS.items():
        if task in took and rows >= least:
            found.append(Goal(f"{task} / by hand {at}", most, took[task].seconds / hand.seconds))
    if rows >= LARGE:
        found.append(Goal(f"memory, {ENGINE} / by hand {at}", MEMORY_GOAL, engine.memory / hand.memory))
    found.append(Goal(f"by hand / floor {at} (is the yardstick good?)", FLOOR_GOAL, hand.seconds / took[FLOOR].seconds))
    return found


def run_reference(given: argparse.Namespace, folder: Path) -> bool:
    """Run the reference job at each number of rows; say whether all agreed and the engine kept within the limit."""
    good, found, reached = True, {}, []
    for rows in map(int, given.rows or ROWS):
        job = Job(
            records_file(rows, folder),
            by_hand=given.by_hand.resolve(),
            threads=given.threads,
            memory_limit=given.memory_limit,
        )
        name = f"{rows:,} rows"
        good &= agree(name, job, folder)
        if not given.agree:
            took = Race({name: job}, {name: TASKS}, folder).run(rounds_of(rows, given.rounds))
            found[rows] = {task: one for (_, task), one in took.items()}
            say(f"\n{tables.of_tasks(rows, found[rows])}\n")
            reached += reference_goals(rows, found[rows])
    if len(found) > 1:
        say(f"{tables.of_growth(found)}\n")
    say_goals(reached)
    return good and all(each.met for each in reached if each.most == LIMIT)


def say_goals(reached: Sequence[Goal]) -> None:
    """Print each goal beside what was measured."""
    if reached:
        say(f"{tables.table(goals.HEAD, [each.row for each in reached])}\n")


def run_shapes(given: argparse.Namespace, folder: Path) -> bool:
    """Run jobs of other shapes, each beside a query by hand for it and beside the reference job."""
    good = True
    for rows in map(int, given.rows or SHAPED_ROWS):
        found = list(shapes(rows, folder, given.threads))
        for each in found:
            good &= agree(f"{rows:,} rows, {each.name}", each.job, folder, each.lines)
        if not given.agree:
            jobs = {each.name: each.job for each in found}
            tasks = dict.fromkeys(jobs, (FLOOR, BY_HAND, ENGINE))
            took = Race(jobs, tasks, folder).run(rounds_of(rows, given.rounds))
            say(f"\n{rows:,} rows\n\n{tables.of_shapes(took, PLAIN)}\n")
    return good


def main() -> int:
    """Read the arguments and run; 1 if totals and lines are not the same, or the engine takes longer than the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=float, nargs="+", help="1e5 to 1e8; 1e6 and 1e7 unless said, for shapes 1e6")
    parser.add_argument("--rounds", type=int, help=f"{MANY_ROUNDS}, or {FEW_ROUNDS} above {MANY:,} rows, unless said")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--memory-limit", help="of the database, for every task, such as 500MB")
    parser.add_argument("--folder", type=Path, default=ROOT / "bench-data", help="where made records are kept")
    parser.add_argument("--by-hand", type=Path, default=HERE / "by_hand.sql", help="another query to run against")
    parser.add_argument("--agree", action="store_true", help="only compare what the two give")
    parser.add_argument("--shapes", action="store_true", help="few and many rules, texts, one large person, text files")
    parser.add_argument("--peers", action="store_true", help="other rule engines, on the nearest equal work")
    parser.add_argument("--day", action="store_true", help="one more day by a state, beside all from Parquet")
    parser.add_argument("--small", action="store_true", help="few records; also run after the reference job")
    given = parser.parse_args()
    before = tables.surroundings(given.threads)
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    good = True
    if given.shapes:
        good &= run_shapes(given, folder)
    if given.peers:
        from benchmarks.peers import run_peers  # noqa: PLC0415  needs the extra `bench`

        good &= run_peers(folder, given.rounds or FEW_ROUNDS)
    if given.day:
        from benchmarks.day import run_day  # noqa: PLC0415  loads nothing that the others need

        for rows in map(int, given.rows or (LARGE,)):
            good &= run_day(rows, folder, given.rounds or MANY_ROUNDS, given.threads)
    if not (given.shapes or given.peers or given.small or given.day):
        good &= run_reference(given, folder)
    if given.small or not (given.rows or given.agree or given.shapes or given.peers or given.day):
        from benchmarks.small import run_small  # noqa: PLC0415  loads nothing that the others need

        run_small(folder)
    if not given.agree:
        say(before)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
