"""Takes a rulebook and what it promises; gives which claims hold whatever the records, with their derivation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from tallystick.rules.analysis.epochs import bound_on_any_day
from tallystick.rules.analysis.lines import Bound
from tallystick.rules.analysis.shifts import Pair, Way
from tallystick.rules.epochs import every_epoch, on_day
from tallystick.rules.rulebook import Claim, Rulebook


class Judged(Struct, frozen=True):
    """A claim, and how far the score can move at most in the direction that it speaks of.

    ``bounds``: a derivation for each pair that it speaks of. ``most``: the greatest of them, which is what can be
    promised. ``proved``: that is no more than what is promised.
    """

    claim: Claim
    bounds: tuple[Bound, ...]
    most: Decimal
    proved: bool

    @property
    def ways(self) -> tuple[Way, ...]:
        """What kept the bounds from being narrower, each once."""
        found = (way for bound in self.bounds for way in _ways(self.claim, bound))
        return tuple(dict.fromkeys(found))

    @property
    def counted(self) -> bool:
        """Whether it holds for so many records of each measure at most."""
        return any(bound.counted for bound in self.bounds)


def pairs_of(claim: Claim) -> tuple[Pair, ...]:
    """Return the pairs of results that a claim speaks of."""
    match claim.form:
        case "one actor moves":
            return (Pair("another's records"), Pair("own records"))
        case "own actions give":
            return (Pair("own records"),)
        case "silence costs":
            return (Pair("silence", days=claim.days or 0),)
        case "never falls with":
            return tuple(Pair("one more record", kind=kind) for kind in claim.kinds)
        case _:
            assert_never(claim.form)


def judge(rulebook: Rulebook, claim: Claim) -> Judged:
    """Hold a claim against the bounds that follow from the rulebook's form."""
    bounds = tuple(bound_on_any_day(rulebook, pair) for pair in pairs_of(claim))
    most = max(_moved(claim, bound) for bound in bounds)
    return Judged(claim, bounds, most, most <= min(_amounts(rulebook, claim, every_epoch(rulebook))))


def amount_on(rulebook: Rulebook, claim: Claim, day: date) -> Decimal:
    """Return what is promised on a day: a parameter in it may have another value from some day on."""
    (amount,) = _amounts(rulebook, claim, (on_day(rulebook, day),))
    return amount


def _amounts(rulebook: Rulebook, claim: Claim, epochs: tuple[Rulebook, ...]) -> tuple[Decimal, ...]:
    ((i, j),) = [
        (i, j) for i, each in enumerate(rulebook.promises) for j, its in enumerate(each.claims) if its is claim
    ]
    found = [each.promises[i].claims[j].amount for each in epochs]
    return tuple(Decimal(0) if amount is None else amount.value for amount in found)


def _ways(claim: Claim, bound: Bound) -> tuple[Way, ...]:
    """Return what stood in the way of a narrower bound in the direction that a claim speaks of."""
    match claim.form:
        case "one actor moves":
            return (*bound.down, *bound.up)
        case "own actions give":
            return bound.up
        case "silence costs" | "never falls with":
            return bound.down
        case _:
            assert_never(claim.form)


def _moved(claim: Claim, bound: Bound) -> Decimal:
    """Return the most by which a bound lets the score go where the claim says that it does not go far."""
    match claim.form:
        case "one actor moves":
            return max(-bound.low, bound.high, Decimal(0))
        case "own actions give":
            return max(bound.high, Decimal(0))
        case "silence costs" | "never falls with":
            return max(-bound.low, Decimal(0))
        case _:
            assert_never(claim.form)
