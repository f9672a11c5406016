"""Takes a rulebook and a day; gives the program from which a calculator works out its points, if it can be exact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of
from tallystick.engine.query.plan_reading import measures_read, rule_exprs, walk
from tallystick.engine.what_if.supposed import names_in, read_by_all
from tallystick.explain.calculator.document import (
    Calculation,
    Calculator,
    CalculatorBand,
    CalculatorFacet,
    CalculatorInput,
    CalculatorMeasure,
    CalculatorOperator,
    CalculatorRequirement,
    CalculatorRow,
    CalculatorRule,
    CalculatorScore,
)
from tallystick.rules.expression import (
    Arithmetic,
    AttributeOf,
    Call,
    Compare,
    Constant,
    EarnedOf,
    Expr,
    FieldOf,
    FromTo,
    If,
    In,
    IsMissing,
    Literally,
    Logic,
    MeasureOf,
    Negate,
    Not,
    OrElse,
    ParameterOf,
    Returned,
    Since,
    TextTest,
)
from tallystick.rules.measure import Formula
from tallystick.rules.rule import AnyOther, Missing, Points, Range, Row, Rule, Shape, Table, Values, Weighted
from tallystick.rules.rulebook import Band, Rulebook
from tallystick.rules.value import (
    DateType,
    DurationType,
    NumberType,
    OneOfType,
    Scalar,
    TextType,
    TimeType,
    Type,
    YesNoType,
)


def of_rule(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """Return the rulebook with one rule alone, and those requirements that look at something that the rule looks at:
    behind them the rule's expressions are sure to have a value."""
    alone = replace(rulebook, rules=(rule,), requires=(), bands=(), examples=(), facets=())
    return _with_requirements(alone, rulebook)


def of_score(rulebook: Rulebook) -> Rulebook:
    """Return the rulebook without the requirements that look at nothing that a rule looks at."""
    return _with_requirements(replace(rulebook, requires=(), examples=()), rulebook)


def _with_requirements(alone: Rulebook, rulebook: Rulebook) -> Rulebook:
    looked_at = set(read_by_all(alone))
    there = tuple(each for each in rulebook.requires if looked_at & set(names_in(rulebook, [each.when])))
    kept = replace(alone, requires=tuple(sorted(there, key=lambda each: each.reads_measures)))
    read = measures_read(kept)
    return replace(kept, measures=tuple(each for each in rulebook.measures if each.name in read))


def program_of(rulebook: Rulebook, as_of: date, *, whole: bool) -> Calculator | None:
    """Return the program of a rulebook as ``of_rule`` or (``whole``) ``of_score`` gives it.

    None where it looks at moments: on which day a moment falls is known to its time zone alone.
    """
    names = read_by_all(rulebook)
    if any(map(_of_moments, _exprs(rulebook))):
        return None
    score = rulebook.score
    return Calculator(
        as_of=as_of,
        inputs=tuple(_input(rulebook, name) for name in names),
        measures=tuple(
            CalculatorMeasure(
                name=each.name,
                when=None if each.when is None else calculation(each.when),
                value=calculation(each.aggregate.value),
            )
            for each in rulebook.measures
            if isinstance(each.aggregate, Formula)
        ),
        requires=tuple(
            CalculatorRequirement(name=each.name, when=calculation(each.when)) for each in rulebook.requires
        ),
        rules=tuple(map(_rule, rulebook.rules)),
        line_places=score.line_places,
        facets=tuple(
            CalculatorFacet(name=each.name, at_least=_digits(each.at_least), at_most=_digits(each.at_most))
            for each in rulebook.facets
        ),
        score=None
        if not whole
        else CalculatorScore(
            out_of=_digits(score.out_of),
            at_least=_digits(score.at_least),
            at_most=_digits(score.at_most),
            places=score.places,
        ),
        bands=tuple(map(_band, rulebook.bands)),
    )


def type_of(rulebook: Rulebook, name: str) -> tuple[Type, bool]:
    """Return the type of a measure or attribute, and whether it can be missing."""
    for measure in rulebook.measures:
        if measure.name == name:
            return measure.type, measure.optional
    field = next(each for each in rulebook.subjects or () if each.name == name)
    return field.type, field.optional


# ---- what is supposed --------------------------------------------------------------------------------------------


def _input(rulebook: Rulebook, name: str) -> CalculatorInput:
    found, optional = type_of(rulebook, name)
    match found:
        case NumberType(low=low, high=high, places=places):
            return CalculatorInput(
                name=name, type="number", low=text_of(low), high=text_of(high), places=places, optional=optional
            )
        case YesNoType():
            return CalculatorInput(name=name, type="yes/no", optional=optional)
        case OneOfType(values=values):
            return CalculatorInput(name=name, type="one of", values=values, optional=optional)
        case TextType():
            return CalculatorInput(name=name, type="text", optional=optional)
        case DateType():
            return CalculatorInput(name=name, type="day", optional=optional)
        case TimeType() | DurationType():
            message = f"nobody can suppose a value of type {type(found).__name__}"
            raise AssertionError(message)
        case _:
            assert_never(found)


def _exprs(rulebook: Rulebook) -> Iterator[Expr]:
    """Give every expression with which a calculator works."""
    for rule in rulebook.rules:
        yield from rule_exprs(rule)
    yield from (each.when for each in rulebook.requires)
    yield from (need.when for band in rulebook.bands for need in band.needs)
    for measure in rulebook.measures:
        if isinstance(measure.aggregate, Formula):
            yield measure.aggregate.value
            if measure.when is not None:
                yield measure.when


def _of_moments(expr: Expr) -> bool:
    """Say whether an expression holds a moment anywhere, be it as written."""
    return any(isinstance(part.type, TimeType) for part in walk(expr))


# ---- rules, the score and its bands ------------------------------------------------------------------------------


def _rule(rule: Rule) -> CalculatorRule:
    otherwise = None if rule.otherwise is None else rule.otherwise.points
    made = CalculatorRule(
        name=rule.name,
        facet=rule.facet,
        value=_looks_at(rule),
        when=None if rule.when is None else calculation(rule.when),
        otherwise=None if otherwise is None else calculation(otherwise),
        at_least=_digits(rule.at_least),
        at_most=_digits(rule.at_most),
    )
    match rule.body:
        case Weighted(weight=weight, shape=Shape() as shape):
            curve = {"shape": shape.name, "full": _digits(shape.full), "p10": _digits(shape.p10)}
            return made.model_copy(update={"weight": _digits(weight), **curve})
        case Weighted(weight=weight):
            return made.model_copy(update={"weight": _digits(weight)})
        case Points():
            return made
        case Table(rows=rows):
            return made.model_copy(update={"rows": tuple(map(_row, rows))})
        case _:
            assert_never(rule.body)


def _looks_at(rule: Rule) -> Calculation:
    match rule.body:
        case Weighted(value=value) | Points(value=value) | Table(by=value):
            return calculation(value)
        case _:
            assert_never(rule.body)


def _row(row: Row) -> CalculatorRow:
    points = calculation(row.points)
    match row.takes:
        case Missing():
            return CalculatorRow(takes="missing", points=points)
        case AnyOther():
            return CalculatorRow(takes="otherwise", points=points)
        case Values(values=values):
            return CalculatorRow(takes="values", values=tuple(map(_literal, values)), points=points)
        case Range(low=low, low_open=low_open, high=high, high_open=high_open):
            return CalculatorRow(
                takes="range",
                low=None if low is None else _literal(low),
                from_open=low_open or None,
                high=None if high is None else _literal(high),
                to_open=high_open or None,
                points=points,
            )
        case _:
            assert_never(row.takes)


def _band(band: Band) -> CalculatorBand:
    if band.start is not None:
        return CalculatorBand(name=band.name, start=text_of(band.start))
    return CalculatorBand(name=band.name, needs=tuple(calculation(need.when) for need in band.needs))


def _digits(constant: Constant | None) -> str | None:
    return None if constant is None else text_of(constant.value)


# ---- expressions -------------------------------------------------------------------------------------------------


def calculation(expr: Expr) -> Calculation:  # noqa: C901, PLR0912  one case for each operation
    """Return an expression of a person as steps."""
    match expr.op:
        case Literally(value=value) | ParameterOf(value=value):
            return _literal(value)
        case AttributeOf(name=name, whose="subject"):
            return Calculation(op="attribute", value=name)
        case MeasureOf(name=name):
            return Calculation(op="measure", value=name)
        case Negate(operand=operand):
            return _step("negative", operand)
        case Not(operand=operand):
            return _step("not", operand)
        case Arithmetic(operator=operator, left=left, right=right):
            return _step(operator, left, right)
        case Compare(operator=operator, left=left, right=right):
            return _step(operator, left, right)
        case Logic(operator=operator, operands=operands):
            return _step(operator, *operands)
        case In(value=value, options=options, negated=negated):
            return _unless(_step("in", value, *options), negated=negated)
        case IsMissing(value=value, negated=negated):
            return _unless(_step("is missing", value), negated=negated)
        case OrElse(value=value, default=default):
            return _step("or else", value, default)
        case If(condition=condition, then=then, otherwise=otherwise):
            return _step("if", condition, then, otherwise)
        case Call(function=function, arguments=arguments):
            return _step(function, *arguments)
        case Since(unit=unit, date=start):
            return _step("days since" if unit == "days" else "years since", start)
        case FromTo(unit="days", start=start, end=end):
            return _step("days from", start, end)
        case TextTest(test="contains", value=value, part=part, ignoring_case=ignoring_case):
            return _step("contains, ignoring case" if ignoring_case else "contains", value, part)
        case TextTest(test="starts", value=value, part=part, ignoring_case=ignoring_case):
            return _step("starts with, ignoring case" if ignoring_case else "starts with", value, part)
        case TextTest(test="ends", value=value, part=part, ignoring_case=ignoring_case):
            return _step("ends with, ignoring case" if ignoring_case else "ends with", value, part)
        case AttributeOf() | FieldOf() | EarnedOf() | Returned() | FromTo() | TextTest():
            message = f"{type(expr.op).__name__} is of records or moments, and no rule of a calculator has that"
            raise AssertionError(message)
        case _:
            assert_never(expr.op)


def _step(op: CalculatorOperator, *operands: Expr) -> Calculation:
    return Calculation(op=op, of=tuple(map(calculation, operands)))


def _unless(step: Calculation, *, negated: bool) -> Calculation:
    return Calculation(op="not", of=(step,)) if negated else step


def _literal(value: Scalar) -> Calculation:
    match value:
        case bool():
            return Calculation(op="yes/no", value="yes" if value else "no")
        case Decimal():
            return Calculation(op="number", value=text_of(value))
        case str():
            return Calculation(op="text", value=value)
        case date() if not isinstance(value, datetime):
            return Calculation(op="day", value=value.isoformat())
        case _:
            message = f"a moment stands in no program: {value}"
            raise AssertionError(message)
