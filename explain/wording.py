"""Takes an explanation; gives the page that says it in plain words: every number in it stands in the explanation."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import assert_never

from tallystick.explain.by_value import titled
from tallystick.explain.document import Explanation
from tallystick.explain.harmless import visible
from tallystick.explain.page import Amount, Block, Column, Entry, Items, Page, Paragraph, Section
from tallystick.explain.part import Outcome
from tallystick.explain.plain import file_name, points, quoted, readable, sentence
from tallystick.explain.tongue import Tongue, day, listed, moment, number, say, say_as, say_n, spoken
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.scores import Adjustment, Reason
from tallystick.explain.tree.withheld import Withheld
from tallystick.explain.what_if.could_change_words import could_change_section
from tallystick.explain.words.acts import corrections_section, statements_at_head
from tallystick.explain.words.bands import band_sentences, bands_section, is_by_needs_alone
from tallystick.explain.words.dated import dated_sentences
from tallystick.explain.words.evidence import evidence_section
from tallystick.explain.words.line_entries import line_entries
from tallystick.explain.words.lines import only_takes_away
from tallystick.explain.words.records import away_section, missing_section, records_section
from tallystick.explain.words.requirements import met_section, not_met_section
from tallystick.explain.words.rulebook import origin, told_of_itself
from tallystick.explain.words.scale import scale_sentences
from tallystick.explain.words.withheld import public_note, withheld_amount, withheld_section


def page(document: Explanation) -> Page:
    """Return the whole page."""
    sections = [_head(document)]
    if document.outcome == "scored":
        sections += [] if is_by_needs_alone(document) else [_sum(document), _reasons(document), _lines(document)]
        sections += [bands_section(document), met_section(document)]
    elif document.requirement is not None:
        sections.append(not_met_section(document, document.requirement))
        if document.lines:
            sections.append(_lines(document))
    sections += [
        away_section(document),
        records_section(document),
        corrections_section(document),
        evidence_section(document),
        missing_section(document),
        could_change_section(document),
        withheld_section(document),
        _about(document),
    ]
    return Page(_title(document), tuple(each for each in sections if each.blocks))


# ---- the result --------------------------------------------------------------------------------------------------


def _title(document: Explanation) -> str:
    """Return the result in one line."""
    title = document.scale.title
    return say(
        "{score} of {person}: {result}",
        score=title if document.by is None else titled(title, document.by.value),
        person=visible(document.subject),
        result=_band_alone(document) or outcome_words(document.outcome, document.score),
    )


def _band_alone(document: Explanation) -> str | None:
    """Return the band where it is the result; None where a score is."""
    if document.band is None or not is_by_needs_alone(document):
        return None
    return say("no band") if document.band.title is None else document.band.title


def outcome_words(outcome: Outcome, score: str | None) -> str:
    """Return a result in a few words."""
    match outcome:
        case "scored":
            return number(score or "")
        case "no score":
            return say("no score")
        case "insufficient data":
            return say("no score (insufficient data)")
        case _:
            assert_never(outcome)


def _head(document: Explanation) -> Section:
    """Return what the result means: scale and band, or the words for having none; the day, and the rules."""
    blocks: list[Block] = []
    if document.outcome == "scored":
        scale = () if is_by_needs_alone(document) else scale_sentences(document.scale)
        band = () if document.band is None else band_sentences(document.band)
        blocks.append(Paragraph(" ".join([*scale, *band])))
    elif document.requirement is not None:
        blocks.append(Paragraph(sentence(document.requirement.words)))
        blocks.append(
            Paragraph(
                say("You have no score. That is not the same as a score of zero: no points were worked out for you.")
            )
        )
    if document.by is not None:
        blocks.append(
            Paragraph(
                say(
                    "Only records whose {field} is {value} count here, and only of those is told what became of them.",
                    field=quoted(document.by.field if document.by.title is None else document.by.title),
                    value=quoted(document.by.value),
                )
            )
        )
    book = document.rulebook
    blocks.append(
        Paragraph(
            say(
                "As of the end of {day}, by the rules {rulebook}, version {version}.",
                day=day(document.as_of),
                rulebook=quoted(book.name),
                version=book.version,
            )
        )
    )
    return Section("", (*public_note(document), *blocks, *statements_at_head(document)))


# ---- how it adds up ----------------------------------------------------------------------------------------------


def _sum(document: Explanation) -> Section:
    """Return the column of points that ends in the score."""
    rows: list[Amount] = []
    facets = {each.facet: each for each in document.facets}
    withheld = {each.facet: each for each in document.withheld if each.what == "rules"}
    seen: set[str] = set()
    each_line: tuple[Line | Withheld, ...] = (*document.lines, *withheld.values())
    for line in each_line:
        if line.facet is None:
            rows.append(withheld_amount(line, 0) if isinstance(line, Withheld) else _amount(line, 0))
        elif line.facet not in seen:
            seen.add(line.facet)
            facet = facets[line.facet]
            rows.append(Amount(facet.title, None, kind="heading"))
            rows.extend(_amount(each, 1) for each in document.lines if each.facet == line.facet)
            if line.facet in withheld:
                rows.append(withheld_amount(withheld[line.facet], 1))
            rows.extend(
                _adjusted(each, document, 1)
                for each in document.adjustments
                if each.place == "facet" and each.facet == line.facet
            )
            rows.append(Amount(say("together"), facet.subtotal, kind="sum", depth=1))
    rows.extend(_adjusted(each, document, 0) for each in document.adjustments if each.place == "score")
    rows.append(Amount(document.scale.title, document.score, kind="total"))
    return Section(say("How the points add up"), (Column("", say_as("heading", "points"), tuple(rows), bars=True),))


def _amount(line: Line, depth: int) -> Amount:
    """Return a line as a row of the column."""
    if line.points is None:
        note = say("does not apply") if line.state == "not applicable" else say("not known")
        return Amount(line.title, "-", note, depth=depth)
    note = "" if line.of is None or only_takes_away(line) else say("of at most {most}", most=number(line.of))
    return Amount(line.title, line.points, note, depth=depth)


def _adjusted(adjustment: Adjustment, document: Explanation, depth: int) -> Amount:
    """Return a cap, floor, division or rounding as a row of the column."""
    scale = document.scale
    match adjustment.kind:
        case "cap":
            label = say("held to at most {limit}", limit=number(adjustment.limit or ""))
        case "floor":
            label = say("held to at least {limit}", limit=number(adjustment.limit or ""))
        case "division":
            label = say(
                "times {out_of} / {weights} (the weights that apply)",
                out_of=number(scale.out_of or ""),
                weights=number(scale.weights_that_apply or ""),
            )
        case "rounding" if scale.places is None:
            label = say("rounded")
        case "rounding" if scale.places == 0:
            label = say("rounded to a whole number")
        case "rounding":
            label = say_n("rounded to {n} place", "rounded to {n} places", scale.places)
        case _:
            assert_never(adjustment.kind)
    amount = adjustment.amount if adjustment.amount.startswith("-") else f"+{adjustment.amount}"
    return Amount(label, amount, depth=depth)


def _reasons(document: Explanation) -> Section:
    """Return which rules raised the score most and which kept it lower."""
    up = [each for each in document.principal_reasons if each.direction == "up"]
    down = [each for each in document.principal_reasons if each.direction == "down"]
    took = [each for each in down if _took(each)]
    lacking = [each for each in down if not _took(each)]
    tongue = spoken()
    blocks: list[Block] = []
    if (up or down) and any(each.what == "rules" for each in document.withheld):
        blocks.append(Paragraph(say("This is about the lines that are shown.")))
    if up:
        heading = say_n("This rule raised it most:", "These rules raised it most:", len(up))
        blocks.append(Entry(heading, tuple([_reason(each, tongue) for each in up])))
    if took:
        least, named = min(Decimal(each.points) for each in took), {each.rule for each in took}
        more = any(-Decimal(each.points or 0) > least and each.rule not in named for each in document.lines)
        if more:
            heading = say_n("This rule took points away:", "These rules took points away:", len(took))
        else:
            heading = say_n("This rule took most points away:", "These rules took most points away:", len(took))
        blocks.append(Entry(heading, tuple([_reason(each, tongue) for each in took])))
    told = {each.rule for each in down}
    if any((each.points or "").startswith("-") and each.rule not in told for each in document.lines):
        else_ = say("What else took points away stands in the lines.")
        blocks.append(Paragraph(else_ if took else say("What took points away stands in the lines.")))
    if lacking:
        blocks.append(Entry(_compared(lacking), tuple([_reason(each, tongue) for each in lacking])))
    return Section(say("What mattered most"), tuple(blocks))


def _took(reason: Reason) -> bool:
    """Return whether a rule can at best give nothing, so that all that it held back are points taken away."""
    return reason.method != _BASELINE and reason.compared_with == "0"


def _compared(lacking: list[Reason]) -> str:
    """Return what the reasons that a score is not higher were measured against."""
    methods = {each.method for each in lacking}
    if methods == {_BASELINE}:
        return say_n(
            "This rule could have given more, compared with its baseline:",
            "These rules could have given more, each compared with its baseline:",
            len(lacking),
        )
    if _BASELINE in methods:
        return say(
            "These rules could have given more, each compared with its baseline, "
            "or without one with the most that it can give:"
        )
    return say_n(
        "This rule could have given more, compared with the most that it can give:",
        "These rules could have given more, each compared with the most that it can give:",
        len(lacking),
    )


_BASELINE = "the baseline, less the points given"


@lru_cache(maxsize=1 << 12)
def _reason(reason: Reason, _tongue: Tongue | None) -> str:
    """Return a principal reason, with its code where that is not the rule's name; kept for all who have it."""
    title = reason.title if reason.code == reason.rule else f"{reason.title} ({reason.code})"
    amount = points(reason.points)
    match reason.direction:
        case "up":
            return say("{title}: {points}", title=title, points=amount)
        case "down" if reason.method == _BASELINE:
            return say(
                "{title}: {points} below its baseline of {baseline}",
                title=title,
                points=amount,
                baseline=number(reason.compared_with),
            )
        case "down" if _took(reason):
            return say("{title}: {points}", title=title, points=amount)
        case "down":
            return say(
                "{title}: {points} below the {most} it can give",
                title=title,
                points=amount,
                most=number(reason.compared_with),
            )
        case _:
            assert_never(reason.direction)


def _lines(document: Explanation) -> Section:
    """Return each line in words."""
    return Section(say("Line by line"), tuple(line_entries(document)))


# ---- about -------------------------------------------------------------------------------------------------------


def _about(document: Explanation) -> Section:
    """Return what the score is for, who answers for it, and what was read."""
    book, data = document.rulebook, document.data
    told = list(told_of_itself(book))
    if data.fields:
        fields = [
            f"{readable(each)} ({data.titles[each]})" if each in data.titles else readable(each) for each in data.fields
        ]
        told.append(say("Read from each record: {fields}. No other field.", fields=listed(fields)))
    if data.attributes:
        attributes = listed([readable(each) for each in data.attributes])
        told.append(say("Read about each person: {attributes}. Nothing else.", attributes=attributes))
    if data.sources:
        # Where a file lay is nobody's business but the machine's; the receipt has it.
        names = dict.fromkeys(map(file_name, data.sources))
        told.append(say("The data: {files}.", files=listed(list(names))))
    if book.source is not None:
        told.append(origin(book.source))
    if data.run_rejected or data.run_subject_rejected or data.run_pause_rejected:
        told.append(_rejected(document))
    told += dated_sentences(document)
    rules = f"{quoted(book.name)} {book.version}"
    if book.effective is None:
        told.append(say("The rules: {rules}; SHA-256 {sha256}.", rules=rules, sha256=book.sha256))
    else:
        told.append(
            say(
                "The rules: {rules}, in force since {day}; SHA-256 {sha256}.",
                rules=rules,
                day=day(book.effective),
                sha256=book.sha256,
            )
        )
    if document.computed_at is not None:
        told.append(say("This page was made at {moment} UTC.", moment=moment(document.computed_at)))
    return Section(say("About this score"), (Items(tuple(told)),))


def _rejected(document: Explanation) -> str:
    """Return how many rows of the whole run could not be read."""
    data = document.data
    parts = []
    if data.run_rejected:
        parts.append(
            say_n(
                "{rejected} of {n} row of records",
                "{rejected} of {n} rows of records",
                data.run_rows,
                rejected=number(data.run_rejected),
            )
        )
    if data.run_subject_rejected:
        parts.append(
            say_n(
                "{rejected} of {n} row about people",
                "{rejected} of {n} rows about people",
                data.run_subject_rows,
                rejected=number(data.run_subject_rejected),
            )
        )
    if data.run_pause_rejected:
        parts.append(
            say_n(
                "{rejected} of {n} row of absences",
                "{rejected} of {n} rows of absences",
                data.run_pause_rows,
                rejected=number(data.run_pause_rejected),
            )
        )
    return say(
        "Could not be read, in all people's data: {rows}. They are kept, with reasons, and count for nobody.",
        rows=listed(parts),
    )
