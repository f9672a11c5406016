"""Takes an opened run; gives whether its numbers come from each other, person by person, and add up to its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tallystick.engine.acts import ACTS
from tallystick.engine.corrections_intake import CORRECTIONS
from tallystick.engine.digest import digest_of
from tallystick.engine.intake_table import Progress
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.ledger_tables import TABLES
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.sql import quote_name
from tallystick.engine.verification import Check, Difference, agrees, differs
from tallystick.engine.verifying_people import wrong_rule, wrong_sum

_TOLD_EVERY = 1_000


def check_ledger(run: FinishedRun, progress: Progress) -> Iterator[Check]:
    """Give the checks of people, sums, rules, counts and digest, until one of them finds something."""
    people = _check_people(run)
    yield people
    if people.outcome == "differs":
        return
    walk = _Walk(run, progress)
    try:
        digest = digest_of(walk.ledgers())
    except DataRefusal as error:
        yield differs("sums", walk.people, Difference(found=error.message))
        return
    if walk.wrong_sum is not None:
        yield differs("sums", walk.people, walk.wrong_sum)
        return
    yield agrees("sums", walk.people)
    if walk.wrong_rule is not None:
        yield differs("rules", walk.people, walk.wrong_rule)
        return
    yield agrees("rules", walk.people)
    yield _check_counts(run, walk)
    due = run.receipt.ledger_digest
    if digest != due:
        yield differs("digest", 0, Difference(file="receipt.json", row="ledger_digest", found=due, expected=digest))
        return
    yield agrees("digest", 1)


@dataclass
class _Walk:
    """The way along everybody's ledger, once, up to the first who has a wrong number."""

    run: FinishedRun
    progress: Progress
    people: int = 0
    records: int = 0
    wrong_sum: Difference | None = field(default=None, init=False)
    wrong_rule: Difference | None = field(default=None, init=False)

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Give the ledgers that are in order."""
        for ledger in self.run.ledgers():
            self.wrong_sum = wrong_sum(self.run.rulebook, ledger)
            if self.wrong_sum is not None:
                return
            self.wrong_rule = wrong_rule(self.run.rulebook, self.run.as_of, ledger)
            if self.wrong_rule is not None:
                return
            self.people += 1
            self.records += sum(row.records for row in ledger.accounts)
            if self.people % _TOLD_EVERY == 0:
                self.progress("checking people", self.people)
            yield ledger


def _check_people(run: FinishedRun) -> Check:
    """Find somebody with two rows of scores, or with numbers and no row of scores."""
    connection = run.workshop.connection.cursor()
    ((people, twice),) = connection.execute(
        "SELECT coalesce(sum(rows), 0)::BIGINT, min(subject) FILTER (WHERE rows > 1) "
        "FROM (SELECT subject, count(*) AS rows FROM scores GROUP BY subject)"
    ).fetchall()
    if twice is not None:
        return differs("people", 0, Difference(table="scores", subject=twice, found="two rows", expected="one row"))
    for table in TABLES:
        found = connection.execute(
            f"SELECT t.subject FROM {quote_name(table)} AS t ANTI JOIN scores AS s ON s.subject = t.subject "
            "ORDER BY t.subject LIMIT 1"
        ).fetchone()
        if found is not None:
            return differs("people", 0, Difference(table=table, subject=str(found[0]), found="a row"))
    return agrees("people", people)


def _check_counts(run: FinishedRun, walk: _Walk) -> Check:
    """Account for every row: those read, those rejected and told of one by one, and those about people."""
    counts, forgotten = run.counts, run.receipt.forgotten
    removed = sum(each.records for each in forgotten)
    sums = {
        "rows": (
            counts.rows + counts.replaced,
            counts.rejected + counts.skipped + counts.copies + counts.not_admitted + walk.records + removed,
        ),
        "rejected": (
            counts.rejected + counts.subject_rejected + counts.pause_rejected,
            sum(1 for _ in run.rejected()),
        ),
    }
    if run.rulebook.subjects is not None:
        told = counts.subject_rows - counts.subject_rejected - counts.subject_copies
        sums["subject_rows"] = (told, walk.people + sum(each.people for each in forgotten))
    there = {file.name for file in run.receipt.files}
    if ACTS[CORRECTIONS] in there:
        gone = {"voided": sum(each.voided for each in forgotten), "replaced": sum(each.replaced for each in forgotten)}
        for column, action in (("voided", "void"), ("replaced", "replace")):
            query = f"SELECT count(*) FROM {quote_name(CORRECTIONS)} WHERE action = $action"
            ((acts,),) = run.workshop.connection.cursor().execute(query, {"action": action}).fetchall()
            sums[column] = (getattr(counts, column), acts + gone[column])
    for name, (found, expected) in sums.items():
        if found != expected:
            place = Difference(file="receipt.json", row="counts", column=name, found=str(found), expected=str(expected))
            return differs("counts", 0, place)
    return agrees("counts", counts.rows)
