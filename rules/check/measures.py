"""Takes a measure as written; gives it resolved, with the interval of its number and whether it can be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from tallystick.rules import decimals, syntax
from tallystick.rules.check import clauses, expressions, intervals
from tallystick.rules.check import measure_clauses as steps
from tallystick.rules.check.names import MeasureThing
from tallystick.rules.check.narrowing import NO_FACTS, Facts, Known, meet
from tallystick.rules.check.scope import Check, Here, Scope
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.expression import Arithmetic, Call, Constant, EarnedOf, Expr, If, Negate, OrElse
from tallystick.rules.measure import Count, DaysOf, Distinct, Formula, HIndex, Measure, Pick, SumByKind, SumOf
from tallystick.rules.source import Span
from tallystick.rules.value import NumberType

_ACTOR = syntax.Name("actor")
_KIND = syntax.Name("kind")
_MOST_H = Decimal(10) ** 6
"""An h index of h needs h² records."""
_MOST_EARNED = Decimal(10) ** 7
"""What an actor earned enters a record's value only where it is known to lie within this; a count of records is not."""
_MOST_AVERAGED = Decimal(10) ** 16
"""So the sum of as many values as there can be records has no more digits than the database's numbers hold."""
_NO_RECORDS = "it is missing where there is no record to take it from"
_NOT_MET = "it is missing where its `when` is not met"


def measure(check: Check, written: syntax.Measure) -> Measure | None:
    """Check a measure whose own measures, if it reads any, were checked before."""
    found = steps.found(check, written)
    allowed = steps.allowed(check, written.aggregate, found)
    kinds, given = _kinds(check, written.aggregate)
    partial = check.incomplete(written.name.span)
    here = Here(check, _scope(written, given=given), _known(kinds, given=given), doubtful=partial)
    when = None if found.when is None else expressions.condition(found.when.condition, _testing(here))
    if when is not None:
        here = here.behind(when.yes).doubting(wrong=when.expr is None)
    if found.diluted is not None and allowed:
        allowed = steps.dilutable(check, found.diluted, here)
    aggregated = _aggregate(written.aggregate, kinds or (), here)
    within = clauses.window(check, found.within)
    keep = steps.kept(found.keep, written.aggregate, aggregated, here) if allowed else None
    total = steps.totalled(found.total, written.aggregate, aggregated, here) if allowed else None
    halving = steps.halved(check, found.halving)
    stands = (
        kinds is not None
        and (found.when is None or (when is not None and when.expr is not None))
        and (found.within is None or within is not None)
        and (found.keep is None or keep is not None)
        and (found.total is None or total is not None)
        and (found.halving is None or halving is not None)
    )
    # A measure that is wrong keeps the type that it evidently has, so that what reads it is checked all the same.
    evident = aggregated or _evident(written.aggregate)
    kind = None if evident is None else _type(check, written, evident, found, within)
    if evident is None or kind is None:
        return None
    formula = isinstance(evident.aggregate, Formula)
    picks = isinstance(evident.aggregate, Pick)
    optional = picks or (formula and found.when is not None)
    site = check.names.sites.get(written.name.text)
    # A formula in part may lack the `when` that would make it missing.
    if site is not None and site.span == written.name.span and not (partial and formula):
        check.names.measures[site.name] = MeasureThing(kind, optional, _NO_RECORDS if picks else _NOT_MET)
    if aggregated is None or partial or not (stands and allowed):
        return None
    return Measure(
        written.name.text,
        written.singular.value,
        (written.plural or written.singular).value,
        aggregated.aggregate,
        None if when is None else when.expr,
        within,
        found.diluted is not None,
        keep,
        total,
        halving,
        found.halving is not None and found.halving.except_pauses,
        found.because,
        kind,
        optional,
        written.span,
    )


# ---- what an aggregate reads -------------------------------------------------------------------------------------


def _scope(written: syntax.Measure, *, given: bool) -> Scope:
    what = f"measure `{written.name.text}`"
    if isinstance(written.aggregate, syntax.Formula):
        return Scope("person", what)
    return Scope("record", what, given=given, measuring=True)


def _testing(here: Here) -> Here:
    return replace(here, scope=replace(here.scope, remedy="test"))


def _known(kinds: tuple[str, ...] | None, *, given: bool) -> Facts:
    """Return what holds of every record that the measure takes."""
    facts: Facts = NO_FACTS if not kinds else {_KIND: Known(values=frozenset(kinds))}
    return meet(facts, {_ACTOR: Known(present=True)}) if given else facts


def _kinds(check: Check, aggregate: syntax.Aggregate) -> tuple[tuple[str, ...] | None, bool]:
    """Find the kinds that an aggregate names; None where one is wrong."""
    match aggregate:
        case syntax.Formula():
            return (), False
        case syntax.SumByKind(rows=rows):
            words, given = tuple(row.kind for row in rows), None
        case _:
            words, given = aggregate.kinds.names, aggregate.kinds.given
    found = resolved_kinds(check, words)
    if given:
        check.used.add("actor")
        if "actor" not in check.names.fields:
            if not check.names.is_poison("actor") and not check.lost("records") and check.names.has_records:
                check.report(say_name.no_actor(check.source, words[0].span, "`given` reads"))
                check.names.silent.add("actor")
            return None, True
    return found, bool(given)


def resolved_kinds(check: Check, words: tuple[syntax.Word, ...], what: str = "this measure") -> tuple[str, ...] | None:
    """Find the kinds that words name; None where one is wrong."""
    names, source = check.names, check.source
    check.used.add("kind")
    if names.kind is None:
        declared = names.fields.get("kind")
        if declared is not None:
            if check.once("kinds"):
                check.report(say_reads.kinds_not_listed(source, words[0].span, names.sites["kind"].span))
        elif not names.has_records:
            if not check.lost("records") and check.once("records"):
                check.report(say_reads.records_missing(source, words[0].span, what))
        elif not names.is_poison("kind") and not check.lost("records") and check.once("kinds"):
            check.report(say_reads.kinds_missing(source, words[0].span))
            names.silent.add("kind")
        return None
    found: list[str] = []
    seen: dict[str, Span] = {}
    fine = True
    for word in words:
        first = seen.setdefault(word.text, word.span)
        if first is not word.span:
            check.report(say_reads.value_twice(source, word.span, word.text, first))
        elif word.text in names.kind.values:
            found.append(word.text)
        else:
            fine = False
            check.report(
                say_name.kind_unknown(source, word.span, word.text, names.kind.values, names.sites["kind"].span)
            )
    return tuple(found) if fine else None


def _aggregate(aggregate: syntax.Aggregate, kinds: tuple[str, ...], here: Here) -> steps.Aggregated | None:
    match aggregate:
        case syntax.Count(kinds=named):
            return steps.Aggregated(Count(kinds, named.given), intervals.point(intervals.ONE))
        case syntax.DaysOf(kinds=named):
            return steps.Aggregated(DaysOf(kinds, named.given), None)
        case syntax.Distinct(fields=words, kinds=named):
            fields = steps.there(words, "distinct", here)
            if fields is None:
                return None
            return steps.Aggregated(Distinct(fields, kinds, named.given), None)
        case syntax.HIndex(kinds=named, by=word):
            fields = steps.there((word,), "h index … by", here)
            return None if fields is None else steps.Aggregated(HIndex(fields[0], kinds, named.given), None)
        case syntax.Of(how="sum", value=value, kinds=named):
            found = _bounded(expressions.number(value, _valuing(here)), here)
            if found is None:
                return None
            return steps.Aggregated(SumOf(found, kinds, named.given), intervals.of(found))
        case syntax.Of(how=how, value=value, kinds=named):
            found = _bounded(expressions.number(value, _valuing(here)), here)
            if found is None or how == "sum":
                return None
            return steps.Aggregated(Pick(how, found, kinds, named.given), intervals.of(found))
        case syntax.SumByKind(rows=rows):
            return _by_kind(rows, here)
        case syntax.Formula(value=value):
            found = expressions.number(value, here)
            return None if found is None else steps.Aggregated(Formula(found), intervals.of(found))
        case _:
            assert_never(aggregate)


def _evident(aggregate: syntax.Aggregate) -> steps.Aggregated | None:
    """Return an aggregate of no field, for the type of one whose fields are wrong; None where no type is evident."""
    match aggregate:
        case syntax.Distinct(kinds=named):
            return steps.Aggregated(Distinct((), (), named.given), None)
        case syntax.HIndex(kinds=named, by=word):
            return steps.Aggregated(HIndex(word.text, (), named.given), None)
        case _:
            return None


def _by_kind(rows: tuple[syntax.KindRow, ...], here: Here) -> steps.Aggregated | None:
    values: list[tuple[str, Expr]] = []
    hull: NumberType | None = None
    for row in rows:
        of_kind = here.behind({_KIND: Known(values=frozenset({row.kind.text}))})
        found = _bounded(expressions.number(row.value, _valuing(of_kind)), here)
        if found is not None:
            values.append((row.kind.text, found))
            hull = intervals.of(found) if hull is None else intervals.hull(hull, intervals.of(found))
    if hull is None or len(values) < len(rows):
        return None
    return steps.Aggregated(SumByKind(tuple(values)), hull)


def _valuing(here: Here) -> Here:
    """Return the place of a record's value: only ``+ - *``, ``min``, ``max``, comparisons and ``if``."""
    return replace(here, scope=replace(here.scope, remedy="when", value=True))


def _bounded(found: Expr | None, here: Here) -> Expr | None:
    """Return a record's value if whatever it takes from what actors earned is bounded; else report what is not."""
    free = None if found is None else _unbounded(found)
    if free is None:
        return found
    check = here.check
    check.report(say_number.earned_unbounded(check.source, free.span, check.text(free.span), intervals.of(free)))
    return None


def _unbounded(value: Expr) -> Expr | None:
    """Return the first of what actors earned that nothing holds within bounds before it enters a record's value."""
    match value.op:
        case EarnedOf():
            return None if intervals.is_within(intervals.of(value), _MOST_EARNED) else value
        case Call(arguments=arguments):
            if intervals.is_within(intervals.of(value), _MOST_EARNED):
                return None
            parts = arguments
        case Negate(operand=operand):
            parts = (operand,)
        case Arithmetic(left=left, right=right):
            parts = (left, right)
        case OrElse(value=first, default=default):
            parts = (first, default)
        case If(then=then, otherwise=otherwise):
            parts = (then, otherwise)
        case _:
            return None
    return next((free for free in map(_unbounded, parts) if free is not None), None)


# ---- the number --------------------------------------------------------------------------------------------------


def _type(
    check: Check,
    written: syntax.Measure,
    aggregated: steps.Aggregated,
    found: steps.Clauses,
    within: Constant | None,
) -> NumberType | None:
    """Return the interval and the places of the measure's number."""
    fades = found.halving is not None or check.names.discounted
    match aggregated.aggregate:
        case Count() | SumOf() | SumByKind():
            value = aggregated.value
            assert value is not None  # noqa: S101  # these have one
            low = min(intervals.ZERO, decimals.EXACT.multiply(value.low, intervals.MOST))
            high = max(intervals.ZERO, decimals.EXACT.multiply(value.high, intervals.MOST))
            places = decimals.PLACES if fades or found.diluted is not None or found.total is not None else value.places
            result = NumberType(low, high, places)
            if not intervals.fits(result):
                _too_large(check, written, value)
                return None
            return result
        case Distinct():
            return NumberType(intervals.ZERO, intervals.MOST, decimals.PLACES if fades else 0)
        case DaysOf():
            days = intervals.MOST_DAYS if within is None else within.value
            return NumberType(intervals.ZERO, days, 0)
        case HIndex():
            return NumberType(intervals.ZERO, _MOST_H, 0)
        case Pick(how=how):
            assert aggregated.value is not None  # noqa: S101  # it has one
            value = aggregated.value
            if how != "average":
                return value
            if not intervals.is_within(value, _MOST_AVERAGED):
                _too_large(check, written, value)
                return None
            return NumberType(value.low, value.high, decimals.PLACES)
        case Formula():
            return aggregated.value
        case _:
            assert_never(aggregated.aggregate)


def _too_large(check: Check, written: syntax.Measure, value: NumberType) -> None:
    say = say_number.sum_too_large
    match written.aggregate:
        case syntax.Of(how="average", value=expr):
            span, say = expr.span, say_number.averaged_too_large
        case syntax.Of(value=expr):
            span = expr.span
        case syntax.SumByKind(rows=rows):
            span = rows[0].value.span.to(rows[-1].value.span)
        case _:
            span = written.aggregate.span
    check.report(say(check.source, span, check.text(span), value))
