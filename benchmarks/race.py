"""Takes jobs; runs their tasks in turn, each in a process of its own, and gives what each took."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agreement import digest_of_hand, digest_of_run
from benchmarks.once import BY_HAND, ENGINE, HERE, Job

ROOT = HERE.parent
LINES = ("shared", "answered", "liked", "followed", "posting", "praised", "discussed", "reported")
"""The rules of the reference job."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a task took: seconds on the clock and of processors, and MiB of memory at most."""

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Race:
    """Jobs that are run in turn: a name for each, the tasks of each, and where files may be put meanwhile."""

    jobs: Mapping[str, Job]
    tasks: Mapping[str, Sequence[str]]
    folder: Path

    def run(self, rounds: int) -> dict[tuple[str, str], Took]:
        """Run every task of every job in turn, so many times, after one round that is not counted; give the middle of
        the seconds, and the most memory."""
        took: dict[tuple[str, str], list[Took]] = {}
        for number in range(rounds + 1):
            for name, job in self.jobs.items():
                for task in self.tasks[name]:
                    with tempfile.TemporaryDirectory(dir=self.folder) as made:
                        one = once(task, job, Path(made) / "out")
                    tell(f"{name}  round {number} of {rounds}  {task:22}  {one.seconds:.2f} s")
                    if number > 0:
                        took.setdefault((name, task), []).append(one)
        return {which: middle(each) for which, each in took.items()}


def middle(took: Sequence[Took]) -> Took:
    """Return the median of the seconds, each for itself, and the most memory."""
    return Took(
        statistics.median(each.seconds for each in took),
        statistics.median(each.cpu for each in took),
        max(each.memory for each in took),
    )


def once(task: str, job: Job, out: Path) -> Took:
    """Run a task in a process of its own; its output stands at ``out``."""
    command = [sys.executable, "-m", "benchmarks.once", task, *job.arguments, "--out", str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603  ourselves
    return Took(**json.loads(done.stdout))


def agree(name: str, job: Job, folder: Path, lines: tuple[str, ...] = LINES) -> bool:
    """Run the query by hand and the engine once, and say whether all totals and lines are the same."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        by_hand, run = Path(made) / "by_hand.parquet", Path(made) / "run"
        once(BY_HAND, job, by_hand)
        once(ENGINE, job, run)
        ours, theirs = digest_of_run(run, lines), digest_of_hand(by_hand, lines)
    say(f"{name}: {'the same totals and lines' if ours == theirs else 'NOT THE SAME'}")
    if ours != theirs:
        say(f"  by hand {theirs}\n  engine  {ours}")
    return ours == theirs


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def tell(text: str) -> None:
    """Say how far the work is."""
    print(text, file=sys.stderr, flush=True)
