"""Takes decimals, or how documents print them; gives the figure that is read out: short where the exact digits are
long, with its sign where it is a difference."""

from __future__ import annotations

from decimal import Decimal

from tallystick.rules.decimals import PLACES, multiply, plainly, round_to
from tallystick.rules.rulebook import Score

_HUNDRED = Decimal(100)
_READ_PLACES = 2


def about(number: Decimal) -> str | None:
    """Return the figure that a person reads, or None where the exact one is short enough.

    Two places, or two significant digits for what is smaller than that shows; rounded half away from zero. More where
    it would read as a whole number otherwise: 2.999 is not 3 where 3 are asked for.
    """
    return both(number)[1]


def both(number: Decimal | None) -> tuple[str | None, str | None]:
    """Return a number in its shortest exact text, and the figure that a person reads where that is another."""
    if number is None:
        return None, None
    exact = plainly(number)
    if len(exact.partition(".")[2]) <= _READ_PLACES:
        return exact, None
    places = max(_READ_PLACES, 1 - number.adjusted())
    read = round_to(number, places)
    while read == read.to_integral_value() and read != number:
        places += 1
        read = round_to(number, places)
    return exact, None if read == number else plainly(read)


def line_places(score: Score) -> int | None:
    """Return how many places the points of a line are written with; None: as few as say them exactly."""
    return score.line_places if score.places is not None and score.line_places < PLACES else None


def in_percent(share: Decimal) -> Decimal:
    """Return a share of 1 in percent."""
    return multiply(share, _HUNDRED)


def signed(figure: str) -> str:
    """Write a difference with its sign; nothing has none."""
    return figure if figure.startswith("-") or is_zero(figure) else f"+{figure}"


def signed_end(figure: str | None) -> str:
    """Write the end of a range of differences; None is without an end."""
    return "any" if figure is None else signed(figure)


def is_zero(figure: str) -> bool:
    """Say whether a figure is nothing."""
    return figure.strip("-0.") == ""


def short(number: Decimal | None) -> str | None:
    """Return a number in its shortest exact text."""
    return None if number is None else plainly(number)
