"""Takes a rulebook, or its score's title, and a value of the field that the score is by; gives what a document says of
it, and the title with it."""

from __future__ import annotations

from tallystick.explain.part import ByValue
from tallystick.rules.questions.by import field_by
from tallystick.rules.rulebook import Rulebook


def by_value(rulebook: Rulebook, value: str | None) -> ByValue | None:
    """Return of which value a result is; None where the score is by no field."""
    field = field_by(rulebook)
    return None if field is None or value is None else ByValue(field=field.name, title=field.title, value=value)


def title_of(rulebook: Rulebook, value: str | None) -> str:
    """Return the title of a score, with the value that it is of where it is by a field."""
    return rulebook.score.title if value is None else titled(rulebook.score.title, value)


def titled(title: str, value: str) -> str:
    """Return a score's title with the value that it is of, the same wherever it is named."""
    return f"{title} ({value})"
