"""Takes an author's own sentence for a rule and a person's values; gives the sentence with its placeholders filled."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.figures import about
from tallystick.explain.person.clocks import told
from tallystick.explain.person.operators import Value
from tallystick.explain.person.plans import RulebookPlan
from tallystick.explain.person.values import Person

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def said(sentence: str, person: Person, plan: RulebookPlan) -> str:
    """Return the sentence with each ``{name}`` replaced by the person's own measure, attribute or a parameter."""
    return _PLACEHOLDER.sub(lambda found: _figure(_value(found[1], person, plan)), sentence)


def names_in(sentence: str) -> tuple[str, ...]:
    """Return the names of the placeholders."""
    return tuple(_PLACEHOLDER.findall(sentence))


def _value(name: str, person: Person, plan: RulebookPlan) -> Value:
    """Return what a placeholder names."""
    if name in plan.measures:
        return person.measure(name)
    if name in plan.parameters:
        return plan.parameters[name].value.value
    return person.attribute(name) if name in plan.attributes else None


def _figure(value: Value) -> str:
    """Return a value as it is read out."""
    match value:
        case None:
            return "unknown"
        case Decimal():
            short = about(value)
            return text_of(value) if short is None else f"about {short}"
        case str() | bool() | datetime() | date():
            return told(value) or ""
        case _:
            assert_never(value)
