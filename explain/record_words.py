"""Takes an explanation; gives what became of the person's records, the records themselves, and what is not known."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.act_words import statements_on_records, struck_out
from tallystick.explain.document import Evidence, Explanation, NotCounted
from tallystick.explain.measured import leaves
from tallystick.explain.node_words import listed
from tallystick.explain.page import Amount, Block, Column, Entry, Grid, Items, Paragraph, Section
from tallystick.explain.plain import capital, counted, quoted, readable, sentence


def records_section(document: Explanation) -> Section:
    """Return what became of the person's records, and why the exclusions exist."""
    data = document.data
    heading = "What became of the records about you"
    if data.records is None:
        if not data.fields or document.outcome == "scored":
            return Section(heading, ())
        return Section(heading, (Paragraph("No record about you was looked at."),))
    if not data.fields:
        return Section(heading, ())
    if data.records == 0:
        return Section(heading, (Paragraph("There were no records about you in the data that was read."),))
    rows = [Amount("used by at least one rule or requirement", str(data.taken_in))]
    rows += [Amount(_fate(each, document), str(each.records)) for each in document.not_counted]
    rows.append(Amount("records read", str(data.records), kind="total"))
    blocks: list[Block] = [Column("", "records", tuple(rows))]
    reasons = _why_left_out(document)
    if reasons:
        blocks.append(Entry("Why records are left out or count less:", reasons))
    return Section(heading, tuple(blocks))


def away_section(document: Explanation) -> Section:
    """Return when the person was away, and what that does."""
    if not document.pauses:
        return Section("", ())
    rows = tuple((each.first.isoformat(), each.last.isoformat(), str(each.days)) for each in document.pauses)
    told = Paragraph(
        "On these days, up to the day of the score, what counts for you did not fade where the rules say so. "
        "Overlapping absences are told as one."
    )
    return Section("When you were away", (told, Grid(("from", "to", "days"), rows)))


def _why_left_out(document: Explanation) -> tuple[str, ...]:
    """Return the reasons of the exclusions, discounts, limits and fadings that touched the records, each once."""
    whys: dict[str, str] = {
        each.title: each.because for each in document.not_counted if each.title is not None and each.because is not None
    }
    measures = [each for line in document.lines for each in line.measures]
    if document.requirement is not None:
        measures.extend(document.requirement.measures)
    for measure in leaves(tuple(measures)):
        for step in measure.steps:
            if step.title is not None and step.because is not None:
                whys.setdefault(step.title, step.because)
    return tuple(f"{capital(title)}: {sentence(why)}" for title, why in whys.items())


def _fate(left_out: NotCounted, document: Explanation) -> str:
    """Return what happened to records that were not taken in."""
    match left_out.reason:
        case "voided":
            return "struck out by a correction"
        case "not yet":
            return f"dated after {document.as_of.isoformat()}, so not counted yet"
        case "excluded":
            return f"left out: {left_out.title or readable(left_out.name)}"
        case "outside window":
            return "too old for every rule that would use them"
        case "limit":
            return "over a limit"
        case "unused":
            return "of a kind that no rule uses"
        case _:
            assert_never(left_out.reason)


def evidence_section(document: Explanation) -> Section:
    """Return the records behind each measure, with what each added."""
    blocks: list[Block] = []
    fields = [each for each in document.data.fields if each != "subject"]
    by_measure: dict[str, list[Evidence]] = {}
    sums = {each.measure: each.value for each in document.records_added}
    for each in document.records:
        by_measure.setdefault(each.measure, []).append(each)
    for rows in by_measure.values():
        blocks.append(Paragraph(f"Behind {quoted(rows[0].plural)}, latest first:"))
        shown = [name for name in fields if any(row.record.get(name) is not None for row in rows)]
        shown.sort(key=lambda name: name != "at")
        blocks.append(
            Grid(
                (*(readable(name) for name in shown), "what became of it", "added"),
                tuple(
                    (*(row.record.get(name) or "" for name in shown), _became(row, document), row.effect or "")
                    for row in rows
                ),
                figures=True,
            )
        )
        total = sums.get(rows[0].measure)
        if total is not None:
            blocks.append(
                Paragraph(f"Added together: {counted(total, rows[0].singular, rows[0].plural)}, as counted above.")
            )
    stated = statements_on_records(document, {each.record.get("id") for each in document.records})
    if stated:
        blocks.append(Items(stated))
    return Section("The records behind the lines", tuple(blocks))


def _became(row: Evidence, document: Explanation) -> str:
    """Return whether a record counted, or what left it out."""
    correction = next((each for each in document.corrections if each.record == row.record.get("id")), None)
    match row.fate:
        case "counted":
            return "counted" if correction is None else "counted, as corrected"
        case "voided":
            return "struck out" if correction is None else struck_out(correction)
        case "excluded":
            return f"left out: {row.title or readable(row.name)}"
        case "window":
            return "too old"
        case "keep":
            return "over the limit"
        case "total":
            return "over the total"
        case "repeated":
            return "another one of the same counts"
        case _:
            assert_never(row.fate)


def missing_section(document: Explanation) -> Section:
    """Return what is not known about the person, and what does not apply, as two different things."""
    titles = {each.rule: each.title for each in document.lines}
    told: list[str] = []
    for each in document.missing:
        name = quoted(each.title if each.title is not None else readable(each.name))
        readers = [quoted(titles[rule]) for rule in each.rules if rule in titles]
        used = f" Used by: {listed(readers)}." if readers else ""
        state = "does not apply to you" if each.state == "not applicable" else "not known"
        told.append(f"{name}: {state}.{used}")
    if not told:
        return Section("What is not known", ())
    first = Paragraph("None of these was counted as zero unless its rule says so above.")
    return Section("What is not known", (first, Items(tuple(told))))
