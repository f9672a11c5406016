"""Takes the accepted rows of records and the corrections of some; gives the rows that stand and those struck out, all
or those of one value of the field that the score is by."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from tallystick.engine.corrections import Correction
from tallystick.engine.intake.reading import Row, record_fields
from tallystick.rules.rulebook import Rulebook


class Corrected(Struct, frozen=True):
    """The rows that everything after reads, those that nothing sees, and how many of these have another in their
    place."""

    standing: tuple[Row, ...]
    voided: tuple[Row, ...]
    replaced: int


def corrected(rulebook: Rulebook, rows: tuple[Row, ...], corrections: Iterable[Correction]) -> Corrected:
    """Apply corrections, each of another record that is there."""
    names = [field.name for field in record_fields(rulebook)]
    by_id = {each.record: each for each in corrections}
    if not by_id:
        return Corrected(rows, (), 0)
    standing: list[Row] = []
    voided: list[Row] = []
    instead: list[Row] = []
    for row in rows:
        name = row[names.index("id")]
        correction = None if name is None else by_id.get(name)
        if correction is None:
            standing.append(row)
            continue
        voided.append(row)
        if correction.action == "replace":
            values = dict(zip(names, row, strict=True)) | dict(correction.values)
            instead.append(tuple(values[name] for name in names))
    return Corrected((*standing, *instead), tuple(voided), len(instead))


def of_value(rulebook: Rulebook, rows: Corrected, value: str) -> Corrected:
    """Keep the rows whose field that the score is by has a value, after corrections: one may have another value by its
    correction. None of them is told as replaced, since what stands in its place may be of another value."""
    place = [field.name for field in record_fields(rulebook)].index(rulebook.score.by or "")
    standing, voided = (tuple(row for row in side if row[place] == value) for side in (rows.standing, rows.voided))
    return Corrected(standing, voided, 0)
