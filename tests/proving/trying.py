"""Takes a pair of rulebook and records; has both engines work it out, and gives where they differ and what was
covered."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledgers.in_duckdb import DuckRun, in_duckdb
from proving.pairs import Pair

from tallystick.engine.digest import digest_of, ledger_digest
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.reference import ReferenceRun, refer_each

PEOPLE_ASKED = 3
"""So many people of each pair are asked for the evidence record by record."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the engines differ: the table or the error's name, and what each of them says."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a pair: how many rows of each sort the reference gave, and where the engine's differ first."""

    met: Counter[str]
    difference: Difference | None


def tried(pair: Pair, *, whole: bool = True) -> Tried:
    """Work out a pair with both engines; an engine that fails differs (a checked rulebook never fails). ``whole``: hold
    the digest, the evidence and each record's fate to the reference, too, not the rows of the ledger alone."""
    met: Counter[str] = Counter()
    try:
        for value, reference in _references(pair).items():
            ledgers = list(reference.ledgers())
            met.update(_met(reference, ledgers))
            run = _run(pair, value)
            try:
                met["results worked out in decimals"] += run.counts.exact
                found = next(_differences(pair, reference, ledgers, run, whole=whole), None)
                if found is not None:
                    return Tried(met, found)
            finally:
                run.close()
    except Exception as error:  # noqa: BLE001  whatever is raised is what was looked for
        return Tried(met, Difference(type(error).__name__, traceback.format_exc()))
    return Tried(met, None)


def _references(pair: Pair) -> Mapping[str | None, ReferenceRun]:
    """Return what the reference gives: of each value of the field that the score is by, or under None."""
    records = None if pair.records is None else pair.read_records.rows
    subjects = None if pair.subjects is None else pair.read_subjects.rows
    return refer_each(pair.rulebook, records, subjects, pair.as_of, pair.pauses, pair.corrections)


def _run(pair: Pair, value: str | None) -> DuckRun:
    records, subjects = pair.read_records.rows, pair.read_subjects.rows
    rest = (pair.as_of, pair.pauses, pair.corrections)
    return in_duckdb(pair.rulebook, records, subjects, *rest, threads=1, value=value)


def _differences(
    pair: Pair, reference: ReferenceRun, ledgers: list[SubjectLedger], run: DuckRun, *, whole: bool
) -> Iterator[Difference]:
    """Give what differs: row by row, then the digest, each record's fate, evidence and pauses."""
    ours = list(run.ledgers())
    yield from _unlike("people", [each.score.subject for each in ledgers], [each.score.subject for each in ours])
    for theirs, mine in zip(ledgers, ours, strict=True):
        for name in SubjectLedger.__struct_fields__:
            yield from _unlike(name, getattr(theirs, name), getattr(mine, name))
    yield from _unlike("not admitted", reference.counts.not_admitted, run.counts.not_admitted)
    if not whole:
        return
    yield from _unlike("digest", digest_of(ledgers), ledger_digest(run.ledger.connection, run.rulebook))
    names = [each.score.subject for each in ledgers[:PEOPLE_ASKED]]
    evidence = dict(run.ledger.evidence.of_many(names))
    for name in names:
        yield from _unlike("evidence", tuple(reference.evidence(name)), evidence[name])
        yield from _unlike("pauses", reference.pauses(name), run.pauses(name))
    if pair.rulebook.records is not None:
        accounts: Counter[tuple[str, str]] = Counter()
        for ledger in ledgers:
            accounts.update({(row.fate, row.name): row.records for row in ledger.accounts})
        accounts.pop(("voided", ""), None)
        yield from _unlike("fates", accounts, run.fates())


def _unlike(kind: str, theirs: object, mine: object) -> Iterator[Difference]:
    if theirs != mine:
        yield Difference(kind, f"the reference says\n    {theirs}\nthe engine says\n    {mine}")


def _met(reference: ReferenceRun, ledgers: list[SubjectLedger]) -> Iterator[str]:
    """Name the sort of each row that the reference gives."""
    score = reference.rulebook.score
    bounds = {bound.value for bound in (score.at_most, score.at_least) if bound is not None}
    for ledger in ledgers:
        yield "people"
        yield f"outcome: {ledger.score.outcome}"
        if ledger.score.score is not None:
            yield "scores off their bounds" if ledger.score.score not in {0, *bounds} else "scores of 0 or at a bound"
        yield from (f"line: {row.state}" for row in ledger.lines)
        yield from (f"adjustment: {row.place} {row.kind}" for row in ledger.adjustments)
        yield from (f"measure: {row.state}" for row in ledger.measures)
        yield from ("measures with records that count" for row in ledger.measures if row.records)
        yield from (f"step: {row.step}" for row in ledger.steps)
        yield from ("need: met" if row.met else "need: not met" for row in ledger.needs)
        for row in ledger.accounts:
            yield from (f"fate: {row.fate}" for _ in range(row.records))
    yield from ("fate: not admitted" for _ in range(reference.counts.not_admitted))
