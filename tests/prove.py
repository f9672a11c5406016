"""Takes a number of cases and a seed; tries the engine against the reference on so many random pairs of rulebook and
records, and prints what they covered. Exit 1: on some the engines differ, or something was never tried.

Every pair that fails is made smaller and written into a folder of ``build/prove``, as a permanent case would be.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from generators.coverage import CONSTRUCTS, TRAITS
from generators.rulebooks import case_of
from proving.pairs import keep, pair_of
from proving.smaller import smaller
from proving.trying import tried

ROOT = Path(__file__).parents[1]
CASES = 10_000
CHUNK = 25
ENOUGH = 1_000
"""In so many cases everything must have been tried: each thing occurs in one of a hundred."""
WHOLE = 2
"""Of one in so many pairs the digest, the fates and the evidence are held to the reference, too: they are half the
time."""
SHOWN = 10


@dataclass
class Report:
    """What was tried: cases in which each construct and trait occurs, rows of each sort met, and what failed."""

    cases: int = 0
    covered: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in what another process reports."""
        self.cases += other.cases
        self.covered += other.covered
        self.met += other.met
        self.failed += other.failed


def case_seeds(seed: int, cases: int) -> range:
    """Return the seeds of the cases: one after another, so that any of them can be tried alone."""
    return range(seed, seed + cases)


def try_all(seeds: range, folder: Path) -> Report:
    """Try the cases of some seeds, one after another."""
    report = Report()
    for seed in seeds:
        case = case_of(seed, 1 + seed % 4)
        pair = pair_of(case)
        result = tried(pair, whole=seed % WHOLE == 0)
        report.cases += 1
        report.covered.update(case.covers)
        report.met += result.met
        if result.difference is not None:
            less = smaller(pair, result.difference.kind)
            found = tried(less).difference or result.difference
            place = folder / f"case-{seed}"
            keep(less, place, f"{found.kind}: seed {seed}")
            report.failed.append(f"seed {seed}, {found.kind}: {place}\n{found.words}")
    return report


def chunks(seeds: range) -> Iterator[range]:
    """Cut the seeds into pieces for the processes."""
    yield from (seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK))


def prove(seeds: range, processes: int, folder: Path) -> Report:
    """Try the cases side by side, and say how far it is."""
    report, began = Report(), time.monotonic()
    # A process that was forked from one with threads may hang; each begins anew.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(try_all, each, folder): each for each in chunks(seeds)}
        for done in as_completed(waiting):
            try:
                report.add(done.result())
            except BrokenExecutor:
                report.failed.append(f"a process ended in the midst of seeds near {waiting[done].start}")
                return report
            left = (time.monotonic() - began) / report.cases * (len(seeds) - report.cases)
            failed = f", {len(report.failed)} failed" if report.failed else ""
            tell(f"{report.cases:,} of {len(seeds):,} cases{failed}, {left / 60:.0f} min to go")
    return report


def print_report(report: Report, seed: int) -> bool:
    """Print what was covered and what failed; say whether all is well."""
    never = [name for names in (CONSTRUCTS, TRAITS) for name in sorted(names - set(report.covered))]
    for words, names in (("construct of the language", CONSTRUCTS), ("hostile trait of records", TRAITS)):
        say(f"Cases in which each {words} occurs:")
        for name in sorted(names, key=lambda each: (-report.covered[each], each)):
            say(f"  {report.covered[name]:>9,}  {name}")
    say(f"Never tried: {', '.join(never) or 'nothing'}\n")
    say("Rows that both engines gave, by what they say:")
    for name, count in sorted(report.met.items()):
        say(f"  {count:>9,}  {name}")
    off, at = report.met["scores off their bounds"], report.met["scores of 0 or at a bound"]
    say(f"  {off / max(1, off + at):>9.1%}  of scores are off their bounds and not 0\n")
    for each in report.failed[:SHOWN]:
        say(each + "\n")
    say(f"{report.cases:,} cases from seed {seed}: {len(report.failed):,} failed")
    if report.failed:
        say("Move a case's folder into tests/proving/found to keep it; what is in there is tried by `make test`.")
        return False
    return report.cases < ENOUGH or not never


def say(text: str) -> None:
    """Print a line of the report."""
    print(text, flush=True)  # noqa: T201  a script prints


def tell(text: str) -> None:
    """Say how far the work is: over the last line on a terminal, else a line each."""
    end = "\r" if sys.stderr.isatty() else "\n"
    print(f"{text:60}", end=end, file=sys.stderr, flush=True)  # noqa: T201  a script prints


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments and try."""
    parser = argparse.ArgumentParser(prog="python tests/prove.py", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help=f"{CASES:,} unless said")
    parser.add_argument("--seed", type=int, help="drawn unless said; `--seed N --cases 1` tries one case again")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "prove", help="where what fails is written")
    given = parser.parse_args(arguments)
    seed = secrets.randbelow(2**32) if given.seed is None else given.seed
    tell(f"seed {seed}, {given.cases:,} cases on {given.processes} processes")
    report = prove(case_seeds(seed, given.cases), given.processes, given.folder)
    return 0 if print_report(report, seed) else 1


if __name__ == "__main__":
    sys.exit(main())
