"""Takes an explanation; gives it as the person scored may see it: without the names of others."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.explain.document import Explanation, FieldChange, Withheld

_NAMES = ("subject", "actor")
"""The fields that hold people's names."""
_BECAUSE = "They name other people, whose page this is not. What each record added is shown all the same."


def for_subject(document: Explanation) -> Explanation:
    """Return the document without other people's names in its records; ``withheld`` says how many that are."""
    found: dict[str, None] = {}
    touched = 0

    def hidden(record: Mapping[str, str | None]) -> dict[str, str | None]:
        nonlocal touched
        others = [each for each in _NAMES if record.get(each) not in (None, document.subject)]
        if not others:
            return dict(record)
        touched += 1
        found.update(dict.fromkeys(others))
        return {**record, **dict.fromkeys(others)}

    records = tuple(each.model_copy(update={"record": hidden(each.record)}) for each in document.records)

    def shown(change: FieldChange) -> bool:
        nonlocal touched
        if change.field not in _NAMES or {change.before, change.after} <= {None, document.subject}:
            return True
        touched += 1
        found[change.field] = None
        return False

    corrections = tuple(
        each.model_copy(
            update={"was": hidden(each.was), "changes": tuple(change for change in each.changes if shown(change))}
        )
        for each in document.corrections
    )
    if not touched:
        return document
    withheld = Withheld(fields=tuple(found), records=touched, because=_BECAUSE)
    return document.model_copy(
        update={"records": records, "corrections": corrections, "withheld": (*document.withheld, withheld)}
    )
