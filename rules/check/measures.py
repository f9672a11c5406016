"""Takes a measure as written; gives it resolved, with the interval of its number and whether it can be missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from tallystick.rules import decimals, rulebook, syntax
from tallystick.rules.check import clauses, expressions, intervals
from tallystick.rules.check.names import MeasureThing
from tallystick.rules.check.narrowing import NO_FACTS, Facts, Known, meet
from tallystick.rules.check.scope import Check, Here, Scope
from tallystick.rules.check_errors import clauses as say
from tallystick.rules.check_errors import later as say_later
from tallystick.rules.check_errors import missing as say_missing
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.rulebook import NumberType
from tallystick.rules.source import Span

_ACTOR = syntax.Name("actor")
_KIND = syntax.Name("kind")
_MOST_H = Decimal(10) ** 6
"""An h index of h needs h² records."""
_ADDING = ("count", "sum", "sum by kind")
_NO_RECORDS = "it is missing where there is no record to take it from"
_NOT_MET = "it is missing where its `when` is not met"


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The clauses of a measure, each at most once."""

    when: syntax.When | None
    within: syntax.Within | None
    diluted: syntax.Diluted | None
    keep: syntax.Keep | None
    total: syntax.Total | None
    halving: syntax.Halving | None
    because: str | None

    @property
    def steps(
        self,
    ) -> tuple[tuple[str, syntax.Within | syntax.Diluted | syntax.Keep | syntax.Total | syntax.Halving], ...]:
        """Return those that work on records, with their keywords."""
        named = (
            ("within", self.within),
            ("diluted", self.diluted),
            ("keep", self.keep),
            ("total", self.total),
            ("halving", self.halving),
        )
        return tuple((keyword, clause) for keyword, clause in named if clause is not None)


@dataclass(frozen=True, slots=True)
class _Aggregated:
    """An aggregate with the type of one record's value (None: it has none of its own)."""

    aggregate: rulebook.Aggregate
    value: NumberType | None


def measure(check: Check, written: syntax.Measure) -> rulebook.Measure | None:
    """Check a measure whose own measures, if it reads any, were checked before."""
    found = _Clauses(
        clauses.once(check, written.clauses, syntax.When, "when"),
        clauses.once(check, written.clauses, syntax.Within, "within"),
        clauses.once(check, written.clauses, syntax.Diluted, "diluted"),
        clauses.once(check, written.clauses, syntax.Keep, "keep"),
        clauses.once(check, written.clauses, syntax.Total, "total"),
        clauses.once(check, written.clauses, syntax.Halving, "halving"),
        clauses.because(check, written.clauses),
    )
    allowed = _allowed(check, written.aggregate, found)
    kinds, given = _kinds(check, written.aggregate)
    here = Here(check, _scope(written, given=given), _known(kinds, given=given))
    when = None if found.when is None else expressions.condition(found.when.condition, _testing(here))
    if when is not None:
        here = here.behind(when.yes)
    if found.diluted is not None and allowed:
        allowed = _dilutable(check, found.diluted, here)
    aggregated = None if kinds is None else _aggregate(written.aggregate, kinds, here)
    within = clauses.window(check, found.within)
    keep = _keep(found.keep, written.aggregate, aggregated, here) if allowed else None
    total = _total(found.total, written.aggregate, aggregated, check) if allowed else None
    halving = _halving(check, found.halving)
    stands = (
        (found.when is None or (when is not None and when.expr is not None))
        and (found.within is None or within is not None)
        and (found.keep is None or keep is not None)
        and (found.total is None or total is not None)
        and (found.halving is None or halving is not None)
    )
    if aggregated is None:
        return None
    kind = _type(check, written, aggregated, found, within)
    if kind is None:
        return None
    formula = isinstance(aggregated.aggregate, rulebook.Formula)
    picks = isinstance(aggregated.aggregate, rulebook.Pick)
    optional = picks or (formula and found.when is not None)
    site = check.names.sites.get(written.name.text)
    if site is not None and site.span == written.name.span:
        check.names.measures[site.name] = MeasureThing(kind, optional, _NO_RECORDS if picks else _NOT_MET)
    if not (stands and allowed):
        return None
    return rulebook.Measure(
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
        found.because,
        kind,
        optional,
        written.span,
    )


def called(aggregate: syntax.Aggregate) -> str:
    """Return the words that an aggregate begins with."""
    match aggregate:
        case syntax.Count():
            return "count"
        case syntax.Distinct():
            return "distinct"
        case syntax.Of(how=how):
            return how
        case syntax.SumByKind():
            return "sum by kind"
        case syntax.DaysOf():
            return "days of"
        case syntax.HIndex():
            return "h index"
        case syntax.Formula():
            return "="
        case _:
            assert_never(aggregate)


# ---- what an aggregate reads -------------------------------------------------------------------------------------


def _scope(written: syntax.Measure, *, given: bool) -> Scope:
    what = f"measure `{written.name.text}`"
    if isinstance(written.aggregate, syntax.Formula):
        return Scope("person", what)
    return Scope("record", what, given=given)


def _testing(here: Here) -> Here:
    return Here(here.check, Scope(here.scope.reads, here.scope.what, "test", given=here.scope.given), here.facts)


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
    found = _resolved(check, words)
    if given:
        check.used.add("actor")
        if "actor" not in check.names.fields:
            if not check.names.is_poison("actor") and not check.damaged and check.names.has_records:
                check.report(say_name.no_actor(check.source, words[0].span, "`given` reads"))
            return None, True
    return found, bool(given)


def _resolved(check: Check, words: tuple[syntax.Word, ...]) -> tuple[str, ...] | None:
    names, source = check.names, check.source
    check.used.add("kind")
    if names.kind is None:
        declared = names.fields.get("kind")
        if declared is not None:
            if check.once("kinds"):
                check.report(say_reads.kinds_not_listed(source, words[0].span, names.sites["kind"].span))
        elif not names.has_records:
            if not check.damaged and check.once("records"):
                check.report(say_reads.records_missing(source, words[0].span, "this measure"))
        elif not names.is_poison("kind") and not check.damaged and check.once("kinds"):
            check.report(say_reads.kinds_missing(source, words[0].span))
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


def _aggregate(aggregate: syntax.Aggregate, kinds: tuple[str, ...], here: Here) -> _Aggregated | None:
    match aggregate:
        case syntax.Count(kinds=named):
            return _Aggregated(rulebook.Count(kinds, named.given), intervals.point(intervals.ONE))
        case syntax.DaysOf(kinds=named):
            return _Aggregated(rulebook.DaysOf(kinds, named.given), None)
        case syntax.Distinct(fields=words, kinds=named):
            fields = _there(words, "distinct", here)
            if fields is None:
                return None
            return _Aggregated(rulebook.Distinct(fields, kinds, named.given), None)
        case syntax.HIndex(kinds=named, by=word):
            fields = _there((word,), "h index … by", here)
            return None if fields is None else _Aggregated(rulebook.HIndex(fields[0], kinds, named.given), None)
        case syntax.Of(how="sum", value=value, kinds=named):
            found = expressions.number(value, _valuing(here))
            if found is None:
                return None
            return _Aggregated(rulebook.SumOf(found, kinds, named.given), _number(found))
        case syntax.Of(how=how, value=value, kinds=named):
            found = expressions.number(value, _valuing(here))
            if found is None or how == "sum":
                return None
            return _Aggregated(rulebook.Pick(how, found, kinds, named.given), _number(found))
        case syntax.SumByKind(rows=rows):
            return _by_kind(rows, here)
        case syntax.Formula(value=value):
            found = expressions.number(value, here)
            return None if found is None else _Aggregated(rulebook.Formula(found), _number(found))
        case _:
            assert_never(aggregate)


def _by_kind(rows: tuple[syntax.KindRow, ...], here: Here) -> _Aggregated | None:
    values: list[tuple[str, rulebook.Expr]] = []
    hull: NumberType | None = None
    for row in rows:
        of_kind = here.behind({_KIND: Known(values=frozenset({row.kind.text}))})
        found = expressions.number(row.value, _valuing(of_kind))
        if found is not None:
            values.append((row.kind.text, found))
            hull = _number(found) if hull is None else intervals.hull(hull, _number(found))
    if hull is None or len(values) < len(rows):
        return None
    return _Aggregated(rulebook.SumByKind(tuple(values)), hull)


def _valuing(here: Here) -> Here:
    """Return the place of a record's value: only ``+ - *``, comparisons and ``if``."""
    scope = Scope(here.scope.reads, here.scope.what, "when", given=here.scope.given, value=True)
    return Here(here.check, scope, here.facts)


def _there(words: tuple[syntax.Word, ...], clause: str, here: Here) -> tuple[str, ...] | None:
    """Find fields that no record behind the ``when`` lacks."""
    found = clauses.fields(here.check, words, clause)
    if found is None:
        return None
    fine = True
    for field, word in found:
        known = here.facts.get(syntax.Name(field.name))
        if field.optional and (known is None or not known.present):
            fine = False
            declared = here.check.names.sites.get(field.name)
            if here.check.first_complaint(here.scope.what, syntax.Name(field.name)):
                here.check.report(
                    say_missing.field_may_be_missing(here.check.source, word.span, field.name, clause, declared)
                )
    return tuple(field.name for field, _ in found) if fine else None


# ---- clauses -----------------------------------------------------------------------------------------------------


def _allowed(check: Check, aggregate: syntax.Aggregate, found: _Clauses) -> bool:
    """Report the clauses that do not act on this aggregate."""
    name = called(aggregate)
    fine = True
    where: tuple[str, ...]
    for keyword, clause in found.steps:
        if keyword == "within":
            acts, where = name != "=", ("count", "sum", "distinct", "average", "days of")
        elif keyword == "halving":
            acts, where = name in _ADDING or name == "distinct", (*_ADDING, "distinct")
        else:
            acts, where = name in _ADDING, _ADDING
        if not acts:
            fine = False
            check.report(say.clause_refused(check.source, clause.span, keyword, name, where))
    return fine


def _dilutable(check: Check, diluted: syntax.Diluted, here: Here) -> bool:
    check.used.add("actor")
    actor = check.names.fields.get("actor")
    if actor is None:
        if not check.names.is_poison("actor") and not check.damaged and check.names.has_records:
            check.report(say_name.no_actor(check.source, diluted.span, "`diluted per actor per day` reads"))
        return False
    known = here.facts.get(_ACTOR)
    if actor.optional and (known is None or not known.present):
        declared = check.names.sites.get("actor")
        check.report(
            say_missing.field_may_be_missing(check.source, diluted.span, "actor", "diluted per actor per day", declared)
        )
        return False
    return True


def _keep(
    keep: syntax.Keep | None, aggregate: syntax.Aggregate, aggregated: _Aggregated | None, here: Here
) -> rulebook.Keep | None:
    if keep is None:
        return None
    check = here.check
    fields = _there(keep.fields, "keep … per", here)
    limit = clauses.number(check, keep.limit, "`keep at most`")
    if limit is not None and (decimals.places_of(limit.value) > 0 or limit.value < 1):
        check.report(
            say.limit_range(check.source, keep.limit.span, "keep at most", limit.value, "a whole number of 1 or more")
        )
        return None
    if not _not_negative(check, aggregate, aggregated, "keep", keep.span) or fields is None or limit is None:
        return None
    return rulebook.Keep(limit, fields, keep.period)


def _total(
    total: syntax.Total | None, aggregate: syntax.Aggregate, aggregated: _Aggregated | None, check: Check
) -> rulebook.Total | None:
    if total is None:
        return None
    limit = clauses.number(check, total.limit, "`total at most`")
    if limit is not None and limit.value < 0:
        check.report(
            say.limit_range(check.source, total.limit.span, "total at most", limit.value, "a number of 0 or more")
        )
        return None
    by_kind = isinstance(aggregate, syntax.SumByKind)
    if limit is None or not (by_kind or _not_negative(check, aggregate, aggregated, "total", total.span)):
        return None
    return rulebook.Total(limit, total.period)


def _not_negative(
    check: Check, aggregate: syntax.Aggregate, aggregated: _Aggregated | None, clause: str, span: Span
) -> bool:
    """Say whether no record's value can be negative; else report it."""
    if aggregated is None or aggregated.value is None or aggregated.value.low >= 0:
        return True
    match aggregate:
        case syntax.Of(value=value):
            check.report(say.may_be_negative_value(check.source, value.span, check.text(value.span), clause, span))
        case syntax.SumByKind(rows=rows):
            assert isinstance(aggregated.aggregate, rulebook.SumByKind)  # noqa: S101  # made from it
            row = next(
                row for row, (_, value) in zip(rows, aggregated.aggregate.values, strict=True) if _number(value).low < 0
            )
            check.report(say.keep_negative_row(check.source, row.value.span, check.text(row.value.span), span))
        case _:
            return True
    return False


def _halving(check: Check, halving: syntax.Halving | None) -> rulebook.Constant | None:
    if halving is None:
        return None
    found = clauses.duration(check, halving.every, "`halving every`")
    if halving.except_pauses:
        check.report(say_later.not_yet(check.source, halving.span, "halving … except pauses"))
        return None
    if found is None:
        return None
    if not 0 < found.value <= intervals.MOST_DAYS:
        check.report(
            say_number.days_wanted(
                check.source, halving.every.span, check.text(halving.every.span), found.value, whole=False
            )
        )
        return None
    return found


# ---- the number --------------------------------------------------------------------------------------------------


def _type(
    check: Check,
    written: syntax.Measure,
    aggregated: _Aggregated,
    found: _Clauses,
    within: rulebook.Constant | None,
) -> NumberType | None:
    """Return the interval and the places of the measure's number."""
    fades = found.halving is not None or check.names.discounted
    match aggregated.aggregate:
        case rulebook.Count() | rulebook.SumOf() | rulebook.SumByKind():
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
        case rulebook.Distinct():
            return NumberType(intervals.ZERO, intervals.MOST, decimals.PLACES if fades else 0)
        case rulebook.DaysOf():
            days = intervals.MOST_DAYS if within is None else within.value
            return NumberType(intervals.ZERO, days, 0)
        case rulebook.HIndex():
            return NumberType(intervals.ZERO, _MOST_H, 0)
        case rulebook.Pick(how=how):
            assert aggregated.value is not None  # noqa: S101  # it has one
            value = aggregated.value
            return NumberType(value.low, value.high, decimals.PLACES) if how == "average" else value
        case rulebook.Formula():
            return aggregated.value
        case _:
            assert_never(aggregated.aggregate)


def _too_large(check: Check, written: syntax.Measure, value: NumberType) -> None:
    match written.aggregate:
        case syntax.Of(value=expr):
            span = expr.span
        case syntax.SumByKind(rows=rows):
            span = rows[0].value.span.to(rows[-1].value.span)
        case _:
            span = written.aggregate.span
    check.report(say_number.sum_too_large(check.source, span, check.text(span), value))


def _number(expr: rulebook.Expr) -> NumberType:
    assert isinstance(expr.type, NumberType)  # noqa: S101  # expressions.number gave it
    return expr.type
