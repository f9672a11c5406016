"""Takes nothing; names the program from which a calculator works out points and scores: the rules as a closed set of
operators."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import Part

CalculatorOperator = Literal[
    "number",
    "text",
    "day",
    "yes/no",
    "attribute",
    "measure",
    "+",
    "-",
    "*",
    "/",
    "negative",
    "min",
    "max",
    "abs",
    "round",
    "floor",
    "ceiling",
    "sqrt",
    "ln",
    "log10",
    "exp",
    "erfc",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "is missing",
    "and",
    "or",
    "not",
    "or else",
    "if",
    "days since",
    "years since",
    "days from",
    "starts with",
    "ends with",
    "contains",
    "starts with, ignoring case",
    "ends with, ignoring case",
    "contains, ignoring case",
]
"""The first four are what ``value`` says, ``attribute`` and ``measure`` what it names; the others work with ``of``."""


class Calculation(Part):
    """A step: ``op`` applied to the values of ``of``, in their order, as the language has it."""

    op: CalculatorOperator
    value: str | None = None
    of: tuple[Calculation, ...] | None = None


class CalculatorInput(Part):
    """What can be supposed: a measure of records or an attribute.

    ``from``, ``to`` and ``places``: which numbers there can be; ``values``: those of ``one of``. ``optional``: it can
    be missing.
    """

    name: str
    type: Literal["number", "text", "day", "yes/no", "one of"]
    low: Digits | None = Field(default=None, serialization_alias="from", validation_alias="from")
    high: Digits | None = Field(default=None, serialization_alias="to", validation_alias="to")
    places: int | None = None
    values: tuple[str, ...] | None = None
    optional: bool = False


class CalculatorMeasure(Part):
    """A measure that is worked out from others; missing where ``when`` is not met."""

    name: str
    when: Calculation | None = None
    value: Calculation


class CalculatorRequirement(Part):
    """What must hold for a score; the first that does not says why there is none."""

    name: str
    when: Calculation


class CalculatorRow(Part):
    """A row of a table: the values that it takes, and its points."""

    takes: Literal["range", "values", "missing", "otherwise"]
    low: Calculation | None = Field(default=None, serialization_alias="from", validation_alias="from")
    from_open: bool | None = None
    high: Calculation | None = Field(default=None, serialization_alias="to", validation_alias="to")
    to_open: bool | None = None
    values: tuple[Calculation, ...] | None = None
    points: Calculation


class CalculatorRule(Part):
    """A rule: with ``weight`` it is weight times level, with ``rows`` a table, else its ``value`` is its points."""

    name: str
    facet: str | None = None
    value: Calculation
    weight: Digits | None = None
    shape: Literal["linear", "square root", "logarithmic", "log normal"] | None = None
    full: Digits | None = None
    p10: Digits | None = None
    rows: tuple[CalculatorRow, ...] | None = None
    when: Calculation | None = None
    otherwise: Calculation | None = None
    at_least: Digits | None = None
    at_most: Digits | None = None


class CalculatorFacet(Part):
    """A facet with its bounds."""

    name: str
    at_least: Digits | None = None
    at_most: Digits | None = None


class CalculatorScore(Part):
    """How the lines become the score: their sum, or with ``out_of`` their mean by weight."""

    out_of: Digits | None = None
    at_least: Digits | None = None
    at_most: Digits | None = None
    places: int | None = None


class CalculatorBand(Part):
    """A band: reached from a score on, or where all needs are met."""

    name: str
    start: Digits | None = Field(default=None, serialization_alias="from", validation_alias="from")
    needs: tuple[Calculation, ...] | None = None


class Calculator(Part):
    """All that decides the points of one rule, or (with ``score``) a whole score, of given measures and attributes."""

    schema_name: Literal["tallystick.calculator/1"] = Field(
        default="tallystick.calculator/1", serialization_alias="schema", validation_alias="schema"
    )
    as_of: date
    inputs: tuple[CalculatorInput, ...]
    measures: tuple[CalculatorMeasure, ...]
    requires: tuple[CalculatorRequirement, ...]
    rules: tuple[CalculatorRule, ...]
    line_places: int
    facets: tuple[CalculatorFacet, ...] = ()
    score: CalculatorScore | None = None
    bands: tuple[CalculatorBand, ...] = ()
