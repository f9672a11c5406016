"""Takes nothing; names everything that a checked rulebook can say: resolved, typed, immutable.

Only ``check`` makes these. Whoever holds a ``Rulebook`` may rely on what the checker proved: names exist, types fit,
divisors are not zero, and a value is missing only where ``Expr.optional`` says that it may be.
Spans never count when two rulebooks are compared, so equality is equality of meaning and order.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from msgspec import Struct

from tallystick.rules.placed import Placed
from tallystick.rules.source import NOWHERE, Source, Span

Scalar = Decimal | str | bool | date | datetime
"""A value of a field, an attribute or an expression; a duration is its number of days. Missing is ``None``."""

Period = Literal["day", "week", "month"]
LIMIT = Decimal(10) ** 24
"""No working value leaves ±10²⁴."""
MOST_RECORDS = 10**12
"""No run takes in more records than this, so no count exceeds it."""


# ---- types -------------------------------------------------------------------------------------------------------


class TextType(Struct, frozen=True):
    """Any text, compared by code points."""


class YesNoType(Struct, frozen=True):
    """``True`` or ``False``; also the type of every condition."""


class OneOfType(Struct, frozen=True):
    """One of the named values."""

    values: tuple[str, ...]


class DateType(Struct, frozen=True):
    """A calendar day."""


class TimeType(Struct, frozen=True):
    """A moment, to the microsecond, in UTC. ``zone`` is for times that come without an offset; else they are
    rejected."""

    zone: str | None = None


class NumberType(Struct, frozen=True):
    """A decimal within ``low`` to ``high`` (both taken in) with at most ``places`` decimal places (0 to 9)."""

    low: Decimal
    high: Decimal
    places: int


class DurationType(Struct, frozen=True):
    """A number of days, always constant."""


Type = TextType | YesNoType | OneOfType | DateType | TimeType | NumberType | DurationType

# ---- expressions -------------------------------------------------------------------------------------------------


class Expr(Placed, frozen=True):
    """An expression: what it does, the type of its value, and whether the value can be missing here.

    A number's type carries the interval that the checker proved, after everything that narrows it at this place.
    Evaluation with missing operands is Kleene's: any operation on a missing value is missing, except ``or else``,
    ``is missing`` and ``and``/``or`` where the other operands decide. A condition holds only when it is ``True``.
    """

    op: Operation
    type: Type
    optional: bool
    span: Span = NOWHERE


class Constant(Struct, frozen=True):
    """An expression over numbers and parameters that the checker worked out (a duration: in days; ``40%``: 0.4)."""

    value: Decimal
    expr: Expr


class Literally(Struct, frozen=True):
    """A value as written; a duration is its number of days, ``40%`` is 0.4."""

    value: Scalar


class FieldOf(Struct, frozen=True):
    """A field of the record at hand."""

    name: str


class AttributeOf(Struct, frozen=True):
    """An attribute of the person scored; in a record's expression, of the record's ``subject`` or ``actor``."""

    name: str
    whose: Literal["subject", "actor"] = "subject"


class ParameterOf(Struct, frozen=True):
    """A parameter."""

    name: str
    value: Scalar


class MeasureOf(Struct, frozen=True):
    """A measure of the person scored."""

    name: str


class EarnedOf(Struct, frozen=True):
    """What the actor of the record at hand earned: a measure of theirs, as the records about them (and what they gave)
    make it, whether or not they are asked for a score. Missing where the measure is, where the record has no actor, and
    where ``subjects`` are declared and the actor has no row. INVARIANT: no measure reads itself in this way.
    """

    name: str


class Negate(Struct, frozen=True):
    """``-x``."""

    operand: Expr


class Not(Struct, frozen=True):
    """``not x``."""

    operand: Expr


class Arithmetic(Struct, frozen=True):
    """``+ - * /`` on numbers; a product or quotient is rounded to 9 places, half away from zero, as it is made."""

    operator: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


class Compare(Struct, frozen=True):
    """A comparison of two values of one type (numbers, texts by code points, dates, times, yes/no only
    ``=``/``!=``)."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


class Logic(Struct, frozen=True):
    """``and`` or ``or`` of two or more conditions."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


class In(Struct, frozen=True):
    """Whether the value equals one of the options."""

    value: Expr
    options: tuple[Expr, ...]
    negated: bool


class IsMissing(Struct, frozen=True):
    """Whether the value is missing; never missing itself."""

    value: Expr
    negated: bool


class OrElse(Struct, frozen=True):
    """The value, or ``default`` where it is missing."""

    value: Expr
    default: Expr


class If(Struct, frozen=True):
    """``then`` where the condition holds, else ``otherwise``; only the branch taken is worked out."""

    condition: Expr
    then: Expr
    otherwise: Expr


Function = Literal["min", "max", "abs", "round", "floor", "ceiling", "sqrt", "ln", "log10", "exp", "erfc"]


class Call(Struct, frozen=True):
    """A function; ``min`` and ``max`` take two or more, the others one. Roots, logarithms, ``exp``: 9 places, true
    value correctly rounded, half away from zero. ``round`` is half away from zero, to a whole number.
    """

    function: Function
    arguments: tuple[Expr, ...]


class Since(Struct, frozen=True):
    """Whole days, or birthdays passed, from a date (or a moment's day) to the as-of day; missing if it is later."""

    unit: Literal["days", "years"]
    date: Expr


class FromTo(Struct, frozen=True):
    """Days between the days, or seconds between the moments (6 places), of two dates or times; negative if reversed."""

    unit: Literal["days", "seconds"]
    start: Expr
    end: Expr


class TextTest(Struct, frozen=True):
    """Whether a text starts with, ends with or contains another; ``ignoring_case`` folds A to Z only."""

    test: Literal["starts", "ends", "contains"]
    value: Expr
    part: Expr
    ignoring_case: bool


class Returned(Struct, frozen=True):
    """Whether, within ``within`` days up to and including the record's day, the record's subject had done the same
    kind to its actor. Every record is looked at that is neither voided nor later than this one (an equal moment is
    not later; the record itself is one of them), excluded or not. A record without an actor is not returned.
    """

    within: Constant


Operation = (
    Literally
    | FieldOf
    | AttributeOf
    | ParameterOf
    | MeasureOf
    | EarnedOf
    | Negate
    | Not
    | Arithmetic
    | Compare
    | Logic
    | In
    | IsMissing
    | OrElse
    | If
    | Call
    | Since
    | FromTo
    | TextTest
    | Returned
)

# ---- what is read ------------------------------------------------------------------------------------------------


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


# ---- measures ----------------------------------------------------------------------------------------------------


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


# ---- rules and the score -----------------------------------------------------------------------------------------


class Shape(Struct, frozen=True):
    """How a value becomes a level: it is first held within 0 to ``full``, then one function, rounded once to 9 places:
    ``x/full``, ``sqrt(x/full)`` or ``ln(1+x)/ln(1+full)``.

    ``log normal`` alone has ``p10``, and its ``full`` is the median: the level is 0.9 at the one and 0.5 at the other,
    by the normal distribution of ln(x); nothing is held.
    """

    name: Literal["linear", "square root", "logarithmic", "log normal"]
    full: Constant
    p10: Constant | None = None


class Weighted(Struct, frozen=True):
    """Points are weight times level. Without a shape the value itself, held within 0 to 1, is the level."""

    weight: Constant
    value: Expr
    shape: Shape | None


class Points(Struct, frozen=True):
    """Points are the value of an expression."""

    value: Expr


class Range(Struct, frozen=True):
    """The values from ``low`` to ``high``; an end that is None is open for ever."""

    low: Decimal | date | None
    low_open: bool
    high: Decimal | date | None
    high_open: bool


class Values(Struct, frozen=True):
    """The values named (texts, numbers, dates, yes/no as booleans)."""

    values: tuple[Scalar, ...]


class Missing(Struct, frozen=True):
    """The missing value."""


class AnyOther(Struct, frozen=True):
    """Every value that no other row takes; also the missing value where no ``missing`` row stands."""


class Row(Placed, frozen=True):
    """A row of a table; ``text`` is how its left side is written in the canonical layout. ``reason``: the code under
    which the row is told as a principal reason; None: the rule's own."""

    takes: Range | Values | Missing | AnyOther
    points: Expr
    words: str | None
    reason: str | None
    text: str
    span: Span = NOWHERE


class Table(Struct, frozen=True):
    """Points are those of the one row that takes the value. INVARIANT: rows cover every value and do not overlap."""

    by: Expr
    rows: tuple[Row, ...]


class Otherwise(Struct, frozen=True):
    """What a rule gives when its ``when`` does not hold or a value it needs is missing; None: not applicable."""

    points: Expr | None
    words: str | None


class Rule(Placed, frozen=True):
    """A line of the score. ``facet`` names the facet that it stands in.

    ``baseline``: the points with which it is compared to tell what held a score back; None: the most that it can give.
    """

    name: str
    title: str
    facet: str | None
    body: Weighted | Points | Table
    at_most: Constant | None
    at_least: Constant | None
    when: Expr | None
    otherwise: Otherwise | None
    actions: Literal["own", "others"] | None
    baseline: Constant | None
    say: str | None
    because: str | None
    span: Span = NOWHERE


class Facet(Placed, frozen=True):
    """A named group of rules whose subtotal may be bounded."""

    name: str
    title: str
    at_most: Constant | None
    at_least: Constant | None
    because: str | None
    span: Span = NOWHERE


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
    def kinds(self) -> tuple[str, ...]:
        """The declared kinds of record, in the order written."""
        for each in self.records or ():
            if each.name == "kind" and isinstance(each.type, OneOfType):
                return each.type.values
        return ()
