"""Takes a rulebook whose parameters may have other values from some day on; gives bounds that hold on all days."""

from __future__ import annotations

from msgspec.structs import replace

from tallystick.rules.analysis.lines import Bound, Lines, bound_of, lines_of, score_span
from tallystick.rules.analysis.shifts import Pair, Way, decimal_down, decimal_up
from tallystick.rules.epochs import every_epoch
from tallystick.rules.rulebook import Rulebook


def bound_on_any_day(rulebook: Rulebook, pair: Pair) -> Bound:
    """Bound how far the scores of a pair can be apart, whichever day it is; the derivation is that of the widest.

    Two days that are apart may have different values of a parameter, and then nothing is known but the scale.
    """
    return bound_of_all(rulebook, tuple(lines_of(each, pair) for each in every_epoch(rulebook)))


def bound_of_all(rulebook: Rulebook, lines: tuple[Lines, ...]) -> Bound:
    """Bound the same of the lines of each epoch in a pair."""
    pair, epochs = lines[0].apart.pair, tuple(each.rulebook for each in lines)
    found = [bound_of(each) for each in lines]
    if len(epochs) == 1:
        return found[0]
    widest = max(found, key=lambda bound: bound.high - bound.low)
    low, high = min(each.low for each in found), max(each.high for each in found)
    ways: tuple[Way, ...] = ()
    if pair.form == "silence":
        spans = [score_span(each) for each in epochs]
        width = max(span.high for span in spans) - min(span.low for span in spans)
        low, high = decimal_down(-width), decimal_up(width)
        ways = tuple(Way("parameter", each.name, "dated") for each in rulebook.parameters if each.dated)
    down = tuple(dict.fromkeys((*ways, *(way for each in found for way in each.down))))
    up = tuple(dict.fromkeys((*ways, *(way for each in found for way in each.up))))
    return replace(widest, low=low, high=high, down=down, up=up, counted=any(each.counted for each in found))
