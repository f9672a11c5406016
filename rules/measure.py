"""Takes nothing; names what a measure of a checked rulebook can be: what it takes of which records, and its limits."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tallystick.rules.expression import Constant, Expr
from tallystick.rules.placed import Placed
from tallystick.rules.source import NOWHERE, Span
from tallystick.rules.value import NumberType

Period = Literal["day", "week", "month"]


class Count(Struct, frozen=True):
    """How many records of the kinds; each has the value 1 before discounts, limits and fading."""

    kinds: tuple[str, ...]
    given: bool


class Distinct(Struct, frozen=True):
    """How many different (combinations of) values; each counts the highest factor among its records."""

    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    given: bool


class SumOf(Struct, frozen=True):
    """The sum of an expression over the records of the kinds."""

    value: Expr
    kinds: tuple[str, ...]
    given: bool


class SumByKind(Struct, frozen=True):
    """The sum of a value that depends on the record's kind."""

    values: tuple[tuple[str, Expr], ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds read, in the order written."""
        return tuple(kind for kind, _ in self.values)

    @property
    def given(self) -> bool:
        """Never: the form has no ``given``."""
        return False


class Pick(Struct, frozen=True):
    """The average (rounded to 9 places), highest, lowest or latest value (at one moment, the greatest)."""

    how: Literal["average", "highest", "lowest", "latest"]
    value: Expr
    kinds: tuple[str, ...]
    given: bool


class DaysOf(Struct, frozen=True):
    """How many calendar days have any record of the kinds."""

    kinds: tuple[str, ...]
    given: bool


class HIndex(Struct, frozen=True):
    """The largest h such that h values of the field have h records each, at least."""

    field: str
    kinds: tuple[str, ...]
    given: bool


class Formula(Struct, frozen=True):
    """A number worked out from measures, attributes and parameters."""

    value: Expr


RecordAggregate = Count | Distinct | SumOf | SumByKind | Pick | DaysOf | HIndex
Aggregate = RecordAggregate | Formula


class Keep(Struct, frozen=True):
    """At most ``limit`` records (a whole number) for each combination of ``fields`` and period, highest values first,
    of equal ones the latest day."""

    limit: Constant
    fields: tuple[str, ...]
    period: Period | None


class Total(Struct, frozen=True):
    """At most ``limit`` for the sum of a period. Records with a negative value always count; the others are taken
    highest first, of equal ones the latest day, until the net reaches ``limit``; the one that crosses is cut to what
    is left."""

    limit: Constant
    period: Period


class Measure(Placed, frozen=True):
    """A number for each person scored. The order of working is: ``when``, ``within`` (days), discounts, ``diluted``,
    ``keep``, ``total``, ``halving`` (days), aggregate. ``except_pauses``: a record does not fade on the days of its
    person's pauses. ``optional``: it can be missing or not applicable."""

    name: str
    singular: str
    plural: str
    aggregate: Aggregate
    when: Expr | None
    within: Constant | None
    diluted: bool
    keep: Keep | None
    total: Total | None
    halving: Constant | None
    except_pauses: bool
    because: str | None
    type: NumberType
    optional: bool
    span: Span = NOWHERE
