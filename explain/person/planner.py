"""Takes a rulebook's expressions; gives them made ready for everybody: the nodes that they will be, without values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from msgspec import Struct

from tallystick.engine.arithmetic import subtract
from tallystick.engine.calendar import in_utc
from tallystick.engine.intake.reading import written
from tallystick.explain.person.clocks import told
from tallystick.explain.person.operators import Value
from tallystick.explain.tree.nodes import Node, Operator, ValueType
from tallystick.explain.tree.origins import FieldType
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
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType


class Plan(Struct, frozen=True, dict=True):  # dict: what does not depend on a person is kept with it
    """An expression made ready once for a rulebook: the node that it will be, without values."""

    operator: Operator
    type: ValueType
    name: str | None = None
    singular: str | None = None
    plural: str | None = None
    value: Value = None
    operands: tuple[Plan, ...] = ()

    @cached_property
    def blank(self) -> Node:
        """The expression's node without values: for what was not worked out, and for the guide."""
        return Node(
            operator=self.operator,
            type=self.type,
            value=written(self.value),
            worked_out=False,
            name=self.name,
            singular=self.singular,
            plural=self.plural,
            operands=tuple(each.blank for each in self.operands),
        )

    @cached_property
    def constant(self) -> tuple[Node, Value]:
        """The node and value of what is the same for everybody: a literal or a parameter."""
        return leaf_node(self, self.value)


def _leaf_type(value: Value) -> tuple[Operator, ValueType]:
    """Return what a literal is called."""
    match value:
        case bool():
            return "yes/no", "yes/no"
        case Decimal():
            return "number", "number"
        case datetime():
            return "time", "time"
        case date():
            return "date", "date"
        case str() | None:
            return "text", "text"
        case _:
            assert_never(value)


def value_type(of: Type) -> ValueType:
    """Return a type's name in the document."""
    match of:
        case TextType() | OneOfType():
            return "text"
        case YesNoType():
            return "yes/no"
        case DateType():
            return "date"
        case TimeType():
            return "time"
        case NumberType():
            return "number"
        case DurationType():
            return "duration"
        case _:
            assert_never(of)


def field_type(of: Type) -> FieldType:
    """Return what the values of a field are: a ``one of`` has the rulebook's words, and a text is anybody's."""
    if isinstance(of, OneOfType):
        return "one of"
    found = value_type(of)
    assert found != "duration"  # noqa: S101  no field holds one
    return found


_ARITHMETIC: dict[str, Operator] = {
    "+": "sum of",
    "-": "difference of",
    "*": "product of",
    "/": "quotient of",
}
_COMPARE: dict[str, Operator] = {
    "=": "equal to",
    "!=": "not equal to",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
}
_CALL: dict[str, Operator] = {
    "min": "least of",
    "max": "greatest of",
    "abs": "absolute value of",
    "round": "nearest whole number to",
    "floor": "rounded down",
    "ceiling": "rounded up",
    "sqrt": "square root of",
    "ln": "natural logarithm of",
    "log10": "logarithm to base 10 of",
    "exp": "exponential of",
    "erfc": "complementary error function of",
}
_TEXT: dict[tuple[str, bool], Operator] = {
    ("starts", False): "starts with",
    ("ends", False): "ends with",
    ("contains", False): "contains",
    ("starts", True): "starts with, ignoring case",
    ("ends", True): "ends with, ignoring case",
    ("contains", True): "contains, ignoring case",
}
SHAPES: dict[str, Operator] = {
    "linear": "linear share of",
    "square root": "square root share of",
    "logarithmic": "logarithmic share of",
    "log normal": "log-normal level of",
}


def literal(value: Value, kind: ValueType | None = None) -> Plan:
    """Return the plan of a value as written."""
    operator, type_ = _leaf_type(value)
    return Plan(operator, kind or type_, value=value)


class Planner:
    """Makes the plans of one rulebook's expressions, with its author's words for what they name."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Look up the titles once."""
        self._zone = rulebook.time_zone
        self._measures = {each.name: each for each in rulebook.measures}
        self._parameters = {each.name: each for each in rulebook.parameters}
        self._fields = {each.name: each for each in rulebook.records or ()}
        self._attributes = {each.name: each for each in rulebook.subjects or ()}

    def constant(self, constant: Constant) -> Plan:
        """Return the plan of a constant: the parameter that it is, or its value."""
        kind: ValueType = "duration" if isinstance(constant.expr.type, DurationType) else "number"
        if isinstance(constant.expr.op, ParameterOf):
            return self._parameter(constant.expr.op.name, constant.value, kind)
        return Plan("number", kind, value=constant.value)

    def _parameter(self, name: str, value: Value, kind: ValueType) -> Plan:
        """Return the plan of a parameter."""
        declared = self._parameters.get(name)
        title = declared.title if declared is not None else None
        return Plan("parameter", kind, name, title, title, value)

    def plan(self, expr: Expr) -> Plan:  # noqa: C901, PLR0912  (one case for each form of expression)
        """Return the plan of an expression."""
        kind = value_type(expr.type)
        op = expr.op
        match op:
            case Literally(value):
                operator, type_ = _leaf_type(value)
                return Plan(operator, kind if kind == "duration" else type_, value=value)
            case FieldOf(name):
                field = self._fields.get(name)
                title = field.title if field is not None else None
                return Plan("field", kind, name, title, title)
            case AttributeOf(name, whose):
                attribute = self._attributes.get(name)
                title = attribute.title if attribute is not None and whose == "subject" else None
                return Plan("attribute", kind, name if whose == "subject" else f"actor.{name}", title, title)
            case ParameterOf(name, value):
                return self._parameter(name, value, kind)
            case MeasureOf(name):
                measure = self._measures[name]
                return Plan("measure", kind, name, measure.singular, measure.plural)
            case EarnedOf(name):
                measure = self._measures[name]
                return Plan("earned", kind, name, measure.singular, measure.plural)
            case Negate(operand):
                inner = self.plan(operand)
                if inner.operator == "number" and isinstance(inner.value, Decimal):
                    return literal(subtract(Decimal(0), inner.value), kind)
                return Plan("negative of", kind, operands=(inner,))
            case Not(operand):
                return self._of("not", kind, operand)
            case Arithmetic("+", left, right):
                return Plan("sum of", kind, operands=(*self._added(left), *self._added(right)))
            case Arithmetic(symbol, left, right):
                return self._of(_ARITHMETIC[symbol], kind, left, right)
            case Compare(symbol, left, right):
                return self._of(_COMPARE[symbol], kind, left, right)
            case Logic(symbol, operands):
                return self._of("all of" if symbol == "and" else "any of", kind, *operands)
            case In(value, options, negated):
                return self._of("none of" if negated else "one of", kind, value, *options)
            case IsMissing(value, negated):
                return self._of("not missing" if negated else "missing", kind, value)
            case OrElse(value, default):
                return self._of("first that is known of", kind, value, default)
            case If(condition, then, otherwise):
                return self._of("if", kind, condition, then, otherwise)
            case Call(function, arguments):
                return self._of(_CALL[function], kind, *arguments)
            case Since(unit, day):
                since: Operator = "days since" if unit == "days" else "years since"
                return Plan(since, kind, operands=(self._day(day), Plan("as of", "date")))
            case FromTo(unit, start, end):
                if unit == "seconds":
                    return self._of("seconds from", kind, start, end)
                return Plan("days from", kind, operands=(self._day(start), self._day(end)))
            case TextTest(test, value, part, folded):
                return self._of(_TEXT[test, folded], kind, value, part)
            case Returned(within):
                return Plan("returned within", kind, operands=(self.constant(within),))
            case _:
                assert_never(op)

    def _added(self, expr: Expr) -> tuple[Plan, ...]:
        """Return what a sum of sums adds up; adding is exact, so ``a + b + c`` is one sum."""
        plan = self.plan(expr)
        return plan.operands if plan.operator == "sum of" else (plan,)

    def _of(self, operator: Operator, kind: ValueType, *operands: Expr) -> Plan:
        """Return the plan of an operator over expressions."""
        return Plan(operator, kind, operands=tuple(self.plan(each) for each in operands))

    def _day(self, expr: Expr) -> Plan:
        """Return the plan of a date, or of a moment's day in the rulebook's time zone."""
        plan = self.plan(expr)
        return plan if plan.type == "date" else Plan("day of", "date", operands=(plan, literal(self._zone)))


def leaf_node(plan: Plan, value: Value) -> tuple[Node, Value]:
    """Return the node of a value that is named or written; a moment that rules are written with is told in UTC."""
    if isinstance(value, datetime) and plan.operator != "attribute":
        value = in_utc(value)
    node = Node(
        operator=plan.operator,
        type=plan.type,
        value=told(value),
        name=plan.name,
        singular=plan.singular,
        plural=plan.plural,
    )
    return node, value


def names(plan: Plan, operator: Operator) -> tuple[str, ...]:
    """Return the names of the measures or attributes that an expression reads, each once, in the order of its text."""
    found: dict[str, None] = {}
    _names(plan, operator, found)
    return tuple(found)


def _names(plan: Plan, operator: Operator, found: dict[str, None]) -> None:
    """Gather names into ``found``."""
    if plan.operator == operator and plan.name is not None:
        found.setdefault(plan.name)
    for each in plan.operands:
        _names(each, operator, found)
