"""Takes decimals; gives the short figure that is read out where the exact digits are long."""

from __future__ import annotations

from decimal import Decimal

from tallystick.rules.decimals import PLACES, places_of, plainly, round_to
from tallystick.rules.rulebook import Score

_READ_PLACES = 2


def about(number: Decimal) -> str | None:
    """Return the figure that a person reads, or None where the exact one is short enough.

    Two places, or two significant digits for what is smaller than that shows; rounded half away from zero.
    """
    if places_of(number) <= _READ_PLACES:
        return None
    places = max(_READ_PLACES, 1 - number.adjusted())
    read = round_to(number, places)
    return None if read == number else plainly(read)


def line_places(score: Score) -> int | None:
    """Return how many places the points of a line are written with; None: as few as say them exactly."""
    return score.line_places if score.places is not None and score.line_places < PLACES else None


def short(number: Decimal | None) -> str | None:
    """Return a number in its shortest exact text."""
    return None if number is None else plainly(number)
