"""Takes what a run came to; gives it as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.explain.harmless import harmless
from tallystick.explain.plain import counted, quoted
from tallystick.explain.summary_document import BandCount, Summary, WithoutScore


def summary_text(found: Summary) -> str:
    """Return the summary as lines for a terminal."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Summary) -> Iterable[str]:
    """Yield the summary's lines."""
    people = counted(str(found.people), "person", "people")
    if found.by is None:
        yield f"{people}: {found.scored} scored"
        yield from _counts(found.bands, found.without)
    else:
        results = counted(str(found.results), "result", "results")
        yield f"{people}, {results} by {quoted(found.by)}: {found.scored} scored"
        for each in found.values:
            yield f"{quoted(each.value)}: {counted(str(each.people), 'person', 'people')}, {each.scored} scored"
            yield from _counts(each.bands, each.without)
        if found.without_records:
            more = counted(str(found.without_records), "more person has", "more people have")
            yield f"{more} no record of any value, and so no result"
    if found.attributes_alone:
        yield f"{counted(str(found.subject_rows), 'row', 'rows')} about people read, {found.subject_rejected} rejected"
    else:
        yield f"{counted(str(found.rows), 'row', 'rows')} of records read, {found.rejected} rejected"
    for number, what in (
        (found.copies, "copies of another row"),
        (found.skipped, "skipped by the mapping"),
        (found.voided, "struck out by a correction"),
        (found.replaced, "replaced by a correction"),
        (found.not_admitted, "about people without a result: not admitted, or not known by that day"),
        (found.not_yet, "later than the day of the score"),
        (found.unused, "of no use to any rule, such as those of a kind that the rulebook does not list"),
    ):
        if number:
            yield f"  {number:>8}  {what}"
    if found.subject_rejected and not found.attributes_alone:
        yield f"{found.subject_rejected} of {found.subject_rows} rows of subjects rejected"
    if found.pause_rejected:
        yield f"{found.pause_rejected} of {found.pause_rows} rows of pauses rejected"
    if any(each.percent is not None for each in found.rules):
        yield "Each rule's part of all points given or taken:"
        for share in found.rules:
            yield f"  {share.percent or '-':>7}%  {harmless(share.title)} ({quoted(share.rule)})"


def _counts(bands: tuple[BandCount, ...], without: tuple[WithoutScore, ...]) -> Iterable[str]:
    for band in bands:
        name = "in no band" if band.title is None else harmless(band.title)
        yield f"  {band.people:>8}  {name}"
    for each in without:
        yield f"  {each.people:>8}  {each.outcome}: {harmless(each.words)}"
