"""Takes what a run came to; gives the page for auditors: counts, how the scores lie, rejected rows and the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.explain.page import Amount, Bar, Block, Chart, Code, Column, Grid, Items, Page, Paragraph, Section
from tallystick.explain.plain import counted, quoted
from tallystick.explain.site.documents import RunDocument, ScoresOfValue
from tallystick.explain.summary_document import Summary, ValueCount

MOST_REJECTED = 500
"""So many rejected rows are shown; the run's own list has all."""


def run_page(document: RunDocument) -> Page:
    """Return the page."""
    rulebook = document.receipt.rulebook
    sections = (
        Section("", (_about(document),)),
        Section("Who has a score", tuple(_people(document.summary))),
        Section("How the scores lie", tuple(_scores(document))),
        Section("What became of the rows", tuple(_rows(document.summary))),
        Section("Rows that could not be read", tuple(_rejected(document))),
        Section("Each rule's part", tuple(_rules(document.summary))),
        Section("Receipt", tuple(_receipt(document))),
    )
    title = f"The run of {quoted(rulebook.name)} {rulebook.version} as of {document.as_of.isoformat()}"
    return Page(title, tuple(each for each in sections if each.blocks))


def _about(document: RunDocument) -> Paragraph:
    counts = document.summary
    if counts.by is not None:
        results = sum(each.people for each in counts.values)
        return Paragraph(
            f"{counted(str(counts.people), 'person', 'people')} with {results} results by {quoted(counts.by)}, "
            f"of which {counts.scored} are scores. This page is for auditors: it shows rows that could not be read as "
            "they stand in the data."
        )
    return Paragraph(
        f"{counted(str(counts.people), 'person', 'people')}, of whom {counts.scored} have a score. This page is for "
        "auditors: it shows rows that could not be read as they stand in the data."
    )


def _people(found: Summary) -> Iterator[Block]:
    """Yield how many are in each band, and how many have no score and why: all people, once; by a field, once for each
    value."""
    if found.by is None:
        yield _counts("", found)
    for each in found.values:
        yield _counts(each.value, each)


def _counts(label: str, found: Summary | ValueCount) -> Column:
    rows = [Amount("in no band" if each.title is None else each.title, str(each.people)) for each in found.bands] or [
        Amount("with a score", str(found.scored))
    ]
    rows += [Amount(f"{each.outcome}: {each.words}", str(each.people)) for each in found.without]
    return Column(label, "people", (*rows, Amount("people", str(found.people), kind="total")))


def _scores(document: RunDocument) -> Iterator[Block]:
    """Yield the distribution."""
    yield from _lie("score", document)
    for each in document.values:
        yield from _lie(f"score in {each.value}", each)


def _lie(label: str, found: RunDocument | ScoresOfValue) -> Iterator[Block]:
    if found.scores:
        bars = tuple(
            Bar(f"{each.least} to under {each.below}", str(each.people), Decimal(each.people)) for each in found.scores
        )
        yield Chart(label, "people", bars)
    if found.middle is not None:
        low, high = found.middle.low, found.middle.high
        yield Paragraph(f"The middle half {f'all have {low}' if low == high else f'have from {low} to {high}'}.")


def _rows(found: Summary) -> Iterator[Block]:
    """Yield what became of the rows of records and of those about people."""
    if not found.attributes_alone:
        yield _of_records(found)
    if found.subject_rows:
        yield Paragraph(
            f"Rows about people: {found.subject_rows}, of which {found.subject_rejected} could not be read."
        )
    if found.pause_rows:
        yield Paragraph(f"Rows of pauses: {found.pause_rows}, of which {found.pause_rejected} could not be read.")


def _of_records(found: Summary) -> Column:
    """Return what became of the rows of records."""
    told = [
        (found.rejected, "could not be read"),
        (found.skipped, "skipped by the mapping"),
        (found.copies, "copies of another row"),
        (found.not_admitted, "about people without a result: not admitted, or not known by that day"),
        (found.voided, "struck out by a correction"),
        (found.not_yet, "later than the day of the score"),
        (found.unused, "of no use to any rule"),
    ]
    rows = tuple(Amount(what, str(number)) for number, what in told if number)
    left = found.rows + found.replaced - sum(number for number, _ in told) - found.replaced
    return Column(
        "",
        "rows",
        (
            *rows,
            Amount("about people who were admitted, up to the day of the score", str(left)),
            Amount("rows of records", str(found.rows), kind="total"),
        ),
    )


def _rejected(document: RunDocument) -> Iterator[Block]:
    """Yield the rows that could not be read."""
    if not document.rejected:
        yield Paragraph("There are none.")
        return
    shown = document.rejected[:MOST_REJECTED]
    yield Grid(
        ("file", "line", "field", "reason", "value"),
        tuple((each.file, str(each.line), each.field or "(the row)", each.reason, each.value) for each in shown),
    )
    if len(document.rejected) > len(shown):
        yield Paragraph(
            f"These are the first {len(shown)} of {len(document.rejected)}. All are in the data of this page."
        )


def _rules(found: Summary) -> Iterator[Block]:
    """Yield each rule's part of all points given or taken."""
    if any(each.percent is not None for each in found.rules):
        yield Chart(
            "rule",
            "percent",
            tuple(
                Bar(each.title, "-" if each.percent is None else each.percent, Decimal(each.percent or 0))
                for each in found.rules
            ),
        )


def _receipt(document: RunDocument) -> Iterator[Block]:
    """Yield what the run was made of, and how to make it again."""
    receipt = document.receipt
    yield Grid(
        ("what", "name", "SHA-256"),
        (
            ("rules", f"{receipt.rulebook.name} {receipt.rulebook.version}", receipt.rulebook.sha256),
            *((each.role, f"{each.name} ({each.rows} rows)", each.sha256 or "not a file") for each in receipt.inputs),
            ("all scores", f"{receipt.engine.name} {receipt.engine.version}", receipt.ledger_digest),
        ),
    )
    made = receipt.computed_at.strftime("%Y-%m-%d %H:%M:%S")
    yield Items((f"Made at {made} UTC with DuckDB {receipt.engine.duckdb}.",))
    yield Paragraph("With the folder of the run, this makes it again and compares:")
    yield Code("tally verify RUN")
