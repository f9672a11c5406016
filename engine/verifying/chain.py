"""Takes the receipts of runs in the order in which they are said to follow each other; gives the links between them.

A run that names another as the one before it holds that one's seal. A seal is of the whole receipt, the earlier link
with it, so that none of the runs before can be changed or left out unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from tallystick.engine.folder_writing import read_receipt
from tallystick.engine.refusals import UsageRefusal

if TYPE_CHECKING:
    from tallystick.engine.receipt import Receipt

LinkState = Literal["begins", "continues", "follows", "no link", "another order", "gap"]


class Link(Struct, frozen=True):
    """What a run says of the run before it.

    Of the first run: ``begins`` (no run is before it) or ``continues`` (one is, and is not among those given). Of any
    other: ``follows`` the run given before it; ``no link``: it names no run; ``another order``: it names one of those
    given, but not the one before it; ``gap``: it names a run that is not among them, so that one is missing or altered.
    ``run`` and ``names`` (in ``another order``) are places among the runs given. ``forgotten``: it follows the run
    before it as that was before somebody was removed, which is for that run's receipt to say: its seal is another now.
    """

    run: int
    state: LinkState
    names: int | None = None
    forgotten: bool = False

    @property
    def holds(self) -> bool:
        """Whether the run stands where it says that it does."""
        return self.state in {"begins", "continues", "follows"}


def links_between(receipts: Sequence[Receipt]) -> tuple[Link, ...]:
    """Return what each run says of the run before it."""
    seals = [(receipt.seal, *(each.was for each in receipt.forgotten)) for receipt in receipts]
    return tuple(_link(place, receipt.previous, seals) for place, receipt in enumerate(receipts))


def _link(place: int, previous: str | None, seals: list[tuple[str | None, ...]]) -> Link:
    """Return what a run says; of each run, ``seals`` are that of its receipt and those that the receipt had before."""
    named = next((number for number, each in enumerate(seals) if previous in each), None)
    if place == 0 and (previous is None or named is None):
        return Link(place, "begins" if previous is None else "continues")
    if previous is None:
        return Link(place, "no link")
    if place > 0 and previous in seals[place - 1]:
        return Link(place, "follows", forgotten=previous != seals[place - 1][0])
    return Link(place, "gap") if named is None else Link(place, "another order", named)


def seal_before(previous: Path, out: Path | None) -> str:
    """Return the seal of the run that is to be the one before another; raises a refusal when it is none, or damaged."""
    if out is not None and out.exists() and previous.resolve() == out.resolve():
        message = f"`{out}` is named as the run before, and the new run would take its place"
        raise UsageRefusal(message, help="write the new run into another folder")
    seal = read_receipt(previous).seal
    assert seal is not None  # noqa: S101  a receipt without a seal is not read
    return seal
