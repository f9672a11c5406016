"""Takes nothing; names everything that a checked rulebook can say: resolved, typed, immutable.

Only ``check`` makes these. Whoever holds a ``Rulebook`` may rely on what the checker proved: names exist, types fit,
divisors are not zero, and a value is missing only where ``Expr.optional`` says that it may be.
Spans never count when two rulebooks are compared, so equality is equality of meaning and order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from tallystick.rules.source import Source, Span

Scalar = Decimal | str | bool | date | datetime
"""A value of a field, an attribute or an expression; a duration is its number of days. Missing is ``None``."""

Period = Literal["day", "week", "month"]
LIMIT = Decimal(10) ** 24
"""No working value leaves ±10²⁴."""
MOST_RECORDS = 10**12
"""No run takes in more records than this, so no count exceeds it."""


def _span() -> Span:
    """Make the field that nodes end with; it never counts in a comparison."""
    return field(default=Span(0, 0), compare=False, repr=False)


# ---- types -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextType:
    """Any text, compared by code points."""


@dataclass(frozen=True, slots=True)
class YesNoType:
    """``True`` or ``False``; also the type of every condition."""


@dataclass(frozen=True, slots=True)
class OneOfType:
    """One of the named values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateType:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class TimeType:
    """A moment, to the microsecond, in UTC. ``zone`` is for times that come without an offset; else they are
    rejected."""

    zone: str | None = None


@dataclass(frozen=True, slots=True)
class NumberType:
    """A decimal within ``low`` to ``high`` (both taken in) with at most ``places`` decimal places (0 to 9)."""

    low: Decimal
    high: Decimal
    places: int


@dataclass(frozen=True, slots=True)
class DurationType:
    """A number of days, always constant."""


Type = TextType | YesNoType | OneOfType | DateType | TimeType | NumberType | DurationType

# ---- expressions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression: what it does, the type of its value, and whether the value can be missing here.

    A number's type carries the interval that the checker proved, after everything that narrows it at this place.
    Evaluation with missing operands is Kleene's: any operation on a missing value is missing, except ``or else``,
    ``is missing`` and ``and``/``or`` where the other operands decide. A condition holds only when it is ``True``.
    """

    op: Operation
    type: Type
    optional: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Constant:
    """An expression over numbers and parameters that the checker worked out (a duration: in days; ``40%``: 0.4)."""

    value: Decimal
    expr: Expr


@dataclass(frozen=True, slots=True)
class Literally:
    """A value as written; a duration is its number of days, ``40%`` is 0.4."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of the record at hand."""

    name: str


@dataclass(frozen=True, slots=True)
class AttributeOf:
    """An attribute of the person scored; in a record's expression, of the record's ``subject`` or ``actor``."""

    name: str
    whose: Literal["subject", "actor"] = "subject"


@dataclass(frozen=True, slots=True)
class ParameterOf:
    """A parameter."""

    name: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class MeasureOf:
    """A measure of the person scored."""

    name: str


@dataclass(frozen=True, slots=True)
class EarnedOf:
    """What the actor of the record at hand earned: a measure of theirs, as the records about them (and what they gave)
    make it, whether or not they are asked for a score. Missing where the measure is, where the record has no actor, and
    where ``subjects`` are declared and the actor has no row. INVARIANT: no measure reads itself in this way.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    """``-x``."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * /`` on numbers; a product or quotient is rounded to 9 places, half away from zero, as it is made."""

    operator: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of one type (numbers, texts by code points, dates, times, yes/no only
    ``=``/``!=``)."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` or ``or`` of two or more conditions."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class In:
    """Whether the value equals one of the options."""

    value: Expr
    options: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsMissing:
    """Whether the value is missing; never missing itself."""

    value: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class OrElse:
    """The value, or ``default`` where it is missing."""

    value: Expr
    default: Expr


@dataclass(frozen=True, slots=True)
class If:
    """``then`` where the condition holds, else ``otherwise``; only the branch taken is worked out."""

    condition: Expr
    then: Expr
    otherwise: Expr


Function = Literal["min", "max", "abs", "round", "floor", "ceiling", "sqrt", "ln", "log10", "exp", "erfc"]


@dataclass(frozen=True, slots=True)
class Call:
    """A function; ``min`` and ``max`` take two or more, the others one. Roots, logarithms, ``exp``: 9 places, true
    value correctly rounded, half away from zero. ``round`` is half away from zero, to a whole number.
    """

    function: Function
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """Whole days, or birthdays passed, from a date (or a moment's day) to the as-of day; missing if it is later."""

    unit: Literal["days", "years"]
    date: Expr


@dataclass(frozen=True, slots=True)
class FromTo:
    """Days between the days, or seconds between the moments (6 places), of two dates or times; negative if reversed."""

    unit: Literal["days", "seconds"]
    start: Expr
    end: Expr


@dataclass(frozen=True, slots=True)
class TextTest:
    """Whether a text starts with, ends with or contains another; ``ignoring_case`` folds A to Z only."""

    test: Literal["starts", "ends", "contains"]
    value: Expr
    part: Expr
    ignoring_case: bool


@dataclass(frozen=True, slots=True)
class Returned:
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


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record, or an attribute: read from ``column`` (its own name unless ``from`` said otherwise).

    ``private``: whose value only those may see whom it is about alone, and the auditor.
    """

    name: str
    column: str
    type: Type
    optional: bool
    title: str | None
    span: Span = _span()
    private: bool = False


@dataclass(frozen=True, slots=True)
class DatedValue:
    """The value that a parameter has from a day on."""

    start: date
    value: Constant
    because: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named constant: a number or a duration (in days). ``value`` is the one in force; ``dated`` are those that come
    on a day, the earliest first."""

    name: str
    value: Constant
    title: str
    because: str | None
    dated: tuple[DatedValue, ...] = ()
    span: Span = _span()


# ---- who and what counts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Require:
    """Who gets a score. ``reads_measures``: judged after measuring; else before any record is looked at."""

    name: str
    title: str
    when: Expr
    outcome: Literal["no score", "insufficient data"]
    words: str
    because: str | None
    reads_measures: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Exclude:
    """Records that never count: those for which ``when`` holds and, with ``repeats``, that are not the first of
    theirs."""

    name: str
    title: str
    when: Expr | None
    repeats: tuple[str, ...] | None
    because: str | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Discount:
    """Records that count ``to`` a share (0 to 1) of their value. ``when`` of None: every record."""

    name: str
    title: str
    to: Constant
    when: Expr | None
    because: str | None
    span: Span = _span()


# ---- measures ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of the kinds; each has the value 1 before discounts, limits and fading."""

    kinds: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different (combinations of) values; each counts the highest factor among its records."""

    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class SumOf:
    """The sum of an expression over the records of the kinds."""

    value: Expr
    kinds: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class SumByKind:
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


@dataclass(frozen=True, slots=True)
class Pick:
    """The average (rounded to 9 places), highest, lowest or latest value (at one moment, the greatest)."""

    how: Literal["average", "highest", "lowest", "latest"]
    value: Expr
    kinds: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class DaysOf:
    """How many calendar days have any record of the kinds."""

    kinds: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class HIndex:
    """The largest h such that h values of the field have h records each, at least."""

    field: str
    kinds: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """A number worked out from measures, attributes and parameters."""

    value: Expr


RecordAggregate = Count | Distinct | SumOf | SumByKind | Pick | DaysOf | HIndex
Aggregate = RecordAggregate | Formula


@dataclass(frozen=True, slots=True)
class Keep:
    """At most ``limit`` records (a whole number) for each combination of ``fields`` and period, highest values first,
    of equal ones the latest day."""

    limit: Constant
    fields: tuple[str, ...]
    period: Period | None


@dataclass(frozen=True, slots=True)
class Total:
    """At most ``limit`` for the sum of a period. Records with a negative value always count; the others are taken
    highest first, of equal ones the latest day, until the net reaches ``limit``; the one that crosses is cut to what
    is left."""

    limit: Constant
    period: Period


@dataclass(frozen=True, slots=True)
class Measure:
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
    span: Span = _span()


# ---- rules and the score -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value becomes a level: it is first held within 0 to ``full``, then one function, rounded once to 9 places:
    ``x/full``, ``sqrt(x/full)`` or ``ln(1+x)/ln(1+full)``.

    ``log normal`` alone has ``p10``, and its ``full`` is the median: the level is 0.9 at the one and 0.5 at the other,
    by the normal distribution of ln(x); nothing is held.
    """

    name: Literal["linear", "square root", "logarithmic", "log normal"]
    full: Constant
    p10: Constant | None = None


@dataclass(frozen=True, slots=True)
class Weighted:
    """Points are weight times level. Without a shape the value itself, held within 0 to 1, is the level."""

    weight: Constant
    value: Expr
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class Points:
    """Points are the value of an expression."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Range:
    """The values from ``low`` to ``high``; an end that is None is open for ever."""

    low: Decimal | date | None
    low_open: bool
    high: Decimal | date | None
    high_open: bool


@dataclass(frozen=True, slots=True)
class Values:
    """The values named (texts, numbers, dates, yes/no as booleans)."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The missing value."""


@dataclass(frozen=True, slots=True)
class AnyOther:
    """Every value that no other row takes; also the missing value where no ``missing`` row stands."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``text`` is how its left side is written in the canonical layout. ``reason``: the code under
    which the row is told as a principal reason; None: the rule's own."""

    takes: Range | Values | Missing | AnyOther
    points: Expr
    words: str | None
    reason: str | None
    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Table:
    """Points are those of the one row that takes the value. INVARIANT: rows cover every value and do not overlap."""

    by: Expr
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a rule gives when its ``when`` does not hold or a value it needs is missing; None: not applicable."""

    points: Expr | None
    words: str | None


@dataclass(frozen=True, slots=True)
class Rule:
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
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Facet:
    """A named group of rules whose subtotal may be bounded."""

    name: str
    title: str
    at_most: Constant | None
    at_least: Constant | None
    because: str | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Score:
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
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Need:
    """A condition of a band, and the words for what it asks."""

    when: Expr
    words: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of the scale that begins at ``start``; where that is None, a level that is reached when all its
    ``needs`` are met. A rulebook's bands are all of the one sort or all of the other."""

    name: str
    title: str
    start: Decimal | None
    needs: tuple[Need, ...] = ()
    span: Span = _span()


# ---- promises ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is promised of every score, whatever the records: a pair of results cannot differ by more.

    ``amount``: the most points, in all forms but ``never falls with``. ``days``: of silence. ``kinds``: of the record
    that comes on the as-of day, in ``never falls with``. A pair of which either has no score is no move.
    """

    form: Literal["one actor moves", "own actions give", "silence costs", "never falls with"]
    amount: Constant | None
    days: int | None
    kinds: tuple[str, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Promise:
    """A public guarantee: its words, and what they come to. It takes part in no score."""

    text: str
    claims: tuple[Claim, ...]
    span: Span = _span()


# ---- examples ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows as read from a file: column names, and cells of which None is missing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a person's result should be: a score (with the places written), a rule's points, a band, the requirement
    failed (``score`` when no rule applied), the rules that raised the score most, in order, or a higher score than
    that of the person ``name`` (``above``)."""

    form: Literal["score", "rule", "band", "no score", "insufficient data", "because", "above"]
    name: str | None = None
    value: Decimal | None = None
    names: tuple[str, ...] = ()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Expect:
    """A person's expected result; ``by``: for which value of the score's ``by``."""

    subject: str
    lines: tuple[Expectation, ...]
    by: str | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Example:
    """Records in, results out; run by ``tally test``. A grid's columns are field names, never ``from`` columns."""

    title: str
    as_of: date
    subjects: Grid | None
    records: Grid | None
    expects: tuple[Expect, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The whole definition of a score.

    ``noise``: a change of the score by fewer points than that is called no meaningful change; it changes no number.
    ``records`` or ``subjects`` of None: not declared. Rules are in the order of the text, facets too. ``text`` is the
    canonical layout (what ``tally fmt`` prints, comments left out), whose SHA-256 the receipt holds.
    """

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
    text: str = field(compare=False, repr=False)
    source: Source = field(compare=False, repr=False)
    epochs: tuple[tuple[date, Rulebook], ...] = field(default=(), compare=False, repr=False)
    """Where parameters have dated values: from which day on which rulebook is in force, each without epochs of its own.
    The first begins with the calendar. ``epochs.on_day`` picks."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The declared kinds of record, in the order written."""
        for each in self.records or ():
            if each.name == "kind" and isinstance(each.type, OneOfType):
                return each.type.values
        return ()
