"""Takes nothing; names the facts of a measure: what counted, what each step took, and what is not known."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import field

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact
from tallystick.explain.tree.nodes import Node, ValueType

MeasureState = Literal["value", "missing", "not applicable"]


How = Literal[
    "count", "distinct", "sum", "sum by kind", "average", "highest", "lowest", "latest", "days", "h index", "formula"
]
"""How a measure is taken."""


class NotCounted(Fact, frozen=True, kw_only=True):
    """Records of this person that a stage left out, with the declaration that did and why it exists."""

    reason: Literal["voided", "not yet", "excluded", "outside window", "limit", "unused"]
    name: str | None
    title: str | None
    because: str | None
    records: int


class Absence(Fact, frozen=True, kw_only=True):
    """Days on which the person was away, both ends taken in, none later than the as-of day. None of them overlap."""

    first: date = field(name="from")
    last: date = field(name="to")
    days: int


class Step(Fact, frozen=True, kw_only=True):
    """What one step left out of a measure. ``value`` is what that took from the measure, None where it has no meaning.

    ``title`` and ``because`` are those of the exclusion or discount, or of the parameter that sets the limit or
    duration. ``fading`` is what would have faded without any absence; ``paused`` is what the ``absences`` gave back of
    it, so it takes less than nothing. ``except_pauses``: this fading stops while the person is away.
    """

    step: Literal["excluded", "window", "discount", "dilution", "keep", "total", "fading", "paused"]
    name: str | None
    title: str | None
    because: str | None
    records: int
    value: Digits | None
    about: Digits | None
    percent: Digits | None = None
    limit: Digits | None = None
    per: tuple[str, ...] = ()
    period: Literal["day", "week", "month"] | None = None
    days: Digits | None = None
    except_pauses: bool = False
    absences: tuple[Absence, ...] = ()


class Given(Fact, frozen=True, kw_only=True):
    """What was read about the person: an attribute, with its value or None for missing."""

    attribute: str
    title: str | None
    type: ValueType
    value: str | None


class EachRecord(Fact, frozen=True, kw_only=True):
    """What a record of these kinds counts, before any step: not worked out, because it is told of no single record, and
    what its actor earned is a figure of others."""

    kinds: tuple[str, ...]
    value: Node


class Measured(Fact, frozen=True, kw_only=True):
    """A measure, as it came out for this person.

    ``before``: what the records that count add up to before any step takes from their value (None where records have
    no value of their
    own); ``before`` less the ``value`` of all steps but ``excluded`` and ``window`` is ``value``. ``parts``: the
    measures that a formula reads. ``only`` and ``each``: which records are taken, and what each counts, where it is
    more than a field. ``unreached``: the limits that took nothing, because nothing went over them, and a dilution that
    took nothing.
    """

    measure: str
    singular: str
    plural: str
    because: str | None
    how: How
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    given: bool
    within_days: Digits | None
    state: MeasureState
    value: Digits | None
    about: Digits | None
    records: int | None
    before: Digits | None
    before_about: Digits | None
    steps: tuple[Step, ...]
    condition: Node | None
    working: Node | None
    parts: tuple[Measured, ...]
    inputs: tuple[Given, ...]
    only: Node | None = None
    each: tuple[EachRecord, ...] = ()
    unreached: tuple[Step, ...] = ()


class MissingValue(Fact, frozen=True, kw_only=True):
    """Something that a rule or requirement looked at and that has no value, and why."""

    name: str
    kind: Literal["attribute", "measure"]
    title: str | None
    state: Literal["missing", "not applicable"]
    rules: tuple[str, ...]
