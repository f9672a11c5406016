"""Takes operator nodes and the values that there were; gives the working as steps that can be redone."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of
from tallystick.explain.tongue import Phrase, listed, number, phrase, say, say_n
from tallystick.explain.tree.nodes import Node
from tallystick.explain.words.nodes import INFIX, literal, written

_STEPS: dict[str, tuple[str, ...]] = {
    # How an operator is told as a step, and the places for its operands.
    "negative of": (phrase("minus {value}: {result}"), "value"),
    "absolute value of": (phrase("size of {value}: {result}"), "value"),
    "nearest whole number to": (phrase("nearest whole number to {value}: {result}"), "value"),
    "square root of": (phrase("square root of {value}: {result}"), "value"),
    "natural logarithm of": (phrase("natural logarithm of {value}: {result}"), "value"),
    "logarithm to base 10 of": (phrase("decimal logarithm of {value}: {result}"), "value"),
    "exponential of": (phrase("exponential of {value}: {result}"), "value"),
    "complementary error function of": (phrase("complementary error function of {value}: {result}"), "value"),
    "rounded down": (phrase("{value} rounded down: {result}"), "value"),
    "rounded up": (phrase("{value} rounded up: {result}"), "value"),
    "linear share of": (phrase("{value} / {full} = {result}"), "value", "full"),
    "square root share of": (phrase("√({value} / {full}) = {result}"), "value", "full"),
    "logarithmic share of": (phrase("ln(1 + {value}) / ln(1 + {full}) = {result}"), "value", "full"),
    "log-normal level of": (
        phrase(
            "half of (1 + erf(c × ln({value} / {median}) / ln({p10} / {median}))), "
            "where erf(c) is four fifths: {result}"
        ),
        "value",
        "p10",
        "median",
    ),
    "limited to": (phrase("{value} held to at most {limit}: {result}"), "value", "limit"),
    "raised to": (phrase("{value} held to at least {limit}: {result}"), "value", "limit"),
    "days since": (phrase("days from {start} to {end}: {result}"), "start", "end"),
    "years since": (phrase("years from {start} to {end}: {result}"), "start", "end"),
    "days from": (phrase("days from {start} to {end}: {result}"), "start", "end"),
    "seconds from": (phrase("seconds from {start} to {end}: {result}"), "start", "end"),
}


def steps(node: Node) -> list[str]:
    """Return the working as steps, each operator on the values of its operands: ``60 × 0.25 = 15``.

    What was not worked out or is not known is not told; conditions are told only by the branch that they chose.
    """
    found: list[str] = []
    _steps(node, found)
    return found


def _steps(node: Node, found: list[str]) -> None:
    """Gather steps, operands first."""
    if not node.operands or node.value is None or node.type == "yes/no":
        return
    for each in node.operands:
        _steps(each, found)
    if node.operator in ("linear share of", "square root share of", "logarithmic share of"):
        node = _held(node, found)
    written = _step(node)
    if written is not None and (not found or found[-1] != written):
        found.append(written)


def _held(share: Node, found: list[str]) -> Node:
    """Return a share with its value held between 0 and where it is full, and tell that where it changes something."""
    value, full = share.operands
    if Decimal(value.value or 0) < 0:
        bound, form = Node(operator="number", type="number", value="0"), _STEPS["raised to"][0]
    elif Decimal(value.value or 0) > Decimal(full.value or 0):
        bound, form = full, _STEPS["limited to"][0]
    else:
        return share
    found.append(say(Phrase(form), value=_value(value), limit=_value(bound), result=_value(bound)))
    return replace(share, operands=(bound, full))


def _step(node: Node) -> str | None:
    """Return one step, or None where it changes nothing that is not already told."""
    values = [_figure(each) for each in node.operands]
    result = _value(node)
    match node.operator:
        case "sum of" | "difference of" | "product of" | "quotient of":
            if len(values) == 1:
                return None
            return f"{INFIX[node.operator].join(map(_signed, values))} = {result}"
        case "proportion of":
            return f"{_signed(values[0])} × {values[1]} / {values[2]} = {result}"
        case "if" | "first that is known of" | "day of":
            return None
        case "limited to" | "raised to" if values[0] == result:
            return None
        case "rounded to places":
            places, told = node.operands[1].value or "", f"{values[0]} " if not node.operands[0].operands else ""
            if places == "0":
                return told + say("rounded to a whole number: {result}", result=result)
            result = number(text_of(Decimal(node.value or 0), int(places)))
            rounded = say_n("rounded to {n} place: {result}", "rounded to {n} places: {result}", places, result=result)
            return told + rounded
        case "least of":
            return say("least of {values}: {result}", values=listed(values), result=result)
        case "greatest of":
            return say("greatest of {values}: {result}", values=listed(values), result=result)
        case "log-normal level of" if Decimal(node.operands[0].value or 0) <= 0:
            return say("{value} stands at the end of the log-normal curve: {result}", value=values[0], result=result)
        case _:
            form, *operands = _STEPS[node.operator]
            return say(Phrase(form), **dict(zip(operands, values, strict=True)), result=result)


def _figure(node: Node) -> str:
    """Return a value as it stands in a step."""
    return literal(node) if node.value is not None and node.type == "duration" else _value(node)


def _value(node: Node) -> str:
    """Return a value without a word, or that it is not known."""
    if node.value is None:
        return say("not known")
    return number(node.value) if node.type == "number" else written(node.type, node.value)


def _signed(figure: str) -> str:
    """Return a figure in brackets if its sign would run into an operator."""
    return f"({figure})" if figure.startswith("-") else figure
