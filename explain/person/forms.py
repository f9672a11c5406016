"""Takes a rulebook's declarations; gives the parts of an explanation that tell of them, with all filled in that is the
same for everybody, so that only somebody's own figures have to be put in."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of
from tallystick.engine.ledger import Step as StepName
from tallystick.explain.figures import in_percent, short
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.measures import EachRecord, How, Measured, Step
from tallystick.explain.tree.nodes import Node
from tallystick.rules.expression import Constant, ParameterOf
from tallystick.rules.measure import (
    Aggregate,
    Count,
    DaysOf,
    Distinct,
    Formula,
    HIndex,
    Measure,
    Period,
    Pick,
    SumByKind,
    SumOf,
)
from tallystick.rules.rule import Rule, Weighted
from tallystick.rules.rulebook import Parameter, Rulebook

_FORMULAS = {
    "linear": "x / full",
    "square root": "√(x / full)",
    "logarithmic": "ln(1 + x) / ln(1 + full)",
    "log normal": "(1 + erf(c × ln(x / full) / ln(p10 / full))) / 2 where erf(c) = 0.8; at the curve's end for x ≤ 0",
}


def line_form(rule: Rule, most: Decimal | None) -> Line:
    """Return a rule's line without anybody's figures."""
    weighted = rule.body if isinstance(rule.body, Weighted) else None
    shape = None if weighted is None else weighted.shape
    return Line(
        rule=rule.name,
        title=rule.title,
        facet=rule.facet,
        why=rule.because,
        state="applies",
        missing=None,
        points=None,
        of=short(most),
        weight=None if weighted is None else _written(weighted.weight),
        effective_weight=None,
        effective_weight_about=None,
        shape=None if shape is None else shape.name,
        p10=None if shape is None else _written(shape.p10),
        full=None if shape is None else _written(shape.full),
        formula=None if shape is None else _FORMULAS[shape.name],
        looks_at=None,
        level=None,
        row=None,
        value=None,
        given=None,
        taken=None,
        rounding=None,
        at_least=_written(rule.at_least),
        at_most=_written(rule.at_most),
        baseline=_written(rule.baseline),
        condition=None,
        otherwise=None if rule.otherwise is None else rule.otherwise.words,
        says=None,
        measures=(),
        inputs=(),
        counted=0,
        not_counted=(),
        working=None,
    )


def measure_form(measure: Measure, only: Node | None, each: tuple[EachRecord, ...]) -> Measured:
    """Return a measure without anybody's figures. ``only``, ``each``: which records are taken and what each counts."""
    aggregate = measure.aggregate
    return Measured(
        measure=measure.name,
        singular=measure.singular,
        plural=measure.plural,
        because=measure.because,
        how=_how(aggregate),
        kinds=() if isinstance(aggregate, Formula) else aggregate.kinds,
        fields=_fields(aggregate),
        given=not isinstance(aggregate, Formula) and aggregate.given,
        within_days=_written(measure.within),
        state="missing",
        value=None,
        about=None,
        records=None,
        before=None,
        before_about=None,
        steps=(),
        condition=None,
        working=None,
        parts=(),
        inputs=(),
        only=only,
        each=each,
    )


def _how(aggregate: Aggregate) -> How:
    """Return what an aggregate is called."""
    match aggregate:
        case Count():
            return "count"
        case Distinct():
            return "distinct"
        case SumOf():
            return "sum"
        case SumByKind():
            return "sum by kind"
        case Pick():
            return aggregate.how
        case DaysOf():
            return "days"
        case HIndex():
            return "h index"
        case Formula():
            return "formula"
        case _:
            assert_never(aggregate)


def _fields(aggregate: Aggregate) -> tuple[str, ...]:
    """Return the fields whose values are counted."""
    match aggregate:
        case Distinct(fields=fields):
            return fields
        case HIndex(field=field):
            return (field,)
        case _:
            return ()


def step_forms(rulebook: Rulebook, measure: Measure) -> dict[tuple[str, str], Step]:
    """Return the steps of a measure without anybody's figures, by step and name."""
    parameters = {each.name: each for each in rulebook.parameters}
    forms = [
        _form("paused"),
        _form("dilution"),
        _form("window", *_told(parameters, measure.within), days=_written(measure.within)),
        replace(
            _form("fading", *_told(parameters, measure.halving), days=_written(measure.halving)),
            except_pauses=measure.except_pauses,
        ),
        *(_form("excluded", each.title, each.because, name=each.name) for each in rulebook.excludes),
    ]
    for each in rulebook.discounts:
        percent = text_of(in_percent(each.to.value))
        forms.append(_form("discount", each.title, each.because, name=each.name, percent=percent))
    if measure.keep is not None:
        title, because = _told(parameters, measure.keep.limit)
        keep = _form("keep", title, because, limit=_written(measure.keep.limit), period=measure.keep.period)
        forms.append(replace(keep, per=measure.keep.fields))
    if measure.total is not None:
        title, because = _told(parameters, measure.total.limit)
        limit, period = _written(measure.total.limit), measure.total.period
        forms.append(_form("total", title, because, limit=limit, period=period))
    return {(each.step, each.name or ""): each for each in forms}


def limits_of(measure: Measure, forms: dict[tuple[str, str], Step]) -> tuple[Step, ...]:
    """Return the steps that take something from many records at once, in the order of working, as they take nothing."""
    declared: dict[StepName, bool] = {
        "dilution": measure.diluted,
        "keep": measure.keep is not None,
        "total": measure.total is not None,
    }
    return tuple(replace(forms[step, ""], value="0") for step, there in declared.items() if there)


def _form(
    step: StepName,
    title: str | None = None,
    because: str | None = None,
    *,
    name: str | None = None,
    percent: str | None = None,
    limit: str | None = None,
    period: Period | None = None,
    days: str | None = None,
) -> Step:
    return Step(
        step=step,
        name=name,
        title=title,
        because=because,
        records=0,
        value=None,
        about=None,
        percent=percent,
        limit=limit,
        period=period,
        days=days,
    )


def _written(constant: Constant | None) -> str | None:
    return None if constant is None else text_of(constant.value)


def _told(parameters: dict[str, Parameter], constant: Constant | None) -> tuple[str | None, str | None]:
    """Return the title and reason of the parameter that a limit or duration is, if it is one."""
    if constant is None or not isinstance(constant.expr.op, ParameterOf):
        return None, None
    parameter = parameters.get(constant.expr.op.name)
    return (None, None) if parameter is None else (parameter.title, parameter.because)
