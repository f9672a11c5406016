"""Takes what the grammar found, one production at a time; gives the nodes of ``syntax``.

``BUILDERS`` has one function for each rule of the grammar or its alias. A function gets the span of what was written
and the production's children: nodes, tokens, or ``None`` for an optional part that is not there.
"""

from __future__ import annotations

from typing import Final, Literal, cast

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.parse.tokens import Token, unquote
from tallystick.rules.parse.tree_expressions import DEEPENING, EXPRESSIONS, Builder, fixed, listed, plain, word
from tallystick.rules.source import Span
from tallystick.rules.syntax import Expr, NumberLiteral, Text, Word

__all__ = ["BUILDERS", "DEEPENING", "WholeFile"]

Signed = NumberLiteral | syntax.Negate


# ---- what is read ------------------------------------------------------------------------------------------------


def _rulebook(span: Span, name: Text, version: Token, *items: syntax.HeadText) -> syntax.Head:
    return syntax.Head(name, word(span, version), items, span)


def _head_text(span: Span, key: Token, text: Text) -> syntax.HeadText:
    return syntax.HeadText(
        cast("Literal['owner', 'contact', 'purpose', 'measures', 'source']", key.text),
        text,
        span,
    )


class WholeFile(Struct, frozen=True):
    """What a whole file says, before its comments are added."""

    head: syntax.Head
    declarations: tuple[syntax.Declaration, ...]


def _file(_span: Span, head: syntax.Head, *declarations: syntax.Declaration) -> WholeFile:
    return WholeFile(head, declarations)


Interval = tuple[Signed, Signed | None]


def _interval(_span: Span, low: Signed, high: Signed | None = None) -> Interval:
    return low, high


def _type(name: Literal["text", "yes/no", "date"]) -> Builder:
    return fixed(syntax.FieldType, name)


def _type_time(span: Span, zone: Text | None) -> syntax.FieldType:
    return syntax.FieldType("time", zone=zone, span=span)


def _type_one_of(span: Span, *values: Word) -> syntax.FieldType:
    return syntax.FieldType("one of", values=values, span=span)


def _type_number(name: Literal["number", "whole number"]) -> Builder:
    def build(span: Span, interval: Interval | None, places: NumberLiteral | None) -> syntax.FieldType:
        low, high = (None, None) if interval is None else interval
        return syntax.FieldType(name, low, high, places, span=span)

    return build


def _marks(_span: Span, *marks: Token) -> frozenset[str]:
    return frozenset(mark.text for mark in marks)


def _field(
    span: Span,
    name: Word,
    column: Text | None,
    kind: syntax.FieldType,
    marks: frozenset[str],
    title: Text | None,
) -> syntax.Field:
    return syntax.Field(name, column, kind, "private" in marks, "optional" in marks, title, span)


# ---- measures and rules ------------------------------------------------------------------------------------------


def _kinds(span: Span, *children: Word | Token | None) -> syntax.Kinds:
    return syntax.Kinds(cast("tuple[Word, ...]", children[:-1]), children[-1] is not None, span)


def _distinct(span: Span, *children: Word | syntax.Kinds) -> syntax.Distinct:
    return syntax.Distinct(cast("tuple[Word, ...]", children[:-1]), cast("syntax.Kinds", children[-1]), span)


def _of(span: Span, how: Token, value: Expr, kinds: syntax.Kinds) -> syntax.Of:
    named = cast("Literal['sum', 'average', 'highest', 'lowest', 'latest']", how.text)
    return syntax.Of(named, value, kinds, span)


def _sum_by_kind(span: Span, _sum: Token, *rows: syntax.KindRow) -> syntax.SumByKind:
    return syntax.SumByKind(rows, span)


Period = Literal["day", "week", "month"]


def _period(_span: Span, token: Token) -> Period:
    return cast("Period", token.text)


def _keep(span: Span, limit: Expr, *children: Word | Period | None) -> syntax.Keep:
    return syntax.Keep(limit, cast("tuple[Word, ...]", children[:-1]), cast("Period | None", children[-1]), span)


def _halving(span: Span, every: Expr, excepted: Token | None) -> syntax.Halving:
    return syntax.Halving(every, excepted is not None, span)


def _measure(
    span: Span,
    name: Word,
    singular: Text,
    plural: Text | None,
    aggregate: syntax.Aggregate,
    *clauses: syntax.MeasureClause,
) -> syntax.Measure:
    return syntax.Measure(name, singular, plural, aggregate, clauses, span)


def _shape(name: Literal["linear", "square root", "logarithmic"]) -> Builder:
    return fixed(syntax.Shape, name)


def _shape_log_normal(span: Span, p10: Expr, median: Expr) -> syntax.Shape:
    return syntax.Shape("log normal", median, p10, span)


def _cells(*, low_open: bool = False, high_open: bool = False, only: Literal["low", "high"] | None = None) -> Builder:
    """Build a range; ``only`` where it has one end."""

    def build(span: Span, *ends: Expr) -> syntax.RangeCells:
        low = None if only == "high" else ends[0]
        high = None if only == "low" else ends[-1]
        return syntax.RangeCells(low, low_open, high, high_open, span)

    return build


def _sum_of_rules(span: Span, _sum: Token) -> syntax.SumOfRules:
    return syntax.SumOfRules(span)


def _claim(form: Literal["one actor moves", "own actions give"]) -> Builder:
    def build(span: Span, amount: Expr) -> syntax.Claim:
        return syntax.Claim(form, amount, None, (), span)

    return build


def _claim_silence(span: Span, days: syntax.DurationLiteral, amount: Expr) -> syntax.Claim:
    return syntax.Claim("silence costs", amount, days, (), span)


def _claim_never_falls(span: Span, *kinds: Word) -> syntax.Claim:
    return syntax.Claim("never falls with", None, None, kinds, span)


# ---- examples ----------------------------------------------------------------------------------------------------

Grids = dict[Literal["subjects", "records"], syntax.Grid]


def _grid_row(_span: Span, *cells: Token) -> tuple[syntax.Cell, ...]:
    return tuple(_cell(cell) for cell in cells)


def _cell(token: Token) -> syntax.Cell:
    if token.text.startswith('"'):
        return syntax.Cell(unquote(token.text), quoted=True, span=token.span)
    return syntax.Cell(None if token.text == "-" else token.text, span=token.span)


def _grid(which: Literal["subjects", "records"]) -> Builder:
    def build(span: Span, heading: tuple[syntax.Cell, ...], *rows: tuple[syntax.Cell, ...]) -> Grids:
        return {which: syntax.Grid(heading, rows, span)}

    return build


def _example(span: Span, title: Text, as_of: syntax.DateLiteral, *parts: Grids | syntax.Expect) -> syntax.Example:
    grids: Grids = {}
    for part in parts:
        if isinstance(part, dict):
            grids |= part
    expects = tuple(part for part in parts if isinstance(part, syntax.Expect))
    return syntax.Example(title, as_of, grids.get("subjects"), grids.get("records"), expects, span)


def _expect(span: Span, subject: Token, *lines: syntax.Expectation) -> syntax.Expect:
    return syntax.Expect(_cell(subject), None, None, lines, span)


def _expect_in(span: Span, subject: Token, by: Token, *lines: syntax.Expectation) -> syntax.Expect:
    return syntax.Expect(_cell(subject), _cell(by), None, lines, span)


def _expect_above(span: Span, subject: Token, above: Token, *lines: syntax.Expectation) -> syntax.Expect:
    return syntax.Expect(_cell(subject), None, _cell(above), lines, span)


def _expect_in_above(span: Span, subject: Token, by: Token, above: Token, *lines: syntax.Expectation) -> syntax.Expect:
    return syntax.Expect(_cell(subject), _cell(by), _cell(above), lines, span)


def _expect_score(span: Span, value: Signed) -> syntax.Expectation:
    return syntax.Expectation("score", value=value, span=span)


def _expect_rule(span: Span, name: Word, value: Signed) -> syntax.Expectation:
    return syntax.Expectation("rule", name, value, span=span)


def _expect_because(span: Span, *names: Word) -> syntax.Expectation:
    return syntax.Expectation("because", names=names, span=span)


def _expect_named(form: Literal["band", "no score", "insufficient data"]) -> Builder:
    return fixed(syntax.Expectation, form)


BUILDERS: Final[dict[str, Builder]] = {
    **EXPRESSIONS,
    "file": _file,
    # the head, and what is read
    "rulebook": _rulebook,
    "head_text": _head_text,
    "head_not_for": fixed(syntax.HeadText, "not for"),
    "head_time_zone": fixed(syntax.HeadText, "time zone"),
    "head_effective": plain(syntax.HeadEffective),
    "head_noise": plain(syntax.HeadNoise),
    "use": plain(syntax.Use),
    "records": listed(syntax.Records),
    "subjects": listed(syntax.Subjects),
    "field": _field,
    "marks": _marks,
    "type_text": _type("text"),
    "type_yes_no": _type("yes/no"),
    "type_date": _type("date"),
    "type_time": _type_time,
    "type_one_of": _type_one_of,
    "type_number": _type_number("number"),
    "type_whole_number": _type_number("whole number"),
    "interval": _interval,
    # who and what counts
    "parameter": listed(syntax.Parameter, 3),
    "dated": plain(syntax.DatedValue),
    "require": listed(syntax.Require, 2),
    "outcome_no_score": fixed(syntax.RequireOutcome, "no score"),
    "outcome_insufficient_data": fixed(syntax.RequireOutcome, "insufficient data"),
    "exclude": listed(syntax.Exclude, 2),
    "repeats": listed(syntax.Repeats),
    "discount": listed(syntax.Discount, 2),
    "discount_to": plain(syntax.DiscountTo),
    "because": plain(syntax.Because),
    "when": plain(syntax.When),
    # measures
    "measure": _measure,
    "count": plain(syntax.Count),
    "distinct": _distinct,
    "of": _of,
    "sum_by_kind": _sum_by_kind,
    "kind_row": plain(syntax.KindRow),
    "days_of": plain(syntax.DaysOf),
    "h_index": plain(syntax.HIndex),
    "formula": plain(syntax.Formula),
    "kinds": _kinds,
    "within": plain(syntax.Within),
    "diluted": plain(syntax.Diluted),
    "keep": _keep,
    "total": plain(syntax.Total),
    "halving": _halving,
    "period": _period,
    # rules
    "facet": listed(syntax.Facet, 2),
    "rule": listed(syntax.Rule, 2),
    "weight": plain(syntax.Weight),
    "level": plain(syntax.Level),
    "shape_linear": _shape("linear"),
    "shape_square_root": _shape("square root"),
    "shape_logarithmic": _shape("logarithmic"),
    "shape_log_normal": _shape_log_normal,
    "points": plain(syntax.Points),
    "table": listed(syntax.Table, 1),
    "row": plain(syntax.Row),
    "cells_under": _cells(high_open=True, only="high"),
    "cells_up_to": _cells(only="high"),
    "cells_from_to": _cells(),
    "cells_from_to_under": _cells(high_open=True),
    "cells_over_to": _cells(low_open=True),
    "cells_over_to_under": _cells(low_open=True, high_open=True),
    "cells_over": _cells(low_open=True, only="low"),
    "cells_or_more": _cells(only="low"),
    "cells_values": listed(syntax.ValueCells),
    "cells_missing": plain(syntax.MissingCell),
    "cells_otherwise": plain(syntax.OtherwiseCell),
    "at_most": plain(syntax.AtMost),
    "at_least": plain(syntax.AtLeast),
    "not_applicable": fixed(syntax.Otherwise, None, None),
    "otherwise": plain(syntax.Otherwise),
    "for_own_actions": fixed(syntax.ForActions, "own"),
    "for_others_actions": fixed(syntax.ForActions, "others"),
    "say": plain(syntax.Say),
    "baseline": plain(syntax.Baseline),
    # the score
    "score": listed(syntax.Score, 2),
    "sum_of_rules": _sum_of_rules,
    "mean_of_rules": plain(syntax.MeanOfRules),
    "rounded": plain(syntax.Rounded),
    "reasons_at_most": plain(syntax.ReasonsAtMost),
    "bands": listed(syntax.Bands),
    "band_from": plain(syntax.BandFrom),
    "band_needs": listed(syntax.BandNeeds, 2),
    "need": plain(syntax.Need),
    "promise": listed(syntax.Promise, 1),
    "claim_one_actor": _claim("one actor moves"),
    "claim_own_actions": _claim("own actions give"),
    "claim_silence": _claim_silence,
    "claim_never_falls": _claim_never_falls,
    # examples
    "example": _example,
    "subjects_grid": _grid("subjects"),
    "records_grid": _grid("records"),
    "grid_row": _grid_row,
    "expect": _expect,
    "expect_in": _expect_in,
    "expect_above": _expect_above,
    "expect_in_above": _expect_in_above,
    "expect_score": _expect_score,
    "expect_rule": _expect_rule,
    "expect_band": _expect_named("band"),
    "expect_no_score": _expect_named("no score"),
    "expect_insufficient_data": _expect_named("insufficient data"),
    "expect_because": _expect_because,
}
