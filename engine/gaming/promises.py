"""Takes a rulebook; gives what became of each of its promises: proved, refuted by records, or not settled."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.gaming.refuting import TRIES, Search, Shown, search
from tallystick.engine.gaming.worlds import PERSON, World
from tallystick.engine.intake.reading import Row, record_fields, subject_fields, written
from tallystick.engine.locked_folder import folder_for_a_while
from tallystick.engine.query.plan_reading import record_exprs, walk
from tallystick.engine.refusals import DataRefusal
from tallystick.rules.analysis.promises import Judged, judge
from tallystick.rules.expression import FieldOf
from tallystick.rules.questions.by import field_by, of_one_value, values_of
from tallystick.rules.rulebook import Claim, Field, Promise, Rulebook

Verdict = Literal["proved", "refuted", "not settled"]


class ClaimResult(Struct, frozen=True):
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


class PromiseResult(Struct, frozen=True):
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
    books = _to_search(rulebook)
    for book in books:
        found = search(book, claim, -(-tries // len(books)))
        if found.shown is not None:
            break
    if found.shown is not None and not _replays(found.shown):
        found = replace(found, shown=None)
    return ClaimResult(claim, judged, found)


def _to_search(rulebook: Rulebook) -> tuple[Rulebook, ...]:
    """Return the rulebooks in whose worlds to look. A score by a field is made of the records of one value, so all in a
    world are of one: of each value, where anything asks which; else of the first, since none is treated otherwise."""
    field = field_by(rulebook)
    if field is None:
        return (rulebook,)
    asked = any(
        isinstance(each.op, FieldOf) and each.op.name == field.name
        for expr in record_exprs(rulebook)
        for each in walk(expr)
    )
    values = values_of(rulebook)
    return tuple(of_one_value(rulebook, value) for value in (values if asked else values[:1]))


def _replays(shown: Shown) -> bool:
    """Score both worlds from files by the fast engine, and hold its scores against the reference's; False: a value that
    was imagined is none that can be read."""
    with folder_for_a_while() as folder:
        for name, world, score in zip(("before", "after"), (shown.before, shown.after), shown.scores, strict=True):
            try:
                again = score_by_files(world, write_world(world, folder / name))
            except DataRefusal:
                return False
            assert again == score == world.score(), (again, score)  # noqa: S101  the two engines have one meaning
    return True


class WorldFiles(Struct, frozen=True):
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
        # A world by a field has records of one value; nobody has a row for another.
        ledgers = [each for each in (part.subject(PERSON) for part in run.parts()) if each is not None]
        assert len(ledgers) <= 1  # noqa: S101  as said
        return ledgers[0].score.score if ledgers else None
    finally:
        run.close()
