"""Takes decimals; gives the short figure that is read out where the exact digits are long."""

from __future__ import annotations

from decimal import Decimal

from tallystick.rules.decimals import places_of, plainly, round_to

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


def short(number: Decimal | None) -> str | None:
    """Return a number in its shortest exact text."""
    return None if number is None else plainly(number)
