"""Takes an explanation; gives in words what its audience may not see, and why."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.document import Explanation
from tallystick.explain.harmless import visible
from tallystick.explain.page import Amount, Items, Paragraph, Section
from tallystick.explain.plain import capital, points, quoted, readable
from tallystick.explain.tongue import listed, number, say, say_n
from tallystick.explain.tree.withheld import Withheld
from tallystick.rules.audience import Audience


def withheld_section(document: Explanation) -> Section:
    """Return what is not shown; nothing where everything is."""
    told = tuple(_sentence(each, document) for each in document.withheld)
    return Section(say("What is not shown"), (Items(told),) if told else ())


def public_note(document: Explanation) -> tuple[Paragraph, ...]:
    """Return whom a page speaks to that anybody may read; nothing on other pages."""
    if document.audience is not Audience.PUBLIC:
        return ()
    return (
        Paragraph(say("Anybody may read this page. “You” is {person} here.", person=quoted(visible(document.subject)))),
    )


def withheld_amount(withheld: Withheld, depth: int) -> Amount:
    """Return lines that are not shown as a row of the column that adds up."""
    return Amount(capital(say("what reads private data, together")), withheld.points, depth=depth)


def _sentence(withheld: Withheld, document: Explanation) -> str:
    """Return one thing that is not shown."""
    match withheld.what:
        case "names" | "values":
            return say_n(
                "Not shown in {n} row: {fields}. {because}",
                "Not shown in {n} rows: {fields}. {because}",
                withheld.number or 0,
                fields=_fields(withheld),
                because=withheld.because,
            )
        case "records":
            return _records(withheld)
        case "rules":
            return _rules(withheld, document)
        case "attributes":
            return say(
                "Not shown of what is known about you: {fields}. {because}",
                fields=_fields(withheld),
                because=withheld.because,
            )
        case "reasons":
            return say("Not shown: which exclusions and discounts took records. {because}", because=withheld.because)
        case "requirement":
            return say("Not shown: what was required. {because}", because=withheld.because)
        case "corrections":
            return say("Not shown: corrections of records. {because}", because=withheld.because)
        case "statements":
            return say("Not shown: what you state about the score. {because}", because=withheld.because)
        case "data":
            return say("Not shown: the data and its digests. {because}", because=withheld.because)
        case _:
            assert_never(withheld.what)


def _records(withheld: Withheld) -> str:
    if withheld.plural is None or withheld.number is None:
        return say("Not shown: the records. {because}", because=withheld.because)
    if withheld.added is None:
        return say_n(
            "Not shown: {n} record behind {measure}. {because}",
            "Not shown: {n} records behind {measure}. {because}",
            withheld.number,
            measure=quoted(withheld.plural),
            because=withheld.because,
        )
    return say_n(
        "Not shown: {n} record behind {measure}, which added {added}. {because}",
        "Not shown: {n} records behind {measure}, which added {added} together. {because}",
        withheld.number,
        measure=quoted(withheld.plural),
        added=number(withheld.added),
        because=withheld.because,
    )


def _rules(withheld: Withheld, document: Explanation) -> str:
    count = len(withheld.rules)
    facet = next((each.title for each in document.facets if each.facet == withheld.facet), None)
    said = {"points": points(withheld.points or "0"), "because": withheld.because}
    if facet is None:
        return say_n(
            "Not shown: {n} line, with {points} in the sum. {because}",
            "Not shown: {n} lines, with {points} in the sum. {because}",
            count,
            **said,
        )
    return say_n(
        "Not shown: {n} line of {facet}, with {points} in the sum. {because}",
        "Not shown: {n} lines of {facet}, with {points} in the sum. {because}",
        count,
        facet=quoted(facet),
        **said,
    )


def _fields(withheld: Withheld) -> str:
    return listed([quoted(readable(each)) for each in withheld.fields])
