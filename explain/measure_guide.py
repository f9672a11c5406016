"""Takes a declared measure; gives in words how it is taken of anyone, clause by clause."""

from __future__ import annotations

from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.node_words import condition, listed, term
from tallystick.explain.plain import days_in_words, quoted, readable, sentence
from tallystick.explain.planner import Planner
from tallystick.explain.working import blank
from tallystick.rules.rulebook import (
    Constant,
    Count,
    DaysOf,
    Distinct,
    DurationType,
    Expr,
    Formula,
    HIndex,
    Measure,
    ParameterOf,
    Pick,
    RecordAggregate,
    SumByKind,
    SumOf,
)


def constant_words(constant: Constant) -> str:
    """Return a constant: its value, and the parameter that it is, if it is one."""
    value = text_of(constant.value)
    words = days_in_words(value) if isinstance(constant.expr.type, DurationType) else value
    if isinstance(constant.expr.op, ParameterOf):
        return f"{words} ({quoted(readable(constant.expr.op.name))})"
    return words


class MeasureGuide:
    """Puts the measures of one rulebook into words."""

    def __init__(self, planner: Planner) -> None:
        """Take the rulebook's titles."""
        self._planner = planner

    def sentences(self, measure: Measure) -> tuple[str, ...]:
        """Return what a measure is, then each of its clauses in the order of working."""
        found = [self._aggregate(measure)]
        if measure.when is not None and not isinstance(measure.aggregate, Formula):
            found.append(f"Only records for which this holds: {self._condition(measure.when)}.")
        elif measure.when is not None:
            found.append(
                f"Worked out only for people with {self._condition(measure.when)}; it does not apply to others."
            )
        if measure.within is not None:
            found.append(
                f"Only the last {constant_words(measure.within)} up to the day of the score, that day included."
            )
        if measure.diluted:
            found.append(
                "What somebody gives on one day is shared out over all that they give that day: each counts in part."
            )
        if measure.keep is not None:
            per = "".join(f" per {readable(each)}" for each in measure.keep.fields)
            period = "" if measure.keep.period is None else f" per {measure.keep.period}"
            limit = constant_words(measure.keep.limit)
            found.append(f"At most {limit} count{per}{period}, those of the highest value first, then the latest.")
        if measure.total is not None:
            found.append(
                f"Together they count at most {constant_words(measure.total.limit)} per {measure.total.period}."
            )
        if measure.halving is not None:
            found.append(f"What is older counts less, losing half every {constant_words(measure.halving)}.")
        if measure.except_pauses:
            found.append("While the person is away, as told to whoever keeps the score, nothing fades.")
        if measure.because is not None:
            found.append(f"Why: {sentence(measure.because)}")
        return tuple(found)

    def _condition(self, expr: Expr) -> str:
        """Return a condition in words."""
        return condition(blank(self._planner.plan(expr)))

    def _term(self, expr: Expr) -> str:
        """Return an expression in words."""
        return term(blank(self._planner.plan(expr)))

    def _aggregate(self, measure: Measure) -> str:
        """Return what a measure is."""
        aggregate = measure.aggregate
        match aggregate:
            case Formula():
                return f"Worked out as {self._term(aggregate.value)}."
            case Count():
                return f"How many {_records(aggregate)} there are."
            case Distinct():
                fields = listed([readable(each) for each in aggregate.fields])
                return f"How many different values of {quoted(fields)} there are among {_records(aggregate)}."
            case SumOf():
                return f"The sum of {self._term(aggregate.value)} over {_records(aggregate)}."
            case SumByKind():
                parts = [f"{readable(kind)}: {self._term(value)}" for kind, value in aggregate.values]
                return f"The sum over all records of these kinds, each counted so: {'; '.join(parts)}."
            case Pick():
                what = f"The {aggregate.how} value of {self._term(aggregate.value)} among {_records(aggregate)}"
                return f"{what}; without any, it is not known."
            case DaysOf():
                return f"On how many days there are any {_records(aggregate)}."
            case HIndex():
                return (
                    f"The greatest number for which that many values of {quoted(readable(aggregate.field))} "
                    f"have at least that many {_records(aggregate)} each."
                )
            case _:
                assert_never(aggregate)


def _records(aggregate: RecordAggregate) -> str:
    """Return which records are read: ``like or endorse records``."""
    kinds = listed([quoted(readable(each)) for each in aggregate.kinds], "or")
    return f"records of {kinds}{' given by the person' if aggregate.given else ''}"
