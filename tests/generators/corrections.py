"""Takes the accepted rows of records and a source of chance; gives corrections of some: voids, and replacements of any
field by a value that another record has there, so that it fits."""

from __future__ import annotations

from random import Random

from generators.expression_text import chance

from tallystick.engine.corrections import Correction
from tallystick.engine.intake.reading import Row, record_fields
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import OneOfType, Scalar


def corrections_of(rulebook: Rulebook, rows: tuple[Row, ...], rng: Random) -> tuple[Correction, ...]:
    """Make corrections in most cases whose records have an id, each of another record."""
    fields = record_fields(rulebook)
    places = {field.name: place for place, field in enumerate(fields)}
    if "id" not in places or not rows or chance(rng, 0.3):
        return ()
    named = [row for row in rows if row[places["id"]] is not None]
    chosen = rng.sample(named, min(len(named), rng.randint(1, max(1, len(named) // 4))))
    return tuple(_correction(row, fields, rows, rng) for row in chosen)


def _correction(row: Row, fields: tuple[Field, ...], rows: tuple[Row, ...], rng: Random) -> Correction:
    names = [field.name for field in fields]
    record = row[names.index("id")]
    assert record is not None
    values: dict[str, Scalar | None] = {}
    others = [place for place, name in enumerate(names) if name != "id"]
    for place in rng.sample(others, rng.randint(1, len(others))):
        value = None if fields[place].optional and chance(rng, 0.3) else rng.choice(rows)[place]
        kinds = fields[place].type
        listed = not isinstance(kinds, OneOfType) or value is None or value in kinds.values
        if listed and value != row[place]:
            values[names[place]] = value
    if not values or chance(rng, 0.4):
        return Correction(record, "void")
    return Correction(record, "replace", tuple(values.items()))
