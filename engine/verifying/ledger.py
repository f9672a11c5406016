"""Takes an opened run; gives whether its numbers come from each other, person by person, and add up to its receipt."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.acts import ACTS
from tallystick.engine.digest import digest_of, digest_of_values
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.intake.table import Progress
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.ledger_tables import TABLES
from tallystick.engine.query.sql import quote_name
from tallystick.engine.receipt import ByReceipt
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.verifying.people import wrong_rule, wrong_sum
from tallystick.engine.verifying.verification import Check, Difference, agrees, differs

_TOLD_EVERY = 1_000


def check_ledger(run: FinishedRun, progress: Progress) -> Iterator[Check]:
    """Give the checks of people, sums, rules, counts and digest, until one of them finds something."""
    import duckdb  # noqa: PLC0415  whoever has opened a run has it

    try:
        people = _check_people(run)
    except duckdb.Error as error:  # the bytes of a column of names, under a digest that fits them
        people = differs("people", 0, Difference(found=str(error).splitlines()[0]))
    yield people
    if people.outcome == "differs":
        return
    walk = _Walk(progress)
    try:
        for part in run.parts():
            walk.along(part)
    except DataRefusal as error:
        found = error.message.removeprefix("the ledger cannot be read: ")
        yield differs("sums", walk.people, Difference(found=found))
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
    for row, due, found in _digests(run, walk):
        if due != found:
            yield differs("digest", 0, Difference(file="receipt.json", row=row, found=due, expected=found))
            return
    yield agrees("digest", 1)


def _digests(run: FinishedRun, walk: _Walk) -> Iterator[tuple[str, str, str]]:
    """Give each digest's name, what the receipt has for it and what the ledger gives."""
    receipt = run.receipt
    if receipt.by is None:
        (digest,) = walk.digests.values()
        yield "ledger_digest", receipt.ledger_digest, digest
        return
    for each in receipt.by.values:
        yield f"ledger_digest of {each.value}", each.ledger_digest, walk.digests[each.value]
    whole = digest_of_values((str(value), digest) for value, digest in walk.digests.items())
    yield "ledger_digest", receipt.ledger_digest, whole


class _Walk(Struct):
    """The way along everybody's ledger, once, value after value where the score is by a field, up to the first who has
    a wrong number."""

    progress: Progress
    people: int = 0
    records: int = 0
    scored: int = field(default=0)
    wrong_sum: Difference | None = field(default=None)
    wrong_rule: Difference | None = field(default=None)
    digests: dict[str | None, str] = field(default_factory=dict)
    told: list[tuple[str, int, int, int]] = field(default_factory=list)
    """Of each value: how many people, how many of them with a score, how many records."""
    names: set[str] = field(default_factory=set)

    def along(self, part: FinishedRun) -> None:
        """Walk along a part, if nothing was wrong before."""
        if self.wrong_sum is None and self.wrong_rule is None:
            before = self.people, self.records
            self.scored = 0
            self.digests[part.value] = digest_of(self.ledgers(part))
            if part.value is not None:
                self.told.append((part.value, self.people - before[0], self.scored, self.records - before[1]))

    def ledgers(self, part: FinishedRun) -> Iterator[SubjectLedger]:
        """Give the ledgers that are in order."""
        for ledger in part.ledgers():
            self.wrong_sum = of_part(part, wrong_sum(part.rulebook, ledger))
            if self.wrong_sum is not None:
                return
            self.wrong_rule = of_part(part, wrong_rule(part.rulebook, part.as_of, ledger))
            if self.wrong_rule is not None:
                return
            self.people += 1
            self.scored += ledger.score.outcome == "scored"
            self.records += sum(row.records for row in ledger.accounts)
            if part.value is not None:
                self.names.add(ledger.score.subject)
            if self.people % _TOLD_EVERY == 0:
                self.progress(f"checking people: {self.people:,}", 0)
            yield ledger


def of_part(part: FinishedRun, found: Difference | None) -> Difference | None:
    """Return a difference with the value of its part behind the person, where the score is by a field."""
    if found is None or part.value is None:
        return found
    return replace(found, subject=part.value if found.subject is None else f"{found.subject} in {part.value}")


def _check_people(run: FinishedRun) -> Check:
    """Find somebody with two rows of scores, or with numbers and no row of scores, value by value."""
    people = 0
    for part in run.parts():
        check = _check_people_of(part)
        if check.outcome == "differs":
            return replace(check, difference=of_part(part, check.difference))
        people += check.number
    return agrees("people", people)


def _check_people_of(run: FinishedRun) -> Check:
    connection, scores = run.workshop.connection.cursor(), run.tables.table("scores")
    ((people, twice),) = connection.execute(
        "SELECT coalesce(sum(rows), 0)::BIGINT, min(subject) FILTER (WHERE rows > 1) "
        f"FROM (SELECT subject, count(*) AS rows FROM {scores} GROUP BY subject)"
    ).fetchall()
    if twice is not None:
        return differs("people", 0, Difference(table="scores", subject=twice, found="two rows", expected="one row"))
    for table in TABLES:
        found = connection.execute(
            f"SELECT t.subject FROM {run.tables.table(table)} AS t ANTI JOIN {scores} AS s ON s.subject = t.subject "
            "ORDER BY t.subject LIMIT 1"
        ).fetchone()
        if found is not None:
            return differs("people", 0, Difference(table=table, subject=str(found[0]), found="a row"))
    return agrees("people", people)


def _by(by: ByReceipt, walk: _Walk, not_admitted: int) -> dict[str, tuple[object, object]]:
    """Return what the receipt says of each value beside what the ledger has."""
    told = {each.value: (each.people, each.scored, each.records) for each in by.values}
    return {
        "by: values": (list(told), [value for value, *_ in walk.told]),
        "by: people": (by.people, len(walk.names)),
        "by: not_admitted": (sum(each.not_admitted for each in by.values), not_admitted),
        **{f"by: {value}": (told.get(value), tuple(found)) for value, *found in walk.told},
    }


def _check_counts(run: FinishedRun, walk: _Walk) -> Check:
    """Account for every row: those read, those rejected and told of one by one, and those about people."""
    counts, forgotten = run.counts, run.receipt.forgotten
    removed = sum(each.records for each in forgotten)
    sums: dict[str, tuple[object, object]] = {
        "rows": (
            counts.rows + counts.replaced,
            counts.rejected + counts.skipped + counts.copies + counts.not_admitted + walk.records + removed,
        ),
        "rejected": (
            counts.rejected + counts.subject_rejected + counts.pause_rejected,
            sum(1 for _ in run.rejected()),
        ),
    }
    if run.rulebook.subjects is not None and run.receipt.by is None:
        told = counts.subject_rows - counts.subject_rejected - counts.subject_copies
        sums["subject_rows"] = (told, walk.people + sum(each.people for each in forgotten))
    if run.receipt.by is not None:
        sums |= _by(run.receipt.by, walk, counts.not_admitted)
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
