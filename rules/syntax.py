"""Takes nothing; names every form that a rulebook's text can have, as written and not yet understood.

Parsing gives these; checking turns them into ``rulebook.Rulebook``. Spans never count when two trees are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from tallystick.rules.source import Source, Span


def _span() -> Span:
    """Make the field that every node ends with; it never counts in a comparison."""
    return field(default=Span(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A name, where it stands."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text without its quotes and escapes."""

    value: str
    span: Span = _span()


# ---- expressions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """``0.1``: exactly one tenth. ``percent`` when written ``40%`` (value 40)."""

    value: Decimal
    percent: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DurationLiteral:
    """``90 days`` or ``2 weeks``."""

    value: Decimal
    unit: Literal["day", "week"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """``2026-01-31``."""

    value: date
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MomentLiteral:
    """``2026-01-31T09:00:00Z``, in UTC."""

    value: datetime
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TextLiteral:
    """``"abc"`` where a value is meant."""

    value: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Name:
    """A field, attribute, parameter, measure, kind or value: which one is the checker's business."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Dotted:
    """``actor.joined``."""

    owner: Word
    name: Word
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Negate:
    """``-x``."""

    operand: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``."""

    operand: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``a + b`` and its three fellows."""

    operator: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """``a <= b`` and its five fellows."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Logic:
    """``a and b and c``, or the same with ``or``: at least two operands, no operand the same ``Logic`` unbracketed."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class In:
    """``x in (a, b)``; ``negated`` for ``not in``."""

    value: Expr
    options: tuple[Expr, ...]
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class IsMissing:
    """``x is missing``; ``negated`` for ``is not missing``."""

    value: Expr
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OrElse:
    """``x or else 0``: the second where the first is missing."""

    value: Expr
    default: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class If:
    """``if c then a else b``."""

    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """``min(a, b)`` and its nine fellows."""

    function: Word
    arguments: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Since:
    """``days since D``, ``years since D``."""

    unit: Literal["days", "years"]
    date: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FromTo:
    """``days from A to B``, ``seconds from A to B``."""

    unit: Literal["days", "seconds"]
    start: Expr
    end: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TextTest:
    """``x starts with "a"``, ``ends with``, ``contains``; perhaps ``ignoring case``."""

    test: Literal["starts", "ends", "contains"]
    value: Expr
    part: Expr
    ignoring_case: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Returned:
    """``returned within 90 days``."""

    within: Expr
    span: Span = _span()


Expr = (
    NumberLiteral
    | DurationLiteral
    | DateLiteral
    | MomentLiteral
    | TextLiteral
    | Name
    | Dotted
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

# ---- clauses -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Because:
    """``because "…"``."""

    text: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class When:
    """``when CONDITION``."""

    condition: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class RequireOutcome:
    """``otherwise no score "…"`` or ``otherwise insufficient data "…"``, of a requirement."""

    outcome: Literal["no score", "insufficient data"]
    words: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Repeats:
    """``repeats of F, G``."""

    fields: tuple[Word, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DiscountTo:
    """``to 50%``."""

    share: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Within:
    """``within DURATION``, of a measure."""

    duration: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Diluted:
    """``diluted per actor per day``."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Keep:
    """``keep at most N per FIELD… [per day|week|month]``."""

    limit: Expr
    fields: tuple[Word, ...]
    period: Literal["day", "week", "month"] | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Total:
    """``total at most X per day|week|month``."""

    limit: Expr
    period: Literal["day", "week", "month"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Halving:
    """``halving every DURATION``, perhaps ``except pauses``."""

    every: Expr
    except_pauses: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Weight:
    """``weight W``."""

    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Shape:
    """``linear to FULL`` and its fellows; ``p10`` only for ``log normal P10 to MEDIAN``, where ``full`` is MEDIAN."""

    name: Literal["linear", "square root", "logarithmic", "log normal"]
    full: Expr
    p10: Expr | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Level:
    """``level EXPR, SHAPE``, or ``level EXPR`` alone."""

    value: Expr
    shape: Shape | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Points:
    """``points EXPR``."""

    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class RangeCells:
    """``under X`` (high, open), ``X to Y``, ``over X``, …: which values a row takes in; at least one end is given."""

    low: Expr | None
    low_open: bool
    high: Expr | None
    high_open: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ValueCells:
    """``"a", "b"``, ``like, share`` or ``3``: the values that a row takes in."""

    values: tuple[Expr, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MissingCell:
    """``missing``."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OtherwiseCell:
    """``otherwise``: every other value."""

    span: Span = _span()


RowCells = RangeCells | ValueCells | MissingCell | OtherwiseCell


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: which values, how many points, perhaps words and a reason code."""

    cells: RowCells
    points: Expr
    words: Text | None
    reason: Word | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Table:
    """``points by EXPR`` with its rows."""

    by: Expr
    rows: tuple[Row, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AtMost:
    """``at most N``."""

    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``at least N``."""

    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """``otherwise N "…"``, or ``otherwise not applicable`` (``points`` is None), of a rule."""

    points: Expr | None
    words: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ForActions:
    """``for own actions`` or ``for others' actions``."""

    whose: Literal["own", "others"]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Say:
    """``say "…{measure}…"``."""

    text: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Baseline:
    """``baseline N``: what a rule is compared with to tell what held a score back."""

    value: Expr
    span: Span = _span()


# ---- aggregates --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of record that a measure reads; ``given``: those whose actor is the subject."""

    names: tuple[Word, ...]
    given: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Count:
    """``count KINDS``."""

    kinds: Kinds
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Distinct:
    """``distinct FIELD[, FIELD] of KINDS``."""

    fields: tuple[Word, ...]
    kinds: Kinds
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Of:
    """``sum EXPR of KINDS`` and its fellows."""

    how: Literal["sum", "average", "highest", "lowest", "latest"]
    value: Expr
    kinds: Kinds
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class KindRow:
    """``upvote: 10``."""

    kind: Word
    value: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SumByKind:
    """``sum by kind`` with its rows."""

    rows: tuple[KindRow, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DaysOf:
    """``days of KINDS``."""

    kinds: Kinds
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class HIndex:
    """``h index of KINDS by FIELD``."""

    kinds: Kinds
    by: Word
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Formula:
    """``= EXPR``."""

    value: Expr
    span: Span = _span()


Aggregate = Count | Distinct | Of | SumByKind | DaysOf | HIndex | Formula

# ---- declarations ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeadText:
    """``owner "…"`` and its fellows."""

    key: Literal["owner", "contact", "purpose", "measures", "not for", "time zone", "source"]
    text: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class HeadEffective:
    """``effective 2026-01-01``."""

    date: DateLiteral
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class HeadNoise:
    """``noise N``."""

    value: NumberLiteral
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Head:
    """``rulebook "…" version 1.0.0`` and the lines under it."""

    name: Text
    version: Word
    items: tuple[HeadText | HeadEffective | HeadNoise, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field's type as written.

    ``low``/``high`` (either may be None: ``0 or more``) and ``places`` belong to numbers, ``values`` to ``one of``,
    ``zone`` to ``time in "…"``.
    """

    name: Literal["text", "yes/no", "one of", "date", "time", "number", "whole number"]
    low: NumberLiteral | Negate | None = None
    high: NumberLiteral | Negate | None = None
    places: NumberLiteral | None = None
    values: tuple[Word, ...] = ()
    zone: Text | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record or an attribute of a subject."""

    name: Word
    column: Text | None
    type: FieldType
    private: bool
    optional: bool
    title: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Records:
    """``records`` and its fields."""

    fields: tuple[Field, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Subjects:
    """``subjects`` and its attributes."""

    fields: tuple[Field, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DatedValue:
    """``from 2026-07-01 = 45 days because "…"``."""

    start: DateLiteral
    value: Expr
    because: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Parameter:
    """``parameter NAME = EXPR "…"``."""

    name: Word
    value: Expr
    title: Text
    clauses: tuple[Because | DatedValue, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Require:
    """``require NAME "…"``."""

    name: Word
    title: Text
    clauses: tuple[When | RequireOutcome | Because, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Exclude:
    """``exclude NAME "…"``."""

    name: Word
    title: Text
    clauses: tuple[When | Repeats | Because, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Discount:
    """``discount NAME "…"``."""

    name: Word
    title: Text
    clauses: tuple[DiscountTo | When | Because, ...]
    span: Span = _span()


MeasureClause = When | Within | Diluted | Keep | Total | Halving | Because


@dataclass(frozen=True, slots=True)
class Measure:
    """``measure NAME "singular" / "plural"``, its aggregate and its clauses, in the order written."""

    name: Word
    singular: Text
    plural: Text | None
    aggregate: Aggregate
    clauses: tuple[MeasureClause, ...]
    span: Span = _span()


RuleClause = (
    Weight | Level | Points | Table | AtMost | AtLeast | When | Otherwise | ForActions | Say | Because | Baseline
)


@dataclass(frozen=True, slots=True)
class Rule:
    """``rule NAME "…"``, with its clauses in the order written."""

    name: Word
    title: Text
    clauses: tuple[RuleClause, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Facet:
    """``facet NAME "…"``: its rules and bounds in the order written."""

    name: Word
    title: Text
    members: tuple[Rule | AtMost | AtLeast | Because, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SumOfRules:
    """``sum of all rules``."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MeanOfRules:
    """``mean of all rules by weight, out of N``."""

    out_of: Expr
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rounded:
    """``rounded to 1 place[, lines to 4]``."""

    places: NumberLiteral
    line_places: NumberLiteral | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ReasonsAtMost:
    """``reasons at most 2``: so many principal reasons are told."""

    limit: NumberLiteral
    span: Span = _span()


ScoreClause = SumOfRules | MeanOfRules | AtMost | AtLeast | Rounded | ReasonsAtMost


@dataclass(frozen=True, slots=True)
class Score:
    """``score "…"``, perhaps ``by FIELD``."""

    title: Text
    by: Word | None
    clauses: tuple[ScoreClause, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class BandFrom:
    """``from 20 NAME "…"``."""

    start: NumberLiteral | Negate
    name: Word
    title: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Need:
    """``needs EXPR "words"``."""

    condition: Expr
    words: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class BandNeeds:
    """``NAME "…"`` with ``needs`` lines [later]."""

    name: Word
    title: Text
    needs: tuple[Need, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Bands:
    """``bands``."""

    bands: tuple[BandFrom | BandNeeds, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Claim:
    """A line of a promise [later]; ``amount``, ``days`` and ``kinds`` as its form has them."""

    form: Literal["one actor moves", "own actions give", "silence costs", "never falls with"]
    amount: Expr | None
    days: DurationLiteral | None
    kinds: tuple[Word, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Promise:
    """``promise "…"`` [later]."""

    text: Text
    claims: tuple[Claim, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an example's table: ``None`` where it was ``-``; ``quoted`` is how it was written."""

    value: str | None
    quoted: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Grid:
    """The table of an example: a heading and rows, which may not have as many cells (the checker says so)."""

    heading: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line under ``expect``.

    ``form`` is ``score``, ``rule`` (``name`` and ``value``), ``band``, ``no score``, ``insufficient data`` (``name``)
    or ``because`` (``names``).
    """

    form: Literal["score", "rule", "band", "no score", "insufficient data", "because"]
    name: Word | None = None
    value: NumberLiteral | Negate | None = None
    names: tuple[Word, ...] = ()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Expect:
    """``expect ada`` and the lines under it; ``above`` for ``expect ada above bob``, ``by`` for ``expect ada in
    jazz``."""

    subject: Cell
    by: Cell | None
    above: Cell | None
    lines: tuple[Expectation, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Example:
    """``example "…"``."""

    title: Text
    as_of: DateLiteral
    subjects: Grid | None
    records: Grid | None
    expects: tuple[Expect, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Use:
    """``use "other.tally"``."""

    path: Text
    span: Span = _span()


Declaration = (
    Use
    | Records
    | Subjects
    | Parameter
    | Require
    | Exclude
    | Discount
    | Measure
    | Facet
    | Rule
    | Score
    | Bands
    | Promise
    | Example
)


@dataclass(frozen=True, slots=True)
class Comment:
    """``# …`` to the end of its line; ``own_line`` when nothing stands before it."""

    text: str
    own_line: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SyntaxFile:
    """A whole rulebook as written. Comments stand apart, by their places, and do not count in a comparison."""

    head: Head
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...] = field(compare=False)
    source: Source = field(compare=False, repr=False)
    broken: tuple[Word, ...] = field(default=(), compare=False, repr=False)
    """Names that stand in declarations, or lines of them, that did not parse: nobody is to call these unknown.

    A declaration without a name is here by its keyword (``score``, ``bands``, ``records``, …), a line of the head by
    its first word. Empty where the whole file parsed.
    """
    damaged: bool = field(default=False, compare=False, repr=False)
    """Whether a declaration, or a line of one, is not in the tree; a line of the head is neither."""
    incomplete: frozenset[Span] = field(default=frozenset(), compare=False, repr=False)
    """The names of declarations that are in the tree without those of their lines that did not parse."""
