"""Takes what an explanation says of parameters with dated values; gives the sentences that say what holds, and since
when."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.document import Explanation
from tallystick.explain.plain import capital, days_in_words, sentence
from tallystick.explain.tongue import day, number, say
from tallystick.explain.tree.origins import DatedFigure


def dated_sentences(document: Explanation) -> Iterator[str]:
    """Give a sentence or two for each: the value in force on the day of the score, why, and what comes."""
    for each in document.dated:
        value, title = figure_of(each.value, each.unit), capital(each.title)
        if each.since is None:
            told = [say("{what}: {value}.", what=title, value=value)]
        else:
            told = [say("{what}: {value} since {day}.", what=title, value=value, day=day(each.since))]
        if each.because is not None:
            told.append(sentence(each.because))
        told += _next(each)
        yield " ".join(told)


def _next(each: DatedFigure) -> Iterator[str]:
    for later in each.coming[:1]:
        yield say("From {day} on it is {value}:", day=day(later.start), value=figure_of(later.value, each.unit))
        yield sentence(later.because or "")


def figure_of(value: str, unit: str) -> str:
    """Return a parameter's value as it is read out."""
    return days_in_words(value) if unit == "duration" else number(value)
