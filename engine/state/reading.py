"""Takes a rulebook and a mapping; gives how they read records, as a text, and in words how two such texts differ.

What a state has kept is right for every rulebook that reads records in the same way, whatever it makes of them.
"""

from __future__ import annotations

import json
from typing import assert_never

from tallystick.engine.canonical_json import canonical
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.reading import record_fields
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, YesNoType


def reading_of(rulebook: Rulebook, mapping: Mapping) -> str:
    """Return how records are read: each field's column and type, and what becomes of kinds.

    Which kinds are listed is no part of it: one that is not listed is read as it is.
    """
    fields = {
        each.name: {"column": mapping.column(each), "optional": each.optional, "type": _type(each)}
        for each in record_fields(rulebook)
    }
    order = [each.name for each in record_fields(rulebook)]
    document = {"fields": fields, "kinds": mapping.kinds, "order": order, "skip": sorted(mapping.skip)}
    return canonical(document).decode()


def read_otherwise(kept: str, now: str) -> tuple[str, ...]:
    """Say what is read otherwise."""
    before, after = json.loads(kept), json.loads(now)
    words: list[str] = []
    for name in dict.fromkeys((*before["order"], *after["order"])):
        was, is_ = before["fields"].get(name), after["fields"].get(name)
        if was is None:
            words.append(f"`{name}` is read now, and was not")
        elif is_ is None:
            words.append(f"`{name}` was read, and is not any more")
        elif was["column"] != is_["column"]:
            words.append(f"`{name}` was read from the column `{was['column']}`, and is now from `{is_['column']}`")
        elif was != is_:
            words.append(f"`{name}` is declared otherwise")
    if before["kinds"] != after["kinds"] or before["skip"] != after["skip"]:
        words.append("the mapping calls kinds otherwise, or skips others")
    return tuple(words) or ("its fields stand in another order",)


def _type(field: Field) -> str:
    match field.type:
        case TextType():
            return "text"
        case YesNoType():
            return "yes/no"
        case OneOfType(values=values):
            return "kind" if field.name == "kind" else f"one of {json.dumps(values, ensure_ascii=False)}"
        case DateType():
            return "date"
        case TimeType(zone=zone):
            return f"time {zone or ''}".rstrip()
        case NumberType(low=low, high=high, places=places):
            return f"number {low:f} to {high:f} with {places} places"
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)
