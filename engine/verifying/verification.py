"""Takes nothing; names what the checking of a run finds: which checks there are, how far each came, what differs."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.engine.receipt import Receipt

CheckName: TypeAlias = Literal[
    "receipt",
    "forgotten",
    "signature",
    "files",
    "rulebook",
    "people",
    "sums",
    "rules",
    "counts",
    "digest",
    "inputs",
    "replay",
    "reference",
]
"""In the order in which they are made.

``receipt``: it is as it was sealed; ``forgotten``: how many people it says were removed since; ``signature``: it is as
it was signed; ``files``: each has the bytes of which the receipt knows; ``rulebook``: it is the one of the receipt;
``people``: each has one row among the scores, and nobody else has any number; ``sums``: lines and adjustments are the
score; ``rules``: measures and inputs give these lines; ``counts``: every row read is accounted for; ``digest``: the
ledger's; ``inputs``: those given are those that were read; ``replay``: the records give this ledger; ``reference``: the
slow engine gives some people the same.
"""

Reason: TypeAlias = Literal[
    "differs before",
    "no records",
    "no signature",
    "no library",
    "key not given",
    "people removed",
]
"""Why a check was not made."""


class Difference(Struct, frozen=True):
    """The first thing that differs: where it stands (None: not of that sort), what is found there and what should be.

    ``row`` names the rule, the measure, … within the table; ``column`` of None: the row as a whole is missing
    (``found`` of None) or should not be there (``expected`` of None). ``day``: the first day whose records differ.
    """

    file: str | None = None
    table: str | None = None
    subject: str | None = None
    row: str | None = None
    column: str | None = None
    found: str | None = None
    expected: str | None = None
    day: str | None = None


class Check(Struct, frozen=True):
    """A check: how many things were found in order, of how many where that is not all of them, and how it ended.
    ``results``: what it calls people are results, since the score is by a field and somebody can have several.
    ``asked``: somebody asked for it, so that it is a finding when it cannot be made. ``key``: whose signature."""

    name: CheckName
    outcome: Literal["agrees", "differs", "not made"]
    number: int = 0
    of: int | None = None
    difference: Difference | None = None
    reason: Reason | None = None
    asked: bool = False
    key: str | None = None
    results: bool = False

    @property
    def is_finding(self) -> bool:
        """Whether the run cannot be vouched for because of this check."""
        return self.outcome == "differs" or (self.outcome == "not made" and self.asked)


class Verification(Struct, frozen=True):
    """All the checks of one run. ``receipt`` is None where it could not be read."""

    run: str
    receipt: Receipt | None
    checks: tuple[Check, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything that was asked for was checked and agrees."""
        return not any(check.is_finding for check in self.checks)


def agrees(name: CheckName, number: int, of: int | None = None, *, asked: bool = False) -> Check:
    """Return a check in which nothing differs."""
    return Check(name, "agrees", number, of, asked=asked)


def differs(name: CheckName, number: int, difference: Difference, *, asked: bool = False) -> Check:
    """Return a check that found something after it had found so many things in order."""
    return Check(name, "differs", number, difference=difference, asked=asked)


def not_made(name: CheckName, reason: Reason, *, asked: bool = False) -> Check:
    """Return a check that was not made."""
    return Check(name, "not made", reason=reason, asked=asked)
