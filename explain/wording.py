"""Takes an explanation; gives the page that says it in plain English: every number in it stands in the explanation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.explain.act_words import corrections_section, statements_at_head, statements_on
from tallystick.explain.adding_up import adding_up
from tallystick.explain.could_change_words import could_change_section
from tallystick.explain.document import Adjustment, Explanation, Line, Reason, Requirement
from tallystick.explain.line_words import line_heading, line_sentences, working_sentence
from tallystick.explain.measure_words import given_sentence, measure_sentences
from tallystick.explain.node_words import condition, listed
from tallystick.explain.page import Amount, Block, Column, Entry, Items, Page, Paragraph, Section
from tallystick.explain.plain import points, quoted, readable, sentence
from tallystick.explain.record_words import away_section, evidence_section, missing_section, records_section


def page(document: Explanation) -> Page:
    """Return the whole page."""
    sections = [_head(document)]
    if document.outcome == "scored":
        sections += [_sum(document), _reasons(document), _lines(document)]
    elif document.requirement is not None:
        sections.append(_not_met(document, document.requirement))
        if document.lines:
            sections.append(_lines(document))
    sections += [
        away_section(document),
        records_section(document),
        corrections_section(document),
        evidence_section(document),
        missing_section(document),
        could_change_section(document),
        _about(document),
    ]
    return Page(_title(document), tuple(each for each in sections if each.blocks))


# ---- the result --------------------------------------------------------------------------------------------------


def _title(document: Explanation) -> str:
    """Return the result in one line."""
    result = {
        "scored": document.score or "",
        "no score": "no score",
        "insufficient data": "no score (insufficient data)",
    }
    return f"{document.scale.title} of {document.subject}: {result[document.outcome]}"


def _head(document: Explanation) -> Section:
    """Return what the result means: scale and band, or the words for having none; the day, and the rules."""
    blocks: list[Block] = []
    if document.outcome == "scored":
        blocks.append(Paragraph(" ".join([_scale(document), *_band(document)])))
    elif document.requirement is not None:
        blocks.append(Paragraph(sentence(document.requirement.words)))
        blocks.append(
            Paragraph("You have no score. That is not the same as a score of zero: no points were worked out for you.")
        )
    book = document.rulebook
    blocks.append(
        Paragraph(
            f"As of the end of {document.as_of.isoformat()}, by the rules {quoted(book.name)}, version {book.version}."
        )
    )
    return Section("", (*blocks, *statements_at_head(document)))


def _scale(document: Explanation) -> str:
    """Return what the score is to be read against."""
    scale = document.scale
    match scale.low, scale.high:
        case None, None:
            ends = "The scale has no ends"
        case low, None:
            ends = f"The scale begins at {low} and has no end"
        case None, high:
            ends = f"The scale ends at {high}"
        case low, high:
            ends = f"The scale runs from {low} to {high}"
    return f"{ends}; {'higher' if scale.higher_is_better else 'lower'} is better."


def _band(document: Explanation) -> Iterator[str]:
    """Return the band, and how far the bands beside it are."""
    band = document.band
    if band is None:
        return
    if band.name is None:
        yield "This is below the first band."
    else:
        yield f"This is in the band {quoted(band.title)}, which begins at {band.start}."
    if band.above is not None:
        distance = points(band.above.distance)
        yield f"The next, {quoted(band.above.title)}, begins at {band.above.start}: {distance} further up."
    if band.below is not None:
        yield (
            f"The band below, {quoted(band.below.title)}, ends where this one begins: "
            f"{points(band.below.distance)} further down."
        )


# ---- how it adds up ----------------------------------------------------------------------------------------------


def _sum(document: Explanation) -> Section:
    """Return the column of points that ends in the score."""
    rows: list[Amount] = []
    facets = {each.facet: each for each in document.facets}
    seen: set[str] = set()
    for line in document.lines:
        if line.facet is None:
            rows.append(_amount(line, 0))
        elif line.facet not in seen:
            seen.add(line.facet)
            facet = facets[line.facet]
            rows.append(Amount(facet.title, None, kind="heading"))
            rows.extend(_amount(each, 1) for each in document.lines if each.facet == line.facet)
            rows.extend(
                _adjusted(each, document, 1)
                for each in document.adjustments
                if each.place == "facet" and each.facet == line.facet
            )
            rows.append(Amount("together", facet.subtotal, kind="sum", depth=1))
    rows.extend(_adjusted(each, document, 0) for each in document.adjustments if each.place == "score")
    rows.append(Amount(document.scale.title, document.score, kind="total"))
    return Section("How the points add up", (adding_up(Column("", "points", tuple(rows))),))


def _amount(line: Line, depth: int) -> Amount:
    """Return a line as a row of the column."""
    if line.points is None:
        return Amount(line.title, "-", "does not apply" if line.state == "not applicable" else "not known", depth=depth)
    note = "" if line.of is None or line.of.strip("0.") == "" else f"of at most {line.of}"
    return Amount(line.title, line.points, note, depth=depth)


def _adjusted(adjustment: Adjustment, document: Explanation, depth: int) -> Amount:
    """Return a cap, floor, division or rounding as a row of the column."""
    scale = document.scale
    match adjustment.kind:
        case "cap":
            label = f"held to at most {adjustment.limit}"
        case "floor":
            label = f"held to at least {adjustment.limit}"
        case "division":
            label = f"times {scale.out_of} / {scale.weights_that_apply} (the weights that apply)"
        case "rounding":
            places = "" if scale.places is None else f" to {scale.places} {'place' if scale.places == 1 else 'places'}"
            label = f"rounded{places}"
        case _:
            assert_never(adjustment.kind)
    amount = adjustment.amount if adjustment.amount.startswith("-") else f"+{adjustment.amount}"
    return Amount(label, amount, depth=depth)


def _reasons(document: Explanation) -> Section:
    """Return which rules raised the score most and which kept it lower."""
    up = [each for each in document.principal_reasons if each.direction == "up"]
    down = [each for each in document.principal_reasons if each.direction == "down"]
    blocks: list[Block] = []
    if up:
        blocks.append(Entry("These rules raised it most:", tuple(_reason(each) for each in up)))
    if down:
        blocks.append(
            Entry(
                f"These rules held it back most, each compared with {_compared(down)}:",
                tuple(_reason(each) for each in down),
            )
        )
    return Section("What mattered most", tuple(blocks))


def _compared(down: list[Reason]) -> str:
    """Return what the reasons that held a score back were measured against."""
    methods = {each.method for each in down}
    if methods == {_BASELINE}:
        return "its baseline"
    return "its baseline, or without one with the most that it can give" if _BASELINE in methods else _MOST


_BASELINE = "the baseline, less the points given"
_MOST = "the most that it can give"


def _reason(reason: Reason) -> str:
    """Return a principal reason, with its code where that is not the rule's name."""
    title = reason.title if reason.code == reason.rule else f"{reason.title} ({reason.code})"
    match reason.direction:
        case "up":
            return f"{title}: {points(reason.points)}"
        case "down" if reason.method == _BASELINE:
            return f"{title}: {points(reason.points)} below its baseline of {reason.compared_with}"
        case "down" if reason.compared_with == "0":
            return f"{title}: takes {points(reason.points)} away"
        case "down":
            return f"{title}: {points(reason.points)} below the {reason.compared_with} it can give"
        case _:
            assert_never(reason.direction)


def _lines(document: Explanation) -> Section:
    """Return each line in words."""
    entries: list[Block] = []
    measures: dict[str, str] = {}
    for line in document.lines:
        told = [each for each in line_sentences(line, document, measures) if each]
        if line.why is not None:
            told.append(f"Why this rule: {sentence(line.why)}")
        worked = working_sentence(line)
        if worked is not None:
            told.append(worked)
        told += statements_on(line, document)
        entries.append(Entry(line_heading(line), tuple(told)))
    return Section("Line by line", tuple(entries))


# ---- without a score ---------------------------------------------------------------------------------------------


def _not_met(document: Explanation, requirement: Requirement) -> Section:
    """Return what was required, what there is, and that this is no judgement."""
    why = () if requirement.because is None else (f"Why: {sentence(requirement.because)}",)
    there = [given_sentence(each) for each in requirement.inputs]
    told: dict[str, str] = {}
    there += [text for each in requirement.measures for text in measure_sentences(each, told, requirement.title)]
    if not there and requirement.condition is not None:
        there.append("In the data that was used, this is not so.")
    blocks: list[Block] = [Entry(f"Required: {_asked(requirement)}.", why)]
    if there:
        blocks.append(Entry("What there is:", tuple(there)))
    contact = document.rulebook.contact
    if contact is not None:
        blocks.append(Paragraph(f"If the data is wrong, or you disagree, write to {contact}."))
    return Section("What is required, and what there is", tuple(blocks))


def _asked(requirement: Requirement) -> str:
    """Return a requirement as its title and condition; once, where the condition is but an attribute of that title."""
    node = requirement.condition
    if node is None or node.plural == requirement.title:
        return requirement.title
    return f"{requirement.title}: {condition(node)}"


# ---- about -------------------------------------------------------------------------------------------------------


def _about(document: Explanation) -> Section:
    """Return what the score is for, who answers for it, and what was read."""
    book, data = document.rulebook, document.data
    told: list[str] = []
    if book.measures is not None:
        told.append(f"What it measures: {sentence(book.measures)}")
    if book.purpose is not None:
        told.append(f"What it is for: {sentence(book.purpose)}")
    if book.not_for is not None:
        told.append(f"What it must not be used for: {sentence(book.not_for)}")
    if book.owner is not None:
        told.append(f"Who answers for it: {sentence(book.owner)}")
    if book.contact is not None:
        told.append(f"Questions, corrections, objections: {book.contact}")
    if data.fields:
        fields = [
            f"{readable(each)} ({data.titles[each]})" if each in data.titles else readable(each) for each in data.fields
        ]
        told.append(f"Read from each record: {listed(fields)}. No other field.")
    if data.attributes:
        told.append(f"Read about each person: {listed([readable(each) for each in data.attributes])}. Nothing else.")
    if data.sources:
        # Where a file lay is nobody's business but the machine's; the receipt has it.
        names = dict.fromkeys(each.rpartition("/")[2] or each for each in data.sources)
        told.append(f"The data: {listed(list(names))}.")
    if data.run_rejected or data.run_subject_rejected:
        told.append(_rejected(document))
    since = "" if book.effective is None else f", in force since {book.effective.isoformat()}"
    told.append(f"The rules: {quoted(book.name)} {book.version}{since}; SHA-256 {book.sha256}.")
    if document.computed_at is not None:
        told.append(f"This page was made at {document.computed_at.strftime('%Y-%m-%d %H:%M:%S')} UTC.")
    return Section("About this score", (Items(tuple(told)),))


def _rejected(document: Explanation) -> str:
    """Return how many rows of the whole run could not be read."""
    data = document.data
    parts = []
    if data.run_rejected:
        parts.append(f"{data.run_rejected} of {data.run_rows} rows of records")
    if data.run_subject_rejected:
        parts.append(f"{data.run_subject_rejected} of {data.run_subject_rows} rows about people")
    return (
        f"Could not be read, in all people's data: {listed(parts)}. They are kept, with reasons, and count for nobody."
    )
