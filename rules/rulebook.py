"""Takes nothing; names what a checked rulebook is made of, from the fields that are read to its examples.

Only ``check`` makes these. Whoever holds a ``Rulebook`` may rely on what the checker proved: names exist, types fit,
divisors are not zero, and a value is missing only where ``Expr.optional`` says that it may be.
Spans never count when two rulebooks are compared, so equality is equality of meaning and order.
"""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from msgspec import Struct

from tallystick.rules.expression import Constant, Expr
from tallystick.rules.measure import Measure
from tallystick.rules.placed import Placed
from tallystick.rules.rule import Facet, Rule
from tallystick.rules.source import NOWHERE, Source, Span
from tallystick.rules.value import OneOfType, Type

# ---- what is read ------------------------------------------------------------------------------------------------

ROLES = frozenset({"id", "subject", "actor", "kind", "at"})
"""The fields whose names are their meaning."""


class Field(Placed, frozen=True):
    """A field of a record, or an attribute: read from ``column`` (its own name unless ``from`` said otherwise).

    ``private``: whose value only those may see whom it is about alone, and the auditor.
    """

    name: str
    column: str
    type: Type
    optional: bool
    title: str | None
    span: Span = NOWHERE
    private: bool = False


class DatedValue(Placed, frozen=True):
    """The value that a parameter has from a day on."""

    start: date
    value: Constant
    because: str
    span: Span = NOWHERE


class Parameter(Placed, frozen=True):
    """A named constant: a number or a duration (in days). ``value`` is the one in force; ``dated`` are those that come
    on a day, the earliest first."""

    name: str
    value: Constant
    title: str
    because: str | None
    dated: tuple[DatedValue, ...] = ()
    span: Span = NOWHERE


# ---- who and what counts -----------------------------------------------------------------------------------------


class Require(Placed, frozen=True):
    """Who gets a score. ``reads_measures``: judged after measuring; else before any record is looked at."""

    name: str
    title: str
    when: Expr
    outcome: Literal["no score", "insufficient data"]
    words: str
    because: str | None
    reads_measures: bool
    span: Span = NOWHERE


class Exclude(Placed, frozen=True):
    """Records that never count: those for which ``when`` holds and, with ``repeats``, that are not the first of
    theirs."""

    name: str
    title: str
    when: Expr | None
    repeats: tuple[str, ...] | None
    because: str | None
    span: Span = NOWHERE


class Discount(Placed, frozen=True):
    """Records that count ``to`` a share (0 to 1) of their value. ``when`` of None: every record."""

    name: str
    title: str
    to: Constant
    when: Expr | None
    because: str | None
    span: Span = NOWHERE


# ---- the score ---------------------------------------------------------------------------------------------------


class Score(Placed, frozen=True):
    """How lines become the score. ``out_of`` None: their sum; else the mean by weight out of that.

    ``places``: of the printed score; None: 9, printed shortest. ``line_places``: 9 unless said (under a sum,
    ``places``). ``reasons``: how many principal reasons are told at most, each way; None: four. ``by``: the field of
    records for each of whose values a person has a score of its own.
    """

    title: str
    out_of: Constant | None
    at_most: Constant | None
    at_least: Constant | None
    places: int | None
    line_places: int
    reasons: int | None
    by: str | None = None
    span: Span = NOWHERE


class Need(Placed, frozen=True):
    """A condition of a band, and the words for what it asks."""

    when: Expr
    words: str
    span: Span = NOWHERE


class Band(Placed, frozen=True):
    """A named stretch of the scale that begins at ``start``; where that is None, a level that is reached when all its
    ``needs`` are met. A rulebook's bands are all of the one sort or all of the other."""

    name: str
    title: str
    start: Decimal | None
    needs: tuple[Need, ...] = ()
    span: Span = NOWHERE


# ---- promises ----------------------------------------------------------------------------------------------------


class Claim(Placed, frozen=True):
    """One thing that is promised of every score, whatever the records: a pair of results cannot differ by more.

    ``amount``: the most points, in all forms but ``never falls with``. ``days``: of silence. ``kinds``: of the record
    that comes on the as-of day, in ``never falls with``. A pair of which either has no score is no move.
    """

    form: Literal["one actor moves", "own actions give", "silence costs", "never falls with"]
    amount: Constant | None
    days: int | None
    kinds: tuple[str, ...]
    span: Span = NOWHERE


class Promise(Placed, frozen=True):
    """A public guarantee: its words, and what they come to. It takes part in no score."""

    text: str
    claims: tuple[Claim, ...]
    span: Span = NOWHERE


# ---- examples ----------------------------------------------------------------------------------------------------


class Grid(Struct, frozen=True):
    """Rows as read from a file: column names, and cells of which None is missing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


class Expectation(Placed, frozen=True):
    """What a person's result should be: a score (with the places written), a rule's points, a band, the requirement
    failed (``score`` when no rule applied), the rules that raised the score most, in order, or a higher score than
    that of the person ``name`` (``above``)."""

    form: Literal["score", "rule", "band", "no score", "insufficient data", "because", "above"]
    name: str | None = None
    value: Decimal | None = None
    names: tuple[str, ...] = ()
    span: Span = NOWHERE


class Expect(Placed, frozen=True):
    """A person's expected result; ``by``: for which value of the score's ``by``."""

    subject: str
    lines: tuple[Expectation, ...]
    by: str | None = None
    span: Span = NOWHERE


class Example(Placed, frozen=True):
    """Records in, results out; run by ``tally test``. A grid's columns are field names, never ``from`` columns."""

    title: str
    as_of: date
    subjects: Grid | None
    records: Grid | None
    expects: tuple[Expect, ...]
    span: Span = NOWHERE


# ---- the whole ---------------------------------------------------------------------------------------------------

Kind = Literal[
    "rulebook",
    "records",
    "subjects",
    "field",
    "attribute",
    "parameter",
    "require",
    "exclude",
    "discount",
    "measure",
    "facet",
    "rule",
    "score",
    "band",
    "promise",
    "example",
]
"""What can be declared, the rulebook's own head among it."""


class Rulebook(Placed, frozen=True):
    """The whole definition of a score.

    ``noise``: a change of the score by fewer points than that is called no meaningful change; it changes no number.
    ``records`` or ``subjects`` of None: not declared. Rules are in the order of the text, facets too. ``text`` is the
    canonical layout (what ``tally fmt`` prints, comments left out), whose SHA-256 the receipt holds.
    """

    BESIDE: ClassVar = frozenset({"text", "source", "epochs"})

    name: str
    version: str
    owner: str | None
    contact: str | None
    purpose: str | None
    measures_what: str | None
    not_for: str | None
    origin: str | None
    effective: date | None
    noise: Decimal | None
    time_zone: str
    records: tuple[Field, ...] | None
    subjects: tuple[Field, ...] | None
    parameters: tuple[Parameter, ...]
    requires: tuple[Require, ...]
    excludes: tuple[Exclude, ...]
    discounts: tuple[Discount, ...]
    measures: tuple[Measure, ...]
    facets: tuple[Facet, ...]
    rules: tuple[Rule, ...]
    score: Score
    bands: tuple[Band, ...]
    promises: tuple[Promise, ...]
    examples: tuple[Example, ...]
    text: str
    source: Source
    epochs: tuple[tuple[date, Rulebook], ...] = ()
    """Where parameters have dated values: from which day on which rulebook is in force, each without epochs of its own.
    The first begins with the calendar. ``epochs.on_day`` picks."""

    @property
    def sha256(self) -> str:
        """The digest by which these rules are known: of the canonical text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The declared kinds of record, in the order written."""
        for each in self.records or ():
            if each.name == "kind" and isinstance(each.type, OneOfType):
                return each.type.values
        return ()
