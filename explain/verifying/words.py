"""Takes a check of a run, or a link between two; gives the sentences that say how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from tallystick.engine.verifying.chain import Link
from tallystick.engine.verifying.verification import Check, CheckName, Difference, Reason
from tallystick.explain.plain import counted, unit

_SHOWN = 16
"""So many digits of a digest are shown."""
_WHAT: dict[CheckName, str] = {
    "receipt": "the receipt",
    "forgotten": "who was removed",
    "signature": "the signature",
    "files": "the files",
    "rulebook": "the rulebook",
    "people": "who is in the run",
    "sums": "the sums",
    "rules": "the rules",
    "counts": "the counts",
    "digest": "the ledger's digest",
    "inputs": "the inputs",
    "replay": "the replay from the records",
    "reference": "the reference",
}

_ROWS = {
    "scores": "score",
    "lines": "rule",
    "facets": "facet",
    "adjustments": "adjustment",
    "measures": "measure",
    "steps": "step",
    "inputs": "input",
    "accounts": "account",
    "needs": "need",
}
"""What a row of each table is called."""


def check_sentence(check: Check) -> str:
    """Say how a check ended."""
    match check.outcome:
        case "agrees":
            return _agrees(check)
        case "differs":
            assert check.difference is not None  # noqa: S101  it names what it found
            return _differs(check, check.difference)
        case "not made":
            assert check.reason is not None  # noqa: S101  it says why
            return f"Not checked: {_WHAT[check.name]}. {_why(check.reason)}"
        case _:
            assert_never(check.outcome)


def link_sentence(link: Link, runs: Sequence[str]) -> str:
    """Say what a run says of the run before it."""
    run = f"`{runs[link.run]}`"
    before = f"`{runs[link.run - 1]}`"
    match link.state:
        case "begins":
            return f"{run} names no run before it: the chain begins here."
        case "continues":
            return f"{run} names a run before it that is not given: the chain begins earlier."
        case "follows" if link.forgotten:
            return (
                f"{run} follows {before} as it was before somebody was removed from that: for what it was then, its "
                "receipt alone stands."
            )
        case "follows":
            return f"{run} follows {before}."
        case "no link":
            return f"{run} names no run before it, and {before} is given as that."
        case "another order":
            assert link.names is not None  # noqa: S101  it is among those given
            given = "none is given before it" if link.run == 0 else f"{before} is given as the run before it"
            return f"{run} follows `{runs[link.names]}`, and {given}."
        case "gap":
            return (
                f"{run} follows a run that is not given; {before}, given as that, is another: a run between them is "
                f"missing, or {before} was altered or made again."
            )
        case _:
            assert_never(link.state)


def _agrees(check: Check) -> str:  # noqa: C901  a branch for each check
    number = f"{check.number:,}"
    people = counted(number, "person", "people")
    whose = "people"
    if check.results:
        people, whose = f"{counted(number, 'result', 'results')} of a person and a value", "results"
    match check.name:
        case "receipt":
            return "The receipt is as it was sealed."
        case "forgotten":
            were = counted(number, "person was", "people were")
            return f"Since the run was made, {were} removed from it. What stood there of them is not checked."
        case "signature":
            key = (check.key or "")[:_SHOWN]
            if check.reason == "key not given":
                return f"The receipt is as the key {key}… signed it. Whose key that is, `--trust KEY` would check."
            return f"The receipt is as it was signed with the key that you trust, {key}…."
        case "files":
            return f"{counted(number, 'file holds', 'files hold')} the bytes that the receipt says."
        case "rulebook":
            return "The rulebook is the one that the receipt holds."
        case "people":
            return f"{people} with one score or one reason for none; nobody else has a number."
        case "sums":
            return f"Lines and adjustments add up to the score, for {people}."
        case "rules":
            return f"By the rulebook, the measures and inputs give these lines, scores and bands, for {people}."
        case "counts":
            return f"{counted(number, 'row', 'rows')} of records, each accounted for."
        case "digest":
            return "The ledger has the digest that the receipt says."
        case "inputs":
            return f"{counted(number, 'input', 'inputs')}, each with the bytes that the run read."
        case "replay":
            return f"The records give these numbers again, for {people}."
        case "reference":
            have = unit(number, "has", "have")
            return f"Worked out slowly from the records, {number} of {check.of or 0:,} {whose} {have} these numbers."
        case _:
            assert_never(check.name)


def _why(reason: Reason) -> str:
    match reason:
        case "differs before":
            return "Something before it differs."
        case "no records":
            return "The run has not kept its records: give them with `--records`."
        case "no signature":
            return "The run is not signed."
        case "no library":
            return "The library `cryptography` is not installed."
        case "key not given":
            return "No key was given."
        case "people removed":
            return "Corrected records are gone with somebody who was removed: give the records with `--records`."
        case _:
            assert_never(reason)


def _differs(check: Check, difference: Difference) -> str:
    match check.name:
        case "receipt" | "signature" | "files" | "rulebook":
            return _file(check.name, difference)
        case "inputs":
            return f"{_input(difference)}{_day(difference)}"
        case "forgotten" | "people" | "sums" | "rules" | "counts" | "digest" | "replay" | "reference":
            return f"{_source(check.name)}{_place(difference)}."
        case _:
            assert_never(check.name)


def _file(name: CheckName, difference: Difference) -> str:
    file = f"`{difference.file}`"
    if name == "receipt" and difference.row is None:
        return f"{file} is damaged or of another version."
    if name == "signature" and difference.row == "key":
        found, due = (difference.found or "")[:_SHOWN], (difference.expected or "")[:_SHOWN]
        return f"The run is signed with another key than the one that you trust: {found}…, not {due}…."
    if name == "signature" and difference.row == "signature":
        return f"{file} is no signature of this receipt: one of the two was changed."
    if name == "rulebook" and difference.file == "receipt.json":
        return f"{file} holds a rulebook that does not have the digest beside it."
    if name == "rulebook":
        return f"{file} is not the rulebook that the receipt holds."
    if name == "files" and difference.row is not None:
        return f"{file} names `{difference.found}`, which cannot be a file of a run."
    if name == "files" and difference.expected is None:
        return f"{file} is in the folder, and the receipt does not know it."
    if name == "files" and difference.found is None:
        return f"{file} cannot be read: it is missing or closed to you."
    return f"{file} is not as the run wrote it."


def _input(difference: Difference) -> str:
    if difference.file is None and difference.row is None:
        return f"The inputs cannot be read as they were: {difference.found}."
    if difference.file is None:
        return "The records are others than the run read."
    if difference.expected is not None:
        return f"`{difference.file}` ({difference.row}), which the run read, is not given with the bytes that it had."
    return f"`{difference.file}` ({difference.row}) is not what the run read: its bytes are others."


def _day(difference: Difference) -> str:
    return "" if difference.day is None else f" The first day whose records differ is {difference.day}."


def _source(name: CheckName) -> str:
    """Say what was done to find a difference."""
    match name:
        case "sums":
            return "Added up again: "
        case "rules":
            return "By the rulebook, from the measures and inputs there: "
        case "replay":
            return "Replayed from the records: "
        case "reference":
            return "Worked out slowly from the records: "
        case _:
            return "In the run: "


def _place(difference: Difference) -> str:
    """Say where a number stands, what it is and what it should be."""
    if difference.table is None and difference.file is None:
        return f"the ledger cannot be read: {difference.found}"
    where = _where(difference)
    if difference.day is not None:
        return f"{where} has other records than the inputs; the first day whose records differ is {difference.day}"
    if difference.file is not None and difference.row is None and None in (difference.found, difference.expected):
        row, what = difference.found or difference.expected, "lacks" if difference.found is None else "has too much"
        return f"{where} {what}: {row}"
    if difference.column is not None:
        return _both(f"{where}: `{difference.column}`", difference)
    if difference.found is None:
        return f"{where} is missing: {difference.expected}"
    if difference.expected is None:
        return f"{where} should not be there: {difference.found}"
    return _both(where, difference)


def _where(difference: Difference) -> str:
    """Name a row: ``the rule `liked` of `ada```, ``the score of `ada```, ```counts` in `receipt.json```."""
    if difference.table is None:
        return f"`{difference.row}` in `{difference.file}`" if difference.row is not None else f"`{difference.file}`"
    row = "" if difference.row is None else f" `{difference.row}`"
    return f"the {_ROWS[difference.table]}{row} of `{difference.subject}`"


def _both(what: str, difference: Difference) -> str:
    found, due = (each or "empty" for each in (difference.found, difference.expected))
    return f"{what} is {found} and should be {due}"
