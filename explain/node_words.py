"""Takes operator nodes; gives them in words: as a name for a value, as a condition, and as steps that can be redone."""

from __future__ import annotations

from tallystick.explain.document import Node
from tallystick.explain.plain import days_in_words, quoted, readable

_INFIX = {"sum of": " + ", "difference of": " - ", "product of": " × ", "quotient of": " / "}
_BEFORE = {
    "negative of": "minus",
    "absolute value of": "the size of",
    "nearest whole number to": "the nearest whole number to",
    "square root of": "the square root of",
    "natural logarithm of": "the natural logarithm of",
    "logarithm to base 10 of": "the decimal logarithm of",
    "exponential of": "the exponential of",
    "complementary error function of": "the complementary error function of",
    "linear share of": "the linear share of",
    "square root share of": "the square-root share of",
    "logarithmic share of": "the logarithmic share of",
    "log-normal level of": "the log-normal level of",
}
_COMPARED = {
    "equal to": "is",
    "not equal to": "is not",
    "less than": "is less than",
    "at most": "is at most",
    "more than": "is more than",
    "at least": "is at least",
    "starts with": "starts with",
    "ends with": "ends with",
    "contains": "contains",
    "starts with, ignoring case": "starts with (capitals or not)",
    "ends with, ignoring case": "ends with (capitals or not)",
    "contains, ignoring case": "contains (capitals or not)",
}
_EARLIER = {
    "less than": "is before",
    "at most": "is no later than",
    "more than": "is after",
    "at least": "is no earlier than",
}
_COUNTED = {
    "equal to": "exactly",
    "less than": "fewer than",
    "at most": "at most",
    "more than": "more than",
    "at least": "at least",
}
_LEAVES = ("number", "text", "date", "time", "yes/no", "as of")


def term(node: Node) -> str:  # noqa: C901, PLR0912  (one case for each operator)
    """Return a name for what a node stands for, without its value: ``replies / posts``, ``years since joined``."""
    operands = node.operands
    match node.operator:
        case "measure":
            return node.plural or readable(node.name)
        case "field":
            return f"the {readable(node.name)}"
        case "attribute":
            return readable(node.name) if node.plural is None else quoted(node.plural)
        case "parameter":
            return f"{literal(node)} ({quoted(readable(node.name))})"
        case "line":
            return quoted(node.plural)
        case "number" | "date" | "time" | "as of" | "text" | "yes/no":
            return literal(node)
        case "sum of" | "difference of" | "product of" | "quotient of":
            return _infix(node)
        case "least of":
            return f"the least of {listed([_operand(each) for each in operands])}"
        case "greatest of":
            return f"the greatest of {listed([_operand(each) for each in operands])}"
        case "rounded down":
            return f"{_inside(operands[0])} rounded down"
        case "rounded up":
            return f"{_inside(operands[0])} rounded up"
        case "first that is known of":
            return f"{_inside(operands[0])} ({term(operands[1])} if not known)"
        case "if":
            return f"{term(operands[1])} if {condition(operands[0])}, else {term(operands[2])}"
        case "days since":
            return f"days since {term(operands[0])}"
        case "years since":
            return f"years since {term(operands[0])}"
        case "days from":
            return f"days from {term(operands[0])} to {term(operands[1])}"
        case "seconds from":
            return f"seconds from {term(operands[0])} to {term(operands[1])}"
        case "day of":
            return f"the day of {term(operands[0])}"
        case "limited to":
            return f"{term(operands[0])}, at most {term(operands[1])}"
        case "raised to":
            return f"{term(operands[0])}, at least {term(operands[1])}"
        case "rounded to places":
            return f"{term(operands[0])}, rounded"
        case _ if node.operator in _BEFORE:
            return f"{_BEFORE[node.operator]} {_inside(operands[0])}"
        case _:
            return condition(node)


_BINDS = {"sum of": 1, "difference of": 1, "product of": 2, "quotient of": 2}
"""How strongly the signs of school arithmetic bind."""


def _infix(node: Node) -> str:
    """Return operands joined by a sign, in brackets where reading from left to right would be wrong."""
    own, closed = _BINDS[node.operator], node.operator in ("difference of", "quotient of")
    parts = []
    for index, each in enumerate(node.operands):
        binds = _BINDS.get(each.operator)
        if binds is None:
            parts.append(_inside(each))
        elif binds < own or (binds == own and index > 0 and closed):
            parts.append(f"({term(each)})")
        else:
            parts.append(term(each))
    return _INFIX[node.operator].join(parts)


def _inside(node: Node) -> str:
    """Return a term in brackets where it would otherwise run into its neighbours."""
    simple = not node.operands or node.operator in ("days since", "years since")
    return term(node) if simple else f"({term(node)})"


def _operand(node: Node) -> str:
    """Return a term as one of a list, in brackets if it is itself worked out."""
    return f"({term(node)})" if node.operands else term(node)


def literal(node: Node) -> str:
    """Return a value as written: texts in quotes, durations in days."""
    if node.value is None:
        return "nothing"
    if node.type == "text":
        return quoted(node.value)
    return days_in_words(node.value) if node.type == "duration" else node.value


def listed(words: list[str], last: str = "and") -> str:
    """Return words as a list that reads aloud: ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def condition(node: Node) -> str:
    """Return a condition as what has to be so: ``at least 3 posts``, ``"agreed to be scored" is yes``."""
    operands = node.operands
    match node.operator:
        case "all of" | "any of":
            word = "and" if node.operator == "all of" else "or"
            mixed = [
                f"({condition(each)})" if each.operator in ("all of", "any of") else condition(each)
                for each in operands
            ]
            return f" {word} ".join(mixed)
        case "not":
            inner = operands[0]
            return f"{term(inner)} is no" if not inner.operands else f"not ({condition(inner)})"
        case "missing":
            return f"{term(operands[0])} is not known"
        case "not missing":
            return f"{term(operands[0])} is known"
        case "one of" | "none of":
            options = listed([term(each) for each in operands[1:]], "or")
            return f"{term(operands[0])} is {'not ' if node.operator == 'none of' else ''}{options}"
        case "returned within":
            return f"the same was done the other way round within the {term(operands[0])} before"
        case "first that is known of":
            return f"{condition(operands[0])} ({term(operands[1])} if not known)"
        case _ if node.operator in _COMPARED:
            return _compared(node)
        case _ if node.type == "yes/no":
            return f"{term(node)} is yes"
        case _:
            return term(node)


def _compared(node: Node) -> str:
    """Return a comparison; of a count with a number as ``at least 3 posts``."""
    left, right = node.operands
    if left.operator == "measure" and right.operator in ("number", "parameter") and node.operator in _COUNTED:
        unit = left.singular if right.value == "1" else left.plural
        return f"{_COUNTED[node.operator]} {right.value} {unit}"
    word = _COMPARED[node.operator]
    if left.type in ("date", "time"):
        word = _EARLIER.get(node.operator, word)
    return f"{term(left)} {word} {term(right)}"


# ---- steps of a working ------------------------------------------------------------------------------------------


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
    written = _step(node)
    if written is not None and (not found or found[-1] != written):
        found.append(written)


def _step(node: Node) -> str | None:
    """Return one step, or None where it changes nothing that is not already told."""
    values = [_figure(each) for each in node.operands]
    result = node.value if node.value is not None else "not known"
    match node.operator:
        case "sum of" | "difference of" | "product of" | "quotient of":
            if len(values) == 1:
                return None
            return f"{_INFIX[node.operator].join(_signed(each) for each in values)} = {result}"
        case "proportion of":
            return f"{_signed(values[0])} × {values[1]} / {values[2]} = {result}"
        case "if" | "first that is known of" | "day of":
            return None
        case "days since" | "years since":
            word = node.operator.removesuffix(" since")
            return f"{word} from {values[0]} to {values[1]}: {result}"
        case "days from" | "seconds from":
            return f"{node.operator} {values[0]} to {values[1]}: {result}"
        case "limited to":
            return None if values[0] == result else f"{values[0]} held to at most {values[1]}: {result}"
        case "raised to":
            return None if values[0] == result else f"{values[0]} held to at least {values[1]}: {result}"
        case "rounded to places":
            places = "place" if values[1] == "1" else "places"
            return f"rounded to {values[1]} {places}: {result}"
        case "linear share of" | "square root share of" | "logarithmic share of":
            return f"{node.operator.replace('square root', 'square-root')} {values[0]} in {values[1]}: {result}"
        case "log-normal level of":
            return f"log-normal level of {values[0]} between {values[1]} and {values[2]}: {result}"
        case "least of" | "greatest of":
            return f"{node.operator} {listed(values)}: {result}"
        case "rounded down" | "rounded up":
            return f"{values[0]} {node.operator}: {result}"
        case _:
            return f"{_BEFORE.get(node.operator, node.operator).removeprefix('the ')} {values[0]}: {result}"


def _figure(node: Node) -> str:
    """Return a value as it stands in a step."""
    return "not known" if node.value is None else literal(node) if node.type == "duration" else node.value


def _signed(figure: str) -> str:
    """Return a figure in brackets if its sign would run into an operator."""
    return f"({figure})" if figure.startswith("-") else figure
