"""Takes nothing; names the parts of the document that answers what if: what was supposed, before, after, and why."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import AdjustmentKind, ByValue, Outcome, Part, UnmetNeed
from tallystick.explain.tree.nodes import ValueType
from tallystick.explain.tree.origins import FieldType


class Supposed(Part):
    """Something that was supposed. ``record``: the values of a record imagined or left out, by field, as they stand in
    the data; ``types``: what those of each field are; ``made_up``: nobody gave its id. ``value of that day``: a
    parameter that has another value on the other day, by the same rules. ``type``: of an
    attribute's or a parameter's value; a duration is in days, and a number that the rulebook has in percent has its
    sign."""

    what: Literal[
        "a record more",
        "a record less",
        "another day",
        "value of that day",
        "another value",
        "another attribute",
        "another rulebook",
    ]
    name: str | None
    title: str | None
    before: str | None
    after: str | None
    record: dict[str, str | None] | None = None
    types: dict[str, FieldType] | None = Field(default=None, exclude_if=lambda of: of is None)
    type: ValueType | None = Field(default=None, exclude_if=lambda of: of is None)
    made_up: bool = Field(default=False, exclude_if=lambda of: not of)


class Result(Part):
    """A person's result: the one that is, or the one that would be. ``outcome`` None: nobody of that name is scored.

    ``words`` are those of the requirement that is not met; ``missing`` are the needs of bands that are not met.
    """

    outcome: Outcome | None
    score: Digits | None
    band: str | None
    band_title: str | None
    requirement: str | None
    words: str | None
    as_of: date
    rulebook: str
    version: str
    sha256: str
    missing: tuple[UnmetNeed, ...] = ()


class Moved(Part):
    """By how much one place moves: a rule's points, or a cap, floor, division or rounding of a facet or the score."""

    place: Literal["rule", "facet", "score"]
    name: str | None
    title: str | None
    kind: AdjustmentKind | None
    before: Digits | None
    after: Digits | None
    points: Digits


class MeasureMoved(Part):
    """A measure that comes out otherwise; None where it has no value."""

    measure: str
    singular: str
    plural: str
    before: Digits | None
    before_about: Digits | None
    after: Digits | None
    after_about: Digits | None


class WhatIf(Part):
    """What a person's result would be if something were so. INVARIANT: ``parts`` add up to after less before.

    There are ``parts`` and ``points`` only where there is a score before and after. Nothing is changed by asking.
    ``band_alone``: there are no rules, so that not the score of nothing is the result but the band.
    """

    schema_name: Literal["tallystick.whatif/1"] = Field(
        default="tallystick.whatif/1", serialization_alias="schema", validation_alias="schema"
    )
    subject: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    title: str
    band_alone: bool = Field(default=False, exclude_if=lambda alone: not alone)
    supposed: tuple[Supposed, ...]
    before: Result
    after: Result
    points: Digits | None
    parts: tuple[Moved, ...]
    measures: tuple[MeasureMoved, ...]
    notices: tuple[str, ...]
