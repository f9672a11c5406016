"""Takes an opened run and the inputs that it was made from, given again; gives whether they give the same run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.acts import ACTS
from tallystick.engine.elsewhere.engines import engine_for
from tallystick.engine.intake import corrections as corrections_intake
from tallystick.engine.intake import statements as statements_intake
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.sources import Given
from tallystick.engine.intake.statements import STATEMENTS
from tallystick.engine.intake.table import Progress
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.query.sql import quote_name
from tallystick.engine.receipt import Receipt
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.scoring import score
from tallystick.engine.state.folder import as_it_was
from tallystick.engine.verifying.ledger import of_part
from tallystick.engine.verifying.ledger_difference import first_of_all
from tallystick.engine.verifying.verification import Check, Difference, agrees, differs

_TOLD_EVERY = 1_000
_ACTS = {CORRECTIONS: corrections_intake.SAID, STATEMENTS: statements_intake.COLUMNS}


class GivenAgain(Struct, frozen=True):
    """The inputs of a run, given once more to whoever verifies it; ``master``: where Spark runs that is to read the
    records."""

    records: Given = None
    subjects: Given = None
    mapping: str | Path | Mapping | None = None
    pauses: Given = None
    corrections: Given = None
    statements: Given = None
    master: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything was given."""
        return self.records is not None or self.subjects is not None

    def refuse_lacking(self, receipt: Receipt) -> None:
        """Raise ``UsageRefusal`` where the run is to be made again and something that it was made from is not given."""
        if not self.any:
            return
        read: dict[str, str] = {each.role: each.name for each in receipt.inputs}
        given = {"pauses": self.pauses, "corrections": self.corrections}
        if as_it_was(self.records, receipt) is not None:  # which has the corrections, too
            del given["corrections"]
        lacking = [(role, read[role]) for role, each in given.items() if each is None and role in read]
        if receipt.mapping is not None and self.mapping is None:
            lacking.append(("map", receipt.mapping.name))
        for role, name in lacking:
            message = f"the run was made with `{name}`, and replaying it takes that, too"
            raise UsageRefusal(message, help=f"add `--{role} PATH`")


# ---- inputs given again ------------------------------------------------------------------------------------------


def scored_again(run: FinishedRun, given: GivenAgain, progress: Progress) -> FinishedRun:
    """Make the run again from the inputs given; raises a refusal where they cannot be read.

    Records can be given as the state that it was scored from.
    """
    state = as_it_was(given.records, run.receipt)
    return score(
        run.rulebook,
        given.records if state is None else None,
        given.subjects,
        as_of=run.as_of,
        mapping=given.mapping,
        pauses=given.pauses,
        corrections=given.corrections,
        statements=given.statements,
        max_rejected=Decimal(1),
        digest_records=run.receipt.record_digest is not None,
        computed_at=run.receipt.computed_at,
        engine=engine_for(given.records) if given.master is None else "spark",
        master=given.master,
        progress=progress,
        state=state,
    )


def check_inputs(run: FinishedRun, again: FinishedRun) -> Check:
    """Compare the inputs given with those of the receipt by their digests, and where there are any, each day's records.

    Frames and tables have no digest: whether they, or copies of them, are the same is for the replay to find out.
    """
    due, found = _inputs(run.receipt), _inputs(again.receipt)
    roles = {role for role, _ in found}
    day = _first_day(run.receipt, again.receipt)
    for (role, sha256), name in found.items():
        if (role, sha256) not in due and (role, None) not in due and sha256 is not None:
            return differs("inputs", 0, Difference(file=name, row=role, found=sha256, day=day), asked=True)
    for (role, sha256), name in due.items():
        if (role, sha256) not in found and sha256 is not None and role in roles | {"records", "subjects"}:
            return differs("inputs", 0, Difference(file=name, row=role, expected=sha256, day=day), asked=True)
    if day is not None:
        return differs("inputs", 0, Difference(row="records", day=day), asked=True)
    return agrees("inputs", len(found), asked=True)


def _inputs(receipt: Receipt) -> dict[tuple[str, str | None], str]:
    inputs: dict[tuple[str, str | None], str] = {(each.role, each.sha256): each.name for each in receipt.inputs}
    if receipt.mapping is not None:
        inputs["map", receipt.mapping.sha256] = receipt.mapping.name
    return inputs


def _first_day(one: Receipt, other: Receipt) -> str | None:
    """Return the first day whose records differ; None where none does or nobody knows."""
    if one.record_digest is None or other.record_digest is None:
        return None
    differing = {each.day for each in set(one.record_digest) ^ set(other.record_digest)}
    return min(differing).isoformat() if differing else None


# ---- replay ------------------------------------------------------------------------------------------------------


def check_again(run: FinishedRun, again: FinishedRun, progress: Progress) -> Check:
    """Compare a run with the one made again from the same inputs: everybody's numbers, counts, what was rejected."""
    check = compared(run, lambda part: _without_forgotten(part, same_part(again, part)), progress, asked=True)
    if check.outcome == "differs":
        return check
    removed = sum(each.people for each in run.receipt.forgotten)
    if run.receipt.forgotten and removed != (absent := _removed(run, again)):
        place = Difference(
            file="receipt.json", row="forgotten", column="people", found=str(removed), expected=str(absent)
        )
        return differs("replay", check.number, place, asked=True)
    found, due = run.receipt.counts.model_dump(), again.receipt.counts.model_dump()
    for name, number in due.items():
        if found[name] != number and name != "exact":  # how often it was asked is the database's affair
            place = Difference(
                file="receipt.json", row="counts", column=name, found=str(found[name]), expected=str(number)
            )
            return differs("replay", check.number, place, asked=True)
    if run.receipt.by != again.receipt.by and not run.receipt.forgotten:
        place = Difference(file="receipt.json", row="by", found="other counts")
        return differs("replay", check.number, place, asked=True)
    if run.receipt.forgotten:  # corrections, statements and rejected rows stand there without the people removed
        return check
    for table, columns in _ACTS.items():
        rows = [_acts(each, table, columns) for each in (run, again)]
        if rows[1] is not None and rows[0] != rows[1]:
            place = Difference(file=ACTS[table], **_first_act(rows[0] or Counter(), rows[1]))
            return differs("replay", check.number, place, asked=True)
    # Files may have moved, and tables have no lines.
    same_rows = run.receipt.engine.elsewhere is None and again.receipt.engine.elsewhere is None
    there, told = (Counter(row[1 if same_rows else 2 :] for row in each.rejected()) for each in (run, again))
    if there != told:
        first = min((there - told) + (told - there))
        text = ", ".join(map(str, first))
        found_row, due_row = (text, None) if first in there - told else (None, text)
        return differs(
            "replay", check.number, Difference(file="rejected.csv", found=found_row, expected=due_row), asked=True
        )
    return check


def _without_forgotten(run: FinishedRun, again: FinishedRun) -> Iterator[SubjectLedger]:
    """Give the ledgers of a run made again; where people were removed from the first one, of those who are in it."""
    if not run.receipt.forgotten:
        yield from again.ledgers()
        return
    there = set(run.subjects())
    marked = marked_inputs(run)
    yield from (with_marks(each, marked) for each in again.ledgers() if each.score.subject in there)


def marked_inputs(run: FinishedRun) -> dict[tuple[str, str], str]:
    """Return the attributes, by person and name, in whose text a name was replaced when somebody was removed."""
    if not run.receipt.forgotten:
        return {}
    inputs = run.tables.table("inputs")
    query = f"SELECT subject, attribute, value FROM {inputs} WHERE regexp_matches(value, '[(]removed [0-9]+[)]')"
    found = run.workshop.connection.cursor().execute(query).fetchall()
    return {(subject, attribute): value for subject, attribute, value in found}


def with_marks(ledger: SubjectLedger, marked: dict[tuple[str, str], str]) -> SubjectLedger:
    """Return a person's ledger with the texts of these attributes as they are since somebody was removed."""
    inputs = tuple(replace(row, value=marked.get((row.subject, row.attribute), row.value)) for row in ledger.inputs)
    return replace(ledger, inputs=inputs)


def _removed(run: FinishedRun, again: FinishedRun) -> int:
    """Count the people whom the inputs name and who are not in the run."""
    pairs = ((part, same_part(again, part)) for part in run.parts())
    return sum(len(set(there.subjects()) - set(part.subjects())) for part, there in pairs)


def _acts(run: FinishedRun, table: str, columns: str) -> Counter[str] | None:
    """Return the corrections or statements that a run has; None where none were given."""
    role = table.split(" ", maxsplit=1)[0]
    if all(each.role != role for each in run.receipt.inputs):
        return None
    query = f"SELECT {columns} FROM {quote_name(table)}"
    return Counter(", ".join(map(str, row)) for row in run.workshop.connection.cursor().execute(query).fetchall())


def _first_act(found: Counter[str], expected: Counter[str]) -> dict[str, str]:
    if extra := found - expected:
        return {"found": min(extra)}
    return {"expected": min(expected - found)}


def same_part(run: FinishedRun, part: FinishedRun) -> FinishedRun:
    """Return the part of a run that is of the same value; the run itself where the score is by no field."""
    return run if part.value is None else run.part(part.value)


def compared(
    run: FinishedRun, due: Callable[[FinishedRun], Iterator[SubjectLedger]], progress: Progress, *, asked: bool
) -> Check:
    """Compare everybody's numbers with those that are due, value by value where the score is by a field."""
    number = 0
    for part in run.parts():
        for difference in first_of_all(part.ledgers(), due(part)):
            if difference is not None:
                return differs("replay", number, of_part(part, difference) or difference, asked=asked)
            number += 1
            if number % _TOLD_EVERY == 0:
                progress(f"comparing people: {number:,}", 0)
    return agrees("replay", number, asked=asked)
