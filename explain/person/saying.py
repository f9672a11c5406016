"""Takes an author's own sentence for a rule and a person's values; gives the sentence with its placeholders filled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.figures import about
from tallystick.explain.person.clocks import told
from tallystick.explain.person.operators import Value
from tallystick.explain.person.plans import RulebookPlan
from tallystick.explain.person.values import Person
from tallystick.explain.plain import figure
from tallystick.explain.tongue import FOREIGN, say, speaking, spoken
from tallystick.explain.words.nodes import written
from tallystick.rules.rule import PLACEHOLDER


def said(sentence: str, person: Person, plan: RulebookPlan) -> str:
    """Return the sentence with each ``{name}`` replaced by the person's own measure, attribute or a parameter."""
    # A sentence that nobody has translated is not filled with words of another language.
    with speaking(None if FOREIGN in sentence else spoken()):
        return PLACEHOLDER.sub(lambda found: _figure(_value(found[1], person, plan)), sentence)


def names_in(sentence: str) -> tuple[str, ...]:
    """Return the names of the placeholders."""
    return tuple(PLACEHOLDER.findall(sentence))


def _value(name: str, person: Person, plan: RulebookPlan) -> Value:
    """Return what a placeholder names."""
    if name in plan.measures:
        return person.measure(name)
    if name in plan.parameters:
        return plan.parameters[name].value.value
    return person.attribute(name) if name in plan.attributes else None


def _figure(value: Value) -> str:
    """Return a value as it is read out, in the language of the sentence."""
    match value:
        case None:
            return say("unknown")
        case bool():
            return written("yes/no", told(value) or "")
        case Decimal():
            return figure(text_of(value), about(value))
        case datetime():
            return written("time", told(value) or "")
        case date():
            return written("date", told(value) or "")
        case str():
            return written("text", value)
        case _:
            assert_never(value)
