"""Takes a declared measure; gives in words how it is taken of anyone, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.person.planner import Planner
from tallystick.explain.plain import days_in_words, quoted, readable, sentence
from tallystick.explain.tongue import listed, listed_or, number, phrase, say
from tallystick.explain.words.nodes import condition, term
from tallystick.explain.words.taken import per_words
from tallystick.rules.expression import Constant, Expr, ParameterOf
from tallystick.rules.measure import (
    Count,
    DaysOf,
    Distinct,
    Formula,
    HIndex,
    Measure,
    Pick,
    RecordAggregate,
    SumByKind,
    SumOf,
)
from tallystick.rules.placed import nodes
from tallystick.rules.questions.decide import touches
from tallystick.rules.rulebook import Discount
from tallystick.rules.value import DurationType

_PICKED = {
    "average": phrase("The average value of {formula} among {records}; without any, it is not known."),
    "highest": phrase("The highest value of {formula} among {records}; without any, it is not known."),
    "lowest": phrase("The lowest value of {formula} among {records}; without any, it is not known."),
    "latest": phrase("The latest value of {formula} among {records}; without any, it is not known."),
}


def constant_words(planner: Planner, constant: Constant) -> str:
    """Return a constant: its value, and the parameter that it is or what of parameters it is worked out from."""
    value = text_of(constant.value)
    words = days_in_words(value) if isinstance(constant.expr.type, DurationType) else number(value)
    if isinstance(constant.expr.op, ParameterOf):
        return say("{value} ({name})", value=words, name=quoted(readable(constant.expr.op.name)))
    if reads_parameters(constant):
        return say("{value} ({name})", value=words, name=term_words(planner, constant.expr))
    return words


def condition_words(planner: Planner, expr: Expr) -> str:
    """Return a condition in words."""
    return condition(planner.plan(expr).blank)


def term_words(planner: Planner, expr: Expr) -> str:
    """Return an expression in words."""
    return term(planner.plan(expr).blank)


def reads_parameters(constant: Constant) -> bool:
    """Say whether a constant is a parameter, or worked out from some."""
    return any(isinstance(each, ParameterOf) for each in nodes(constant.expr))


class MeasureGuide:
    """Puts the measures of one rulebook into words."""

    def __init__(self, planner: Planner, discounts: Iterable[Discount]) -> None:
        """Take the rulebook's titles and what counts in part."""
        self._planner = planner
        self._discounts = tuple(discounts)

    def sentences(self, measure: Measure) -> tuple[str, ...]:
        """Return what a measure is, then each of its clauses in the order of working."""
        found = [self._aggregate(measure)]
        if measure.when is not None and not isinstance(measure.aggregate, Formula):
            found.append(
                say(
                    "Only records for which this holds: {condition}.",
                    condition=condition_words(self._planner, measure.when),
                )
            )
        elif measure.when is not None:
            found.append(
                say(
                    "Worked out only for people with {condition}; it does not apply to others.",
                    condition=condition_words(self._planner, measure.when),
                )
            )
        if measure.within is not None and measure.within.value == 1:
            found.append(
                say("Only the day of the score itself: {days}.", days=constant_words(self._planner, measure.within))
            )
        elif measure.within is not None:
            found.append(
                say(
                    "Only the last {days} up to the day of the score, that day included.",
                    days=constant_words(self._planner, measure.within),
                )
            )
        found.extend(self._in_part(measure))
        if measure.diluted:
            found.append(
                say(
                    "What somebody gives on one day is shared out over all that they give that day: "
                    "each counts in part."
                )
            )
        if measure.keep is not None:
            limit = constant_words(self._planner, measure.keep.limit)
            per = per_words(measure.keep.fields, measure.keep.period)
            if self._all_count_alike(measure):
                found.append(say("At most {limit} count{per}, the latest first.", limit=limit, per=per))
            else:
                found.append(
                    say(
                        "At most {limit} count{per}, those of the highest value first, then the latest.",
                        limit=limit,
                        per=per,
                    )
                )
        if measure.total is not None:
            found.append(
                say(
                    "Together they count at most {limit}{per}.",
                    limit=constant_words(self._planner, measure.total.limit),
                    per=per_words((), measure.total.period),
                )
            )
        if measure.halving is not None:
            found.append(
                say(
                    "What is older counts less, losing half every {days}.",
                    days=constant_words(self._planner, measure.halving),
                )
            )
        if measure.except_pauses:
            found.append(say("While the person is away, as told to whoever keeps the score, nothing fades."))
        if measure.because is not None:
            found.append(say("Why: {why}", why=sentence(measure.because)))
        return tuple(found)

    def _all_count_alike(self, measure: Measure) -> bool:
        """Say whether none of the records counts more than another."""
        aggregate = measure.aggregate
        if not isinstance(aggregate, Count) or measure.diluted:
            return False
        return not any(touches(each, aggregate.kinds) for each in self._discounts)

    def _in_part(self, measure: Measure) -> Iterator[str]:
        """Say what becomes of records that count in part where a measure does not simply add records up."""
        aggregate = measure.aggregate
        if isinstance(aggregate, Formula):
            return
        touching = [each.title for each in self._discounts if touches(each, aggregate.kinds)]
        match aggregate:
            case Pick() | DaysOf() | HIndex():
                if touching:
                    yield say("Counted in full here: {titles}.", titles=listed(touching))
            case Distinct():
                if touching or measure.halving is not None:
                    yield say("Each counts as much as the one record behind it that counts most.")
            case Count() | SumOf() | SumByKind():
                pass
            case _:
                assert_never(aggregate)

    def _aggregate(self, measure: Measure) -> str:
        """Return what a measure is."""
        aggregate = measure.aggregate
        match aggregate:
            case Formula():
                return say("Worked out as {formula}.", formula=term_words(self._planner, aggregate.value))
            case Count():
                return say("How many {records} there are.", records=_records(aggregate))
            case Distinct(fields=("actor",)):
                return say(
                    "How many different people there are behind {records}, each counted once.",
                    records=_records(aggregate),
                )
            case Distinct(fields=("subject",)):
                return say(
                    "How many different people {records} are about, each counted once.", records=_records(aggregate)
                )
            case Distinct():
                return say(
                    "How many different values of {fields} there are among {records}.",
                    fields=quoted(listed([readable(each) for each in aggregate.fields])),
                    records=_records(aggregate),
                )
            case SumOf():
                return say(
                    "The sum of {formula} over {records}.",
                    formula=term_words(self._planner, aggregate.value),
                    records=_records(aggregate),
                )
            case SumByKind():
                parts = [f"{readable(kind)}: {term_words(self._planner, value)}" for kind, value in aggregate.values]
                return say("The sum over all records of these kinds, each counted so: {parts}.", parts="; ".join(parts))
            case Pick():
                return say(
                    _PICKED[aggregate.how],
                    formula=term_words(self._planner, aggregate.value),
                    records=_records(aggregate),
                )
            case DaysOf():
                return say("On how many days there are any {records}.", records=_records(aggregate))
            case HIndex(field="actor" | "subject"):
                return say(
                    "The greatest number for which that many people have at least that many {records} each.",
                    records=_records(aggregate),
                )
            case HIndex():
                return say(
                    "The greatest number for which that many values of {field} have at least that many {records} each.",
                    field=quoted(readable(aggregate.field)),
                    records=_records(aggregate),
                )
            case _:
                assert_never(aggregate)


def _records(aggregate: RecordAggregate) -> str:
    """Return which records are read: ``like or endorse records``."""
    kinds = listed_or([quoted(readable(each)) for each in aggregate.kinds])
    if aggregate.given:
        return say("records of {kinds} given by the person", kinds=kinds)
    return say("records of {kinds}", kinds=kinds)
