"""Takes what checking runs found; gives it as the document ``tallystick.verification/1``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tallystick import __version__
from tallystick.engine.receipt import Receipt
from tallystick.engine.verifying.chain import Link, LinkState
from tallystick.engine.verifying.verification import Check, CheckName, Difference, Reason, Verification
from tallystick.explain.part import Part
from tallystick.explain.verifying.words import check_sentence, link_sentence


class VerifiedDifference(Part):
    """The first thing that differs. What it is not of is null."""

    file: str | None = Field(description="A file of the run, or of the inputs given.")
    table: str | None = Field(description="A table of the ledger.")
    subject: str | None
    row: str | None = Field(description="The rule, the measure, … of the row; of an input its role.")
    column: str | None
    found: str | None = Field(description="What stands there; null: nothing.")
    expected: str | None = Field(description="What should stand there; null: nothing, or it is not known.")
    day: str | None = Field(description="The first day whose records differ, where the receipt knows each day's.")


class VerifiedCheck(Part):
    """A check of a run."""

    check: CheckName
    outcome: Literal["agrees", "differs", "not made"]
    asked: bool = Field(description="Whether somebody asked for it, so that not making it is a finding.")
    number: int = Field(description="How many things were in order: files, people, inputs, rows.")
    of: int | None = Field(description="Of how many, where not all were looked at.")
    difference: VerifiedDifference | None
    reason: Reason | None = Field(description="Why it was not made, or not made in full.")
    key: str | None = Field(description="The SHA-256 of the public key that signed.")
    words: str


class VerifiedRun(Part):
    """A run and its checks. What the receipt says is null where it could not be read."""

    run: str = Field(description="The folder.")
    rulebook: str | None
    version: str | None
    as_of: date | None
    computed_at: datetime | None
    seal: str | None
    previous: str | None
    forgotten: tuple[date | None, ...] = Field(
        description="For each person removed since the run was made, the day that was given for it."
    )
    ledger_digest: str | None
    made_by: str | None = Field(description="The engine that made it, with its version.")
    checked_by: str = Field(description="The engine that checked it, with its version.")
    agrees: bool = Field(description="Whether all that was asked for was checked, and nothing differs.")
    checks: tuple[VerifiedCheck, ...]


class VerifiedLink(Part):
    """What a run says of the run before it."""

    run: int = Field(description="Its place in `runs`, from 0.")
    state: LinkState
    names: int | None = Field(description="The place of the run that it names, where that is not the one before it.")
    forgotten: bool = Field(description="Whether it names the run before it as that was before somebody was removed.")
    holds: bool
    words: str


class RunsVerified(Part):
    """What checking runs found."""

    schema_name: Literal["tallystick.verification/1"] = Field(
        default="tallystick.verification/1", serialization_alias="schema", validation_alias="schema"
    )
    agrees: bool
    runs: tuple[VerifiedRun, ...]
    chain: tuple[VerifiedLink, ...] | None = Field(description="Null unless it was asked for and could be looked at.")


def verification_document(
    found: Sequence[Verification], chain: Sequence[Link] | None, *, chain_asked: bool
) -> RunsVerified:
    """Write down what was found of each run, and of the chain that they are to be."""
    names = [each.run for each in found]
    return RunsVerified(
        agrees=all(each.agrees for each in found)
        and (not chain_asked or (chain is not None and all(link.holds for link in chain))),
        runs=tuple(map(_run, found)),
        chain=None
        if chain is None
        else tuple(
            VerifiedLink(
                run=link.run,
                state=link.state,
                names=link.names,
                forgotten=link.forgotten,
                holds=link.holds,
                words=link_sentence(link, names),
            )
            for link in chain
        ),
    )


def _run(found: Verification) -> VerifiedRun:
    receipt: Receipt | None = found.receipt
    return VerifiedRun(
        run=found.run,
        rulebook=None if receipt is None else receipt.rulebook.name,
        version=None if receipt is None else receipt.rulebook.version,
        as_of=None if receipt is None else receipt.as_of,
        computed_at=None if receipt is None else receipt.computed_at,
        seal=None if receipt is None else receipt.seal,
        previous=None if receipt is None else receipt.previous,
        forgotten=() if receipt is None else tuple(each.on for each in receipt.forgotten),
        ledger_digest=None if receipt is None else receipt.ledger_digest,
        made_by=None if receipt is None else f"{receipt.engine.name} {receipt.engine.version}",
        checked_by=f"tallystick {__version__}",
        agrees=found.agrees,
        checks=tuple(map(_check, found.checks)),
    )


def _check(check: Check) -> VerifiedCheck:
    return VerifiedCheck(
        check=check.name,
        outcome=check.outcome,
        asked=check.asked,
        number=check.number,
        of=check.of,
        difference=None if check.difference is None else _difference(check.difference),
        reason=check.reason,
        key=check.key,
        words=check_sentence(check),
    )


def _difference(difference: Difference) -> VerifiedDifference:
    return VerifiedDifference(
        file=difference.file,
        table=difference.table,
        subject=difference.subject,
        row=difference.row,
        column=difference.column,
        found=difference.found,
        expected=difference.expected,
        day=difference.day,
    )
