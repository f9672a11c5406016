"""Takes the answer to what if, and that it is for the person; gives it without what is others'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tallystick.engine.arithmetic import text_of, total_of
from tallystick.explain.audience.names_in_texts import Names
from tallystick.explain.tongue import say
from tallystick.explain.what_if.document import Moved, Result, Supposed, WhatIf
from tallystick.rules.audience import Audience
from tallystick.rules.questions.private_reading import hidden_from
from tallystick.rules.rulebook import Rulebook

_PEOPLE = ("subject", "actor")


def whatif_for_person(document: WhatIf, rulebooks: Iterable[Rulebook]) -> WhatIf:
    """Return the answer as the person may see it; ``rulebooks``: the run's, and the one that is supposed."""
    books = tuple(rulebooks)
    hidden = [hidden_from(each, Audience.SUBJECT) for each in books]
    rules = frozenset[str]().union(*(each.rules for each in hidden))
    measures = frozenset[str]().union(*(each.measures for each in hidden))
    bands = frozenset[str]().union(*(each.bands for each in hidden))
    cells = frozenset[str]().union(*(each.cells for each in hidden))
    words = {
        each.words
        for book, out in zip(books, hidden, strict=True)
        for each in book.requires
        if each.name in out.requires
    }
    return document.model_copy(
        update={
            "supposed": tuple(_supposed(each, document.subject, cells) for each in document.supposed),
            "before": _result(document.before, words, bands),
            "after": _result(document.after, words, bands),
            "parts": tuple(_parts(document.parts, rules)),
            "measures": tuple(each for each in document.measures if each.measure not in measures),
        }
    )


def _supposed(supposed: Supposed, subject: str, cells: frozenset[str]) -> Supposed:
    """Return what was supposed; of a record of the run without names of others and what is private."""
    if supposed.what != "a record less" or supposed.record is None:
        return supposed
    record = supposed.record
    alone = all(record[field] == subject for field in _PEOPLE if field in record)
    others = Names(name for name in map(record.get, _PEOPLE) if name and name != subject)
    shown = {
        name: None if (name in cells and not alone) or (name != "kind" and value and others.are_in(value)) else value
        for name, value in record.items()
    }
    return supposed.model_copy(update={"record": shown})


def _result(result: Result, words: set[str], bands: frozenset[str]) -> Result:
    missing = tuple(each for each in result.missing if each.band not in bands)
    unmet = {"requirement": None, "words": say("The reason is private.")} if result.words in words else {}
    return result.model_copy(update={"missing": missing, **unmet})


def _parts(parts: tuple[Moved, ...], rules: frozenset[str]) -> Iterator[Moved]:
    """Give the parts, those of lines that are not shown as one. INVARIANT: they sum to what they did."""
    folded = [each for each in parts if each.place == "rule" and each.name in rules]
    for each in parts:
        if each not in folded:
            yield each
        elif each == folded[0]:
            yield Moved(
                place="rule",
                name=None,
                title=say("what reads private data, together"),
                kind=None,
                before=_sum(each.before for each in folded),
                after=_sum(each.after for each in folded),
                points=_sum(each.points for each in folded) or "0",
            )


def _sum(figures: Iterable[str | None]) -> str | None:
    known = [Decimal(each) for each in figures if each is not None]
    return text_of(total_of(known), max(-int(each.as_tuple().exponent) for each in known)) if known else None
