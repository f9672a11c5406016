"""Takes nothing; names every form that a rulebook's text can have, as written and not yet understood.

Parsing gives these; checking turns them into ``rulebook.Rulebook``. Spans never count when two trees are compared.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from tallystick.rules.placed import Placed
from tallystick.rules.source import NOWHERE, Source, Span


class Word(Placed, frozen=True):
    """A name, where it stands."""

    text: str
    span: Span = NOWHERE


class Text(Placed, frozen=True):
    """A quoted text without its quotes and escapes."""

    value: str
    span: Span = NOWHERE


# ---- expressions -------------------------------------------------------------------------------------------------


class NumberLiteral(Placed, frozen=True):
    """``0.1``: exactly one tenth. ``percent`` when written ``40%`` (value 40)."""

    value: Decimal
    percent: bool = False
    span: Span = NOWHERE


class DurationLiteral(Placed, frozen=True):
    """``90 days`` or ``2 weeks``."""

    value: Decimal
    unit: Literal["day", "week"]
    span: Span = NOWHERE


class DateLiteral(Placed, frozen=True):
    """``2026-01-31``."""

    value: date
    span: Span = NOWHERE


class MomentLiteral(Placed, frozen=True):
    """``2026-01-31T09:00:00Z``, in UTC."""

    value: datetime
    span: Span = NOWHERE


class TextLiteral(Placed, frozen=True):
    """``"abc"`` where a value is meant."""

    value: str
    span: Span = NOWHERE


class Name(Placed, frozen=True):
    """A field, attribute, parameter, measure, kind or value: which one is the checker's business."""

    text: str
    span: Span = NOWHERE


class Dotted(Placed, frozen=True):
    """``actor.joined``."""

    owner: Word
    name: Word
    span: Span = NOWHERE


class Negate(Placed, frozen=True):
    """``-x``."""

    operand: Expr
    span: Span = NOWHERE


class Not(Placed, frozen=True):
    """``not x``."""

    operand: Expr
    span: Span = NOWHERE


class Arithmetic(Placed, frozen=True):
    """``a + b`` and its three fellows."""

    operator: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr
    span: Span = NOWHERE


class Compare(Placed, frozen=True):
    """``a <= b`` and its five fellows."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr
    span: Span = NOWHERE


class Logic(Placed, frozen=True):
    """``a and b and c``, or the same with ``or``: at least two operands, no operand the same ``Logic`` unbracketed."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]
    span: Span = NOWHERE


class In(Placed, frozen=True):
    """``x in (a, b)``; ``negated`` for ``not in``."""

    value: Expr
    options: tuple[Expr, ...]
    negated: bool = False
    span: Span = NOWHERE


class IsMissing(Placed, frozen=True):
    """``x is missing``; ``negated`` for ``is not missing``."""

    value: Expr
    negated: bool = False
    span: Span = NOWHERE


class OrElse(Placed, frozen=True):
    """``x or else 0``: the second where the first is missing."""

    value: Expr
    default: Expr
    span: Span = NOWHERE


class If(Placed, frozen=True):
    """``if c then a else b``."""

    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = NOWHERE


class Call(Placed, frozen=True):
    """``min(a, b)`` and its nine fellows."""

    function: Word
    arguments: tuple[Expr, ...]
    span: Span = NOWHERE


class Since(Placed, frozen=True):
    """``days since D``, ``years since D``."""

    unit: Literal["days", "years"]
    date: Expr
    span: Span = NOWHERE


class FromTo(Placed, frozen=True):
    """``days from A to B``, ``seconds from A to B``."""

    unit: Literal["days", "seconds"]
    start: Expr
    end: Expr
    span: Span = NOWHERE


class TextTest(Placed, frozen=True):
    """``x starts with "a"``, ``ends with``, ``contains``; perhaps ``ignoring case``."""

    test: Literal["starts", "ends", "contains"]
    value: Expr
    part: Expr
    ignoring_case: bool = False
    span: Span = NOWHERE


class Returned(Placed, frozen=True):
    """``returned within 90 days``."""

    within: Expr
    span: Span = NOWHERE


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


class Because(Placed, frozen=True):
    """``because "…"``."""

    text: Text
    span: Span = NOWHERE


class When(Placed, frozen=True):
    """``when CONDITION``."""

    condition: Expr
    span: Span = NOWHERE


class RequireOutcome(Placed, frozen=True):
    """``otherwise no score "…"`` or ``otherwise insufficient data "…"``, of a requirement."""

    outcome: Literal["no score", "insufficient data"]
    words: Text
    span: Span = NOWHERE


class Repeats(Placed, frozen=True):
    """``repeats of F, G``."""

    fields: tuple[Word, ...]
    span: Span = NOWHERE


class DiscountTo(Placed, frozen=True):
    """``to 50%``."""

    share: Expr
    span: Span = NOWHERE


class Within(Placed, frozen=True):
    """``within DURATION``, of a measure."""

    duration: Expr
    span: Span = NOWHERE


class Diluted(Placed, frozen=True):
    """``diluted per actor per day``."""

    span: Span = NOWHERE


class Keep(Placed, frozen=True):
    """``keep at most N per FIELD… [per day|week|month]``."""

    limit: Expr
    fields: tuple[Word, ...]
    period: Literal["day", "week", "month"] | None
    span: Span = NOWHERE


class Total(Placed, frozen=True):
    """``total at most X per day|week|month``."""

    limit: Expr
    period: Literal["day", "week", "month"]
    span: Span = NOWHERE


class Halving(Placed, frozen=True):
    """``halving every DURATION``, perhaps ``except pauses``."""

    every: Expr
    except_pauses: bool = False
    span: Span = NOWHERE


class Weight(Placed, frozen=True):
    """``weight W``."""

    value: Expr
    span: Span = NOWHERE


class Shape(Placed, frozen=True):
    """``linear to FULL`` and its fellows; ``p10`` only for ``log normal P10 to MEDIAN``, where ``full`` is MEDIAN."""

    name: Literal["linear", "square root", "logarithmic", "log normal"]
    full: Expr
    p10: Expr | None = None
    span: Span = NOWHERE


class Level(Placed, frozen=True):
    """``level EXPR, SHAPE``, or ``level EXPR`` alone."""

    value: Expr
    shape: Shape | None
    span: Span = NOWHERE


class Points(Placed, frozen=True):
    """``points EXPR``."""

    value: Expr
    span: Span = NOWHERE


class RangeCells(Placed, frozen=True):
    """``under X`` (high, open), ``X to Y``, ``over X``, …: which values a row takes in; at least one end is given."""

    low: Expr | None
    low_open: bool
    high: Expr | None
    high_open: bool
    span: Span = NOWHERE


class ValueCells(Placed, frozen=True):
    """``"a", "b"``, ``like, share`` or ``3``: the values that a row takes in."""

    values: tuple[Expr, ...]
    span: Span = NOWHERE


class MissingCell(Placed, frozen=True):
    """``missing``."""

    span: Span = NOWHERE


class OtherwiseCell(Placed, frozen=True):
    """``otherwise``: every other value."""

    span: Span = NOWHERE


RowCells = RangeCells | ValueCells | MissingCell | OtherwiseCell


class Row(Placed, frozen=True):
    """A row of a table: which values, how many points, perhaps words and a reason code."""

    cells: RowCells
    points: Expr
    words: Text | None
    reason: Word | None
    span: Span = NOWHERE


class Table(Placed, frozen=True):
    """``points by EXPR`` with its rows."""

    by: Expr
    rows: tuple[Row, ...]
    span: Span = NOWHERE


class AtMost(Placed, frozen=True):
    """``at most N``."""

    value: Expr
    span: Span = NOWHERE


class AtLeast(Placed, frozen=True):
    """``at least N``."""

    value: Expr
    span: Span = NOWHERE


class Otherwise(Placed, frozen=True):
    """``otherwise N "…"``, or ``otherwise not applicable`` (``points`` is None), of a rule."""

    points: Expr | None
    words: Text | None
    span: Span = NOWHERE


class ForActions(Placed, frozen=True):
    """``for own actions`` or ``for others' actions``."""

    whose: Literal["own", "others"]
    span: Span = NOWHERE


class Say(Placed, frozen=True):
    """``say "…{measure}…"``."""

    text: Text
    span: Span = NOWHERE


class Baseline(Placed, frozen=True):
    """``baseline N``: what a rule is compared with to tell what held a score back."""

    value: Expr
    span: Span = NOWHERE


# ---- aggregates --------------------------------------------------------------------------------------------------


class Kinds(Placed, frozen=True):
    """The kinds of record that a measure reads; ``given``: those whose actor is the subject."""

    names: tuple[Word, ...]
    given: bool = False
    span: Span = NOWHERE


class Count(Placed, frozen=True):
    """``count KINDS``."""

    kinds: Kinds
    span: Span = NOWHERE


class Distinct(Placed, frozen=True):
    """``distinct FIELD[, FIELD] of KINDS``."""

    fields: tuple[Word, ...]
    kinds: Kinds
    span: Span = NOWHERE


class Of(Placed, frozen=True):
    """``sum EXPR of KINDS`` and its fellows."""

    how: Literal["sum", "average", "highest", "lowest", "latest"]
    value: Expr
    kinds: Kinds
    span: Span = NOWHERE


class KindRow(Placed, frozen=True):
    """``upvote: 10``."""

    kind: Word
    value: Expr
    span: Span = NOWHERE


class SumByKind(Placed, frozen=True):
    """``sum by kind`` with its rows."""

    rows: tuple[KindRow, ...]
    span: Span = NOWHERE


class DaysOf(Placed, frozen=True):
    """``days of KINDS``."""

    kinds: Kinds
    span: Span = NOWHERE


class HIndex(Placed, frozen=True):
    """``h index of KINDS by FIELD``."""

    kinds: Kinds
    by: Word
    span: Span = NOWHERE


class Formula(Placed, frozen=True):
    """``= EXPR``."""

    value: Expr
    span: Span = NOWHERE


Aggregate = Count | Distinct | Of | SumByKind | DaysOf | HIndex | Formula

# ---- declarations ------------------------------------------------------------------------------------------------


class HeadText(Placed, frozen=True):
    """``owner "…"`` and its fellows."""

    key: Literal["owner", "contact", "purpose", "measures", "not for", "time zone", "source"]
    text: Text
    span: Span = NOWHERE


class HeadEffective(Placed, frozen=True):
    """``effective 2026-01-01``."""

    date: DateLiteral
    span: Span = NOWHERE


class HeadNoise(Placed, frozen=True):
    """``noise N``."""

    value: NumberLiteral
    span: Span = NOWHERE


class Head(Placed, frozen=True):
    """``rulebook "…" version 1.0.0`` and the lines under it."""

    name: Text
    version: Word
    items: tuple[HeadText | HeadEffective | HeadNoise, ...]
    span: Span = NOWHERE


class FieldType(Placed, frozen=True):
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
    span: Span = NOWHERE


class Field(Placed, frozen=True):
    """A field of a record or an attribute of a subject."""

    name: Word
    column: Text | None
    type: FieldType
    private: bool
    optional: bool
    title: Text | None
    span: Span = NOWHERE


class Records(Placed, frozen=True):
    """``records`` and its fields."""

    fields: tuple[Field, ...]
    span: Span = NOWHERE


class Subjects(Placed, frozen=True):
    """``subjects`` and its attributes."""

    fields: tuple[Field, ...]
    span: Span = NOWHERE


class DatedValue(Placed, frozen=True):
    """``from 2026-07-01 = 45 days because "…"``."""

    start: DateLiteral
    value: Expr
    because: Text
    span: Span = NOWHERE


class Parameter(Placed, frozen=True):
    """``parameter NAME = EXPR "…"``."""

    name: Word
    value: Expr
    title: Text
    clauses: tuple[Because | DatedValue, ...]
    span: Span = NOWHERE


class Require(Placed, frozen=True):
    """``require NAME "…"``."""

    name: Word
    title: Text
    clauses: tuple[When | RequireOutcome | Because, ...]
    span: Span = NOWHERE


class Exclude(Placed, frozen=True):
    """``exclude NAME "…"``."""

    name: Word
    title: Text
    clauses: tuple[When | Repeats | Because, ...]
    span: Span = NOWHERE


class Discount(Placed, frozen=True):
    """``discount NAME "…"``."""

    name: Word
    title: Text
    clauses: tuple[DiscountTo | When | Because, ...]
    span: Span = NOWHERE


MeasureClause = When | Within | Diluted | Keep | Total | Halving | Because


class Measure(Placed, frozen=True):
    """``measure NAME "singular" / "plural"``, its aggregate and its clauses, in the order written."""

    name: Word
    singular: Text
    plural: Text | None
    aggregate: Aggregate
    clauses: tuple[MeasureClause, ...]
    span: Span = NOWHERE


RuleClause = (
    Weight | Level | Points | Table | AtMost | AtLeast | When | Otherwise | ForActions | Say | Because | Baseline
)


class Rule(Placed, frozen=True):
    """``rule NAME "…"``, with its clauses in the order written."""

    name: Word
    title: Text
    clauses: tuple[RuleClause, ...]
    span: Span = NOWHERE


class Facet(Placed, frozen=True):
    """``facet NAME "…"``: its rules and bounds in the order written."""

    name: Word
    title: Text
    members: tuple[Rule | AtMost | AtLeast | Because, ...]
    span: Span = NOWHERE


class SumOfRules(Placed, frozen=True):
    """``sum of all rules``."""

    span: Span = NOWHERE


class MeanOfRules(Placed, frozen=True):
    """``mean of all rules by weight, out of N``."""

    out_of: Expr
    span: Span = NOWHERE


class Rounded(Placed, frozen=True):
    """``rounded to 1 place[, lines to 4]``."""

    places: NumberLiteral
    line_places: NumberLiteral | None
    span: Span = NOWHERE


class ReasonsAtMost(Placed, frozen=True):
    """``reasons at most 2``: so many principal reasons are told."""

    limit: NumberLiteral
    span: Span = NOWHERE


ScoreClause = SumOfRules | MeanOfRules | AtMost | AtLeast | Rounded | ReasonsAtMost


class Score(Placed, frozen=True):
    """``score "…"``, perhaps ``by FIELD``."""

    title: Text
    by: Word | None
    clauses: tuple[ScoreClause, ...]
    span: Span = NOWHERE


class BandFrom(Placed, frozen=True):
    """``from 20 NAME "…"``."""

    start: NumberLiteral | Negate
    name: Word
    title: Text
    span: Span = NOWHERE


class Need(Placed, frozen=True):
    """``needs EXPR "words"``."""

    condition: Expr
    words: Text
    span: Span = NOWHERE


class BandNeeds(Placed, frozen=True):
    """``NAME "…"`` with ``needs`` lines [later]."""

    name: Word
    title: Text
    needs: tuple[Need, ...]
    span: Span = NOWHERE


class Bands(Placed, frozen=True):
    """``bands``."""

    bands: tuple[BandFrom | BandNeeds, ...]
    span: Span = NOWHERE


class Claim(Placed, frozen=True):
    """A line of a promise [later]; ``amount``, ``days`` and ``kinds`` as its form has them."""

    form: Literal["one actor moves", "own actions give", "silence costs", "never falls with"]
    amount: Expr | None
    days: DurationLiteral | None
    kinds: tuple[Word, ...]
    span: Span = NOWHERE


class Promise(Placed, frozen=True):
    """``promise "…"`` [later]."""

    text: Text
    claims: tuple[Claim, ...]
    span: Span = NOWHERE


class Cell(Placed, frozen=True):
    """A cell of an example's table: ``None`` where it was ``-``; ``quoted`` is how it was written."""

    value: str | None
    quoted: bool = False
    span: Span = NOWHERE


class Grid(Placed, frozen=True):
    """The table of an example: a heading and rows, which may not have as many cells (the checker says so)."""

    heading: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    span: Span = NOWHERE


class Expectation(Placed, frozen=True):
    """A line under ``expect``.

    ``form`` is ``score``, ``rule`` (``name`` and ``value``), ``band``, ``no score``, ``insufficient data`` (``name``)
    or ``because`` (``names``).
    """

    form: Literal["score", "rule", "band", "no score", "insufficient data", "because"]
    name: Word | None = None
    value: NumberLiteral | Negate | None = None
    names: tuple[Word, ...] = ()
    span: Span = NOWHERE


class Expect(Placed, frozen=True):
    """``expect ada`` and the lines under it; ``above`` for ``expect ada above bob``, ``by`` for ``expect ada in
    jazz``."""

    subject: Cell
    by: Cell | None
    above: Cell | None
    lines: tuple[Expectation, ...]
    span: Span = NOWHERE


class Example(Placed, frozen=True):
    """``example "…"``."""

    title: Text
    as_of: DateLiteral
    subjects: Grid | None
    records: Grid | None
    expects: tuple[Expect, ...]
    span: Span = NOWHERE


class Use(Placed, frozen=True):
    """``use "other.tally"``."""

    path: Text
    span: Span = NOWHERE


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


class Comment(Placed, frozen=True):
    """``# …`` to the end of its line; ``own_line`` when nothing stands before it."""

    text: str
    own_line: bool
    span: Span = NOWHERE


class SyntaxFile(Placed, frozen=True):
    """A whole rulebook as written. Comments stand apart, by their places, and do not count in a comparison."""

    BESIDE: ClassVar = frozenset({"comments", "source", "broken", "damaged", "incomplete"})

    head: Head
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    source: Source
    broken: tuple[Word, ...] = ()
    """Names that stand in declarations, or lines of them, that did not parse: nobody is to call these unknown.

    A declaration without a name is here by its keyword (``score``, ``bands``, ``records``, …), a line of the head by
    its first word. Empty where the whole file parsed.
    """
    damaged: bool = False
    """Whether a declaration, or a line of one, is not in the tree; a line of the head is neither."""
    incomplete: frozenset[Span] = frozenset()
    """The names of declarations that are in the tree without those of their lines that did not parse."""
