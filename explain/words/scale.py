"""Takes the scale of a score; gives what the score is to be read against, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.tongue import number, say
from tallystick.explain.tree.scores import Scale


def scale_sentences(scale: Scale) -> Iterator[str]:
    """Yield where the scale begins and ends, and what scores the rules allow."""
    yield _ends(scale)
    yield from _allowed(scale)


def _ends(scale: Scale) -> str:
    """Return what the score is to be read against."""
    match scale.low, scale.high:
        case None, None:
            return say("The scale has no ends; higher is better.")
        case str(low), None:
            return say("The scale begins at {low} and has no end; higher is better.", low=number(low))
        case None, str(high):
            return say("The scale ends at {high}; higher is better.", high=number(high))
        case _:
            low, high = number(scale.low or ""), number(scale.high or "")
            return say("The scale runs from {low} to {high}; higher is better.", low=low, high=high)


def _allowed(scale: Scale) -> Iterator[str]:
    """Yield what scores the rules allow, where that is less than the scale."""
    if scale.least is None and scale.most is None:
        return
    least = scale.low if scale.least is None else scale.least
    most = scale.high if scale.most is None else scale.most
    if least is not None and least == most:
        yield say("By these rules every score is {score}.", score=number(least))
    elif scale.most is None:
        yield say("By these rules no score is below {least}.", least=number(least or ""))
    elif scale.least is None:
        yield say("By these rules no score is above {most}.", most=number(most or ""))
    else:
        low, high = number(scale.least), number(scale.most)
        yield say("By these rules every score lies from {low} to {high}.", low=low, high=high)
