"""Takes a folder for what it makes; prints how long the small things take that people wait for, beside their goals.

Starts of the program are processes of their own, the quickest of several; all else is timed in this one. The clock is
what a person waits; on a machine that does other work, processor time says more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

import duckdb
from benchmarks.goals import HEAD, Goal
from benchmarks.many_rules import many_rules
from benchmarks.once import AS_OF
from benchmarks.race import say, tell
from benchmarks.records import records_file
from benchmarks.tables import table

HERE = Path(__file__).parent
JOB = HERE / "reference_job.tally"
COMMUNITY = HERE.parent / "examples" / "community" / "community.tally"
STARTS, ROUNDS = 5, 5
FEW, MANY = 10_000, 1_000_000
"""Records that are scored from a cold start, and those of the run that is asked and explained: 10,000 people."""


@dataclass(frozen=True, slots=True)
class Took:
    """What something took at best: seconds on the clock, and of processors."""

    clock: float
    cpu: float


def run_small(folder: Path) -> None:
    """Measure everything, and print it."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        found = [*_starts(folder, Path(made)), *_in_process(folder, Path(made) / "run")]
    rows = [(*Goal(words, most, took.clock).row, f"{took.cpu:.3f}") for words, most, took in found]
    say("\n" + table((*HEAD, "of processors"), rows))


def _starts(folder: Path, made: Path) -> Iterable[tuple[str, float, Took]]:
    """Time what begins with a start of the program."""
    yield "`tally check`, seconds", 0.25, _started("check", str(COMMUNITY))
    parquet, csv = records_file(FEW, folder), made / "records.csv"
    moment = 'strftime("at", \'%Y-%m-%dT%H:%M:%SZ\') AS "at"'
    duckdb.sql(f"COPY (SELECT * REPLACE ({moment}) FROM '{parquet}') TO '{csv}' (HEADER)")  # noqa: S608  our own file
    for kind, file in (("Parquet", parquet), ("CSV", csv)):
        words = ("score", str(JOB), "--records", str(file), "--as-of", AS_OF.isoformat(), "--format", "csv")
        yield f"`tally score`, {FEW:,} records from {kind}, seconds", 0.6, _started(*words)


def _in_process(folder: Path, place: Path) -> Iterable[tuple[str, float, Took]]:
    """Time what is asked of a program that runs already."""
    from tallystick import engine  # noqa: PLC0415  loaded after the starts, beside which nothing else is to run
    from tallystick.engine.what_if.imagined import imagined_record  # noqa: PLC0415
    from tallystick.engine.what_if.question import Question, ask  # noqa: PLC0415
    from tallystick.explain.document import Explanation  # noqa: PLC0415
    from tallystick.explain.everybody import everybody  # noqa: PLC0415
    from tallystick.rules import load, read  # noqa: PLC0415
    from tallystick.rules.source import Source  # noqa: PLC0415

    source = Source("many.tally", many_rules(1_000))
    assert read(source)[0] is not None, "the rulebook of many rules has a mistake"  # noqa: S101
    yield "1,000 rules read and checked, seconds", 1.0, _best(lambda: read(source))
    tell(f"scoring {MANY:,} records")
    engine.score(load(JOB), records_file(MANY, folder), as_of=AS_OF, out=place).close()
    run = engine.open_run(place)
    usual = sorted(run.subjects())[5_000]
    line = imagined_record(run.rulebook, "kind=share actor=zoe topic=t", subject=usual, as_of=run.as_of, number=1)
    question = Question(added=(line,))
    yield f"what if, one of {MANY:,} records' people, seconds", 0.05, _best(lambda: ask(run, usual, question))

    def told(people: int, form: Callable[[Explanation], str]) -> None:
        for each in islice(everybody(run), people):
            form(each)

    in_text = _best(lambda: told(4_000, Explanation.text), 1)
    in_json = _best(lambda: told(8_000, lambda each: each.json(indent=None)), 1)
    yield "4,000 explanations as text, seconds", 1.0, in_text
    yield "8,000 explanations as JSON, seconds", 1.0, in_json
    run.close()


def _started(*words: str) -> Took:
    """Time a command from the start of its process to its end."""
    command = [sys.executable, "-c", "from tallystick.cli.entry import main; main()", *words]

    # A start reads modules as they were compiled before, which the first of several starts leaves there.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def once() -> None:
        subprocess.run(  # noqa: S603  ourselves
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=around
        )

    tell(f"tally {words[0]}")
    return _best(once, STARTS, of_children=True)


def _best(what: Callable[[], object], rounds: int = ROUNDS, *, of_children: bool = False) -> Took:
    """Time something several times; give the least of each."""
    clocks, processors = [], []
    for _ in range(rounds):
        began, cpu = perf_counter(), _processors(of_children=of_children)
        what()
        clocks.append(perf_counter() - began)
        processors.append(_processors(of_children=of_children) - cpu)
    return Took(min(clocks), min(processors))


def _processors(*, of_children: bool) -> float:
    if not of_children:
        return process_time()
    import resource  # noqa: PLC0415  not on every system

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
