"""Takes the account of records read from elsewhere; gives it as the document ``tallystick.reading/1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from pydantic import Field

from tallystick.engine.gathering.gather import Account
from tallystick.explain.part import Part

_Name = TypeVar("_Name")


class Counted(Part):
    """So many rows of one sort."""

    name: str
    rows: int


class RejectedFor(Part):
    """So many rows that could not be read for one reason."""

    field: str | None = Field(description="The field at fault; null: the whole row.")
    reason: str
    rows: int


class Reading(Part):
    """What became of every row of a source: ``rows`` is the sum of ``written``, skipped, left out and rejected."""

    schema_name: Literal["tallystick.reading/1"] = Field(default="tallystick.reading/1", alias="schema")
    source: tuple[str, ...] = Field(description="What was read: a repository, or files in their order.")
    mapping: str
    records: str = Field(description="The file that was written.")
    fields: tuple[str, ...]
    rows: int
    written: int
    kinds: tuple[Counted, ...] = Field(description="Records written, by kind.")
    skipped: tuple[Counted, ...] = Field(description="Rows of kinds that the mapping skips, by the source's kind.")
    left_out: tuple[Counted, ...] = Field(description="Rows that are never read, by reason.")
    rejected: tuple[RejectedFor, ...]
    rejected_file: str | None = Field(description="Where each rejected row stands with its place; null: there is none.")


def reading_document(account: Account, *, mapping: str, records: str, rejected: str) -> Reading:
    """Return the account as a document; ``rejected`` is the file of rejected rows, if there are any."""
    return Reading(
        source=account.files,
        mapping=mapping,
        records=records,
        fields=account.fields,
        rows=account.rows,
        written=account.written,
        kinds=_counted(account.kinds),
        skipped=_counted(account.skipped),
        left_out=_counted(account.left_out),
        rejected=tuple(
            RejectedFor(field=field or None, reason=reason, rows=rows)
            for (field, reason), rows in _by_number(account.rejected)
        ),
        rejected_file=rejected if account.rejected else None,
    )


def _counted(found: Mapping[str, int]) -> tuple[Counted, ...]:
    return tuple(Counted(name=name, rows=rows) for name, rows in _by_number(found))


def _by_number(found: Mapping[_Name, int]) -> list[tuple[_Name, int]]:
    """Return counts, the greatest first; equal ones in the order in which they stand."""
    return sorted(found.items(), key=lambda each: -each[1])
