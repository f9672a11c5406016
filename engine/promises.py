"""Takes a rulebook; gives what became of each of its promises: proved, refuted by records, or not settled."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from tallystick.engine.reading import Row, record_fields, subject_fields, written
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.refuting import TRIES, Search, Shown, search
from tallystick.engine.worlds import PERSON, World
from tallystick.rules.analysis.promises import Judged, judge
from tallystick.rules.rulebook import Claim, Field, Promise, Rulebook

Verdict = Literal["proved", "refuted", "not settled"]


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of one claim. ``search`` is None where it is proved; else what was tried."""

    claim: Claim
    judged: Judged
    search: Search | None

    @property
    def verdict(self) -> Verdict:
        """Whether it holds, does not, or nobody knows."""
        if self.judged.proved:
            return "proved"
        return "refuted" if self.shown is not None else "not settled"

    @property
    def shown(self) -> Shown | None:
        """The pair of results that shows it false."""
        return None if self.search is None else self.search.shown


@dataclass(frozen=True, slots=True)
class PromiseResult:
    """What became of a promise: refuted if any claim is, proved if all are."""

    promise: Promise
    claims: tuple[ClaimResult, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether it holds, does not, or nobody knows."""
        verdicts = {each.verdict for each in self.claims}
        if "refuted" in verdicts:
            return "refuted"
        return "proved" if verdicts == {"proved"} else "not settled"


def hold_promises(rulebook: Rulebook, tries: int = TRIES) -> tuple[PromiseResult, ...]:
    """Judge every promise, and look for records against each claim that no derivation proves.

    INVARIANT: *refuted* is said only of records that the fast engine and the reference score alike.
    """
    return tuple(
        PromiseResult(promise, tuple(_hold(rulebook, claim, tries) for claim in promise.claims))
        for promise in rulebook.promises
    )


def _hold(rulebook: Rulebook, claim: Claim, tries: int) -> ClaimResult:
    judged = judge(rulebook, claim)
    if judged.proved:
        return ClaimResult(claim, judged, None)
    found = search(rulebook, claim, tries)
    if found.shown is not None and not _replays(found.shown):
        found = replace(found, shown=None)
    return ClaimResult(claim, judged, found)


def _replays(shown: Shown) -> bool:
    """Score both worlds from files by the fast engine, and hold its scores against the reference's; False: a value that
    was imagined is none that can be read."""
    with TemporaryDirectory() as folder:
        for name, world, score in zip(("before", "after"), (shown.before, shown.after), shown.scores, strict=True):
            try:
                again = score_by_files(world, write_world(world, Path(folder) / name))
            except DataRefusal:
                return False
            assert again == score == world.score(), (again, score)  # noqa: S101  the two engines have one meaning
    return True


@dataclass(frozen=True, slots=True)
class WorldFiles:
    """Where a world's records and people are; None: the rulebook declares none."""

    records: Path | None
    subjects: Path | None


def write_world(world: World, folder: Path) -> WorldFiles:
    """Write a world's records and people as CSV files, as ``tally score`` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    records = subjects = None
    if world.rulebook.records is not None:
        records = _write(folder / "records.csv", record_fields(world.rulebook), world.records)
    if world.rulebook.subjects is not None:
        subjects = _write(folder / "subjects.csv", subject_fields(world.rulebook), world.subjects)
    return WorldFiles(records, subjects)


def _write(path: Path, fields: tuple[Field, ...], rows: tuple[Row, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.column for field in fields])
        writer.writerows([[written(value) for value in row] for row in rows])
    return path


def score_by_files(world: World, files: WorldFiles) -> Decimal | None:
    """Return the person's score as the fast engine reads it from the files."""
    from tallystick.engine.scoring import score  # noqa: PLC0415  the database takes long to load

    run = score(
        world.rulebook,
        None if files.records is None else str(files.records),
        None if files.subjects is None else str(files.subjects),
        as_of=world.as_of,
        max_rejected=Decimal(0),
    )
    try:
        ledger = run.subject(PERSON)
        return None if ledger is None else ledger.score.score
    finally:
        run.close()
