"""Takes the document of records read from elsewhere; gives it as text for a person."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.gathering.document import Counted, Reading
from tallystick.explain.page import Amount, Column, Page, Paragraph, Section
from tallystick.explain.plain import quoted
from tallystick.explain.text import draw

_MOST = 12
"""So many kinds are named; the rest stand in one line, and all of them in the document."""


def reading_text(document: Reading) -> str:
    """Return the document as text: where every row went, in a column that adds up."""
    title = f"{document.written:,} records read into {document.records}"
    return draw(Page(title, (Section("", (_column(document), *_after(document))),)))


def _column(document: Reading) -> Column:
    rows = [
        *_part("written, by kind", document.kinds),
        *_part("of kinds that are skipped", document.skipped),
        *_part("left out", document.left_out),
        *_part(
            "not readable",
            tuple(
                Counted(
                    name=each.reason if each.field is None else f"{quoted(each.field)}: {each.reason}", rows=each.rows
                )
                for each in document.rejected
            ),
        ),
        Amount("rows in all", f"{document.rows:,}", kind="total"),
    ]
    return Column("What became of each row", "rows", tuple(rows))


def _part(heading: str, counted: tuple[Counted, ...]) -> Iterator[Amount]:
    """Give the rows of one outcome under their heading; nothing if there are none."""
    if not counted:
        return
    yield Amount(heading, None, kind="heading")
    for each in counted[:_MOST]:
        yield Amount(each.name, f"{each.rows:,}", depth=1)
    if len(counted) > _MOST:
        others = counted[_MOST:]
        heading = "1 other" if len(others) == 1 else f"{len(others):,} others"
        yield Amount(heading, f"{sum(each.rows for each in others):,}", depth=1)


def _after(document: Reading) -> Iterator[Paragraph]:
    if document.rejected_file is not None:
        yield Paragraph(f"Each row that could not be read stands in {document.rejected_file}, with its place and why.")
