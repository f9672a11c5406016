"""Takes the document that says what rules can give; gives it as a page for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from tallystick.explain.audit.bounds_document import BoundsOfRulebook, MovedTold, RuleBounded
from tallystick.explain.figures import signed_end
from tallystick.explain.page import Block, Entry, Grid, Items, Marked, Page, Paragraph, Section
from tallystick.explain.plain import quoted

Pair: TypeAlias = Literal["another's records", "own records", "silence", "one more record"]


def bounds_page(found: BoundsOfRulebook) -> Page:
    """Make the page."""
    sections = (
        Section("", (Paragraph(_summary(found)),)),
        Section("What to look at", tuple(_findings(found))),
        Section("What each rule can give, and who can move it", tuple(_rules(found))),
        Section("One more record of a kind", tuple(_kinds(found))),
        Section("Without any record", tuple(_without(found))),
        Section("How this is known", (Items(tuple(_method(found))),)),
    )
    return Page(f"{found.title}: what it can be", tuple(each for each in sections if each.blocks))


def _summary(found: BoundsOfRulebook) -> str:
    return (
        f"{quoted(found.rulebook)} {found.version}: every score lies {_between(found.least, found.most)}. "
        f"This follows from the rules alone; no record was read."
    )


def _between(least: str | None, most: str | None) -> str:
    match least, most:
        case None, None:
            return "anywhere"
        case None, high:
            return f"at {high} or below"
        case low, None:
            return f"at {low} or above"
        case low, high:
            return f"from {low} to {high}"


def _findings(found: BoundsOfRulebook) -> Iterator[Block]:
    for each in found.findings:
        yield Entry(Marked(f"{each.place} `{each.name}`: {each.kind}"), (Marked(each.words),))
    if not found.findings:
        yield Paragraph("Nothing that this audit knows to look for.")


def _rules(found: BoundsOfRulebook) -> Iterator[Block]:
    heading = ("rule", "least", "most", "one other", "own records", f"{found.silence} days", "attributes")
    rows = [_row(each) for each in found.rules]
    by = {each.pair: _range(each) for each in found.moved}
    score = ("the score", _end(found.least), _end(found.most), *_three(by), "")
    yield Grid(heading, (*rows, score))


def _row(rule: RuleBounded) -> tuple[str, ...]:
    by = {each.pair: _range(each) for each in rule.moved}
    return (rule.name, _end(rule.least), _end(rule.most), *_three(by), ", ".join(rule.attributes) or "-")


def _three(by: Mapping[Pair, str]) -> tuple[str, str, str]:
    return by.get("another's records", "-"), by.get("own records", "-"), by.get("silence", "-")


def _kinds(found: BoundsOfRulebook) -> Iterator[Block]:
    rows = [
        (each.kind or "", rule.name, _range(each))
        for rule in found.rules
        for each in rule.moved
        if each.pair == "one more record" and _range(each) != "-"
    ]
    whole = [(each.kind or "", "the score", _range(each)) for each in found.moved if each.pair == "one more record"]
    if rows:
        yield Grid(("kind", "rule", "by"), tuple(sorted((*rows, *whole), key=lambda row: row[0])))


def _without(found: BoundsOfRulebook) -> Iterator[Block]:
    alone = found.without_records
    if alone is not None:
        given = ", ".join(f"{rule} {points}" for rule, points in alone.rules.items())
        yield Paragraph(
            f"Somebody of whom there is no record can have a score of {alone.score}"
            f"{f' ({given})' if given else ''}: the highest that was found."
        )


def _method(found: BoundsOfRulebook) -> Iterator[str]:
    yield "A figure is the most that is possible by ranges and by what rises and falls; it need not be reached."
    yield "“one other”: with all records of one other actor, against without; “own records”: the same for the person's."
    yield (
        f"“{found.silence} days”: so many days later without a new record, for anyone of whom no measure counts more "
        f"than {found.most_records:,} records."
    )
    moved = (*found.moved, *(each for rule in found.rules for each in rule.moved))
    ends = [found.least, found.most]
    ends += [end for rule in found.rules for end in (rule.least, rule.most)]
    ends += [end for each in moved for end in (each.least, each.most)]
    if None in ends:
        yield "“any”: nothing in the rules bounds it."


def _range(moved: MovedTold) -> str:
    if moved.least == moved.most == "0":
        return "-"
    if moved.least == "0":
        return f"up to {signed_end(moved.most)}"
    if moved.most == "0":
        return f"down to {signed_end(moved.least)}"
    return f"{signed_end(moved.least)} to {signed_end(moved.most)}"


def _end(figure: str | None) -> str:
    return "any" if figure is None else figure
