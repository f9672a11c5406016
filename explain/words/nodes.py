"""Takes operator nodes; gives them in words: as a name for a value, and as a condition."""

from __future__ import annotations

from datetime import date, datetime
from functools import reduce

from tallystick.explain.harmless import visible
from tallystick.explain.plain import counted, days_in_words, quoted, readable
from tallystick.explain.tongue import (
    day,
    is_own_name,
    listed,
    listed_or,
    moment,
    number,
    own_value,
    phrase,
    say,
    say_as,
)
from tallystick.explain.tree.nodes import Node
from tallystick.explain.tree.origins import FieldType

INFIX = {"sum of": " + ", "difference of": " - ", "product of": " × ", "quotient of": " / "}
_BEFORE = {
    "negative of": phrase("minus {value}"),
    "absolute value of": phrase("the size of {value}"),
    "nearest whole number to": phrase("the nearest whole number to {value}"),
    "square root of": phrase("the square root of {value}"),
    "natural logarithm of": phrase("the natural logarithm of {value}"),
    "logarithm to base 10 of": phrase("the decimal logarithm of {value}"),
    "exponential of": phrase("the exponential of {value}"),
    "complementary error function of": phrase("the complementary error function of {value}"),
    "linear share of": phrase("the linear share of {value}"),
    "square root share of": phrase("the square-root share of {value}"),
    "logarithmic share of": phrase("the logarithmic share of {value}"),
    "log-normal level of": phrase("the log-normal level of {value}"),
}
_COMPARED = {
    "equal to": phrase("{left} is {right}"),
    "not equal to": phrase("{left} is not {right}"),
    "less than": phrase("{left} is less than {right}"),
    "at most": phrase("{left} is at most {right}"),
    "more than": phrase("{left} is more than {right}"),
    "at least": phrase("{left} is at least {right}"),
    "starts with": phrase("{left} starts with {right}"),
    "ends with": phrase("{left} ends with {right}"),
    "contains": phrase("{left} contains {right}"),
    "starts with, ignoring case": phrase("{left} starts with (capitals or not) {right}"),
    "ends with, ignoring case": phrase("{left} ends with (capitals or not) {right}"),
    "contains, ignoring case": phrase("{left} contains (capitals or not) {right}"),
}
_EARLIER = {
    "less than": phrase("{left} is before {right}"),
    "at most": phrase("{left} is no later than {right}"),
    "more than": phrase("{left} is after {right}"),
    "at least": phrase("{left} is no earlier than {right}"),
}
_COUNTED = {
    "equal to": phrase("exactly {so_many}"),
    "less than": phrase("fewer than {so_many}"),
    "at most": phrase("at most {so_many}"),
    "more than": phrase("more than {so_many}"),
    "at least": phrase("at least {so_many}"),
}


def term(node: Node) -> str:  # noqa: C901, PLR0912  (one case for each operator)
    """Return a name for what a node stands for, without its value: ``replies / posts``, ``years since joined``."""
    operands = node.operands
    match node.operator:
        case "measure":
            return node.plural or readable(node.name)
        case "earned":
            return say("{things} of whoever did it", things=quoted(node.plural or readable(node.name)))
        case "field":
            return field_words(node.name)
        case "attribute" if node.name is not None and node.name.startswith(_ACTORS):
            return say("{attribute} of whoever did it", attribute=quoted(readable(node.name.removeprefix(_ACTORS))))
        case "attribute":
            return readable(node.name) if node.plural is None else quoted(node.plural)
        case "parameter":
            return say("{value} ({name})", value=literal(node), name=quoted(readable(node.name)))
        case "line":
            return quoted(node.plural)
        case "number" | "date" | "time" | "as of" | "text" | "yes/no":
            return literal(node)
        case "difference of" if (inner := negated(node)) is not None:
            return say("minus {value}", value=_inside(inner))
        case "sum of" | "difference of" | "product of" | "quotient of":
            return _infix(node)
        case "least of":
            return say("the least of {values}", values=listed([_operand(each) for each in operands]))
        case "greatest of":
            return say("the greatest of {values}", values=listed([_operand(each) for each in operands]))
        case "rounded down":
            return say("{value} rounded down", value=_inside(operands[0]))
        case "rounded up":
            return say("{value} rounded up", value=_inside(operands[0]))
        case "first that is known of":
            return say("{value} ({other} if not known)", value=_inside(operands[0]), other=term(operands[1]))
        case "if":
            return say(
                "{value} if {condition}, else {other}",
                value=term(operands[1]),
                condition=condition(operands[0]),
                other=term(operands[2]),
            )
        case "days since":
            return say("days since {day}", day=_end_of_stretch(operands[0]))
        case "years since":
            return say("years since {day}", day=_end_of_stretch(operands[0]))
        case "days from":
            start, end = map(_end_of_stretch, operands)
            return say("days from {start} to {end}", start=start, end=end)
        case "seconds from":
            start, end = map(_end_of_stretch, operands)
            return say("seconds from {start} to {end}", start=start, end=end)
        case "day of" if _is_when(operands[0]):
            return say("the day of the record")
        case "day of":
            return say("the day of {moment}", moment=term(operands[0]))
        case "limited to":
            return say("{value}, at most {limit}", value=term(operands[0]), limit=term(operands[1]))
        case "raised to":
            return say("{value}, at least {limit}", value=term(operands[0]), limit=term(operands[1]))
        case "rounded to places":
            return say("{value}, rounded", value=term(operands[0]))
        case _ if node.operator in _BEFORE:
            return say(_BEFORE[node.operator], value=_inside(operands[0]))
        case _:
            return condition(node)


_ACTORS = "actor."
"""What the name of an attribute of a record's actor begins with."""
_ROLES = {
    "actor": phrase("the name of whoever did it"),
    "subject": phrase("the name of whoever it is about"),
    "kind": phrase("the kind"),
    "at": phrase("the time"),
}


def field_words(name: str | None) -> str:
    """Return a field of a record as it is read: one with a role by that role, unless the rulebook's translators have a
    word for it."""
    if name in _ROLES and not is_own_name(name):
        return say(_ROLES[name])
    return say("the {field}", field=readable(name))


def _end_of_stretch(node: Node) -> str:
    """Return what a stretch of time is counted from or to. Days are counted by days, so nothing is said of the day of a
    moment but of the record's own."""
    if node.operator == "day of" and not _is_when(node.operands[0]):
        return term(node.operands[0])
    if node.operator == "day of" or (_is_when(node) and node.type == "date"):
        return say_as("counted from", "the day of the record")
    return say_as("counted from", "the time of the record") if _is_when(node) else term(node)


def _is_when(node: Node) -> bool:
    """Say whether a node is the field that says when it was, and is called by that role."""
    return node.operator == "field" and node.name == "at" and not is_own_name("at")


_BINDS = {"sum of": 1, "difference of": 1, "product of": 2, "quotient of": 2}
"""How strongly the signs of school arithmetic bind."""


def negated(node: Node) -> Node | None:
    """Return what ``-x`` or ``0 - x`` turns round; None of any other term."""
    match node.operator, node.operands:
        case "negative of", (inner,):
            return inner
        case "difference of", (Node(operator="number", value="0"), inner):
            return inner
        case _:
            return None


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
    return INFIX[node.operator].join(parts)


def _inside(node: Node) -> str:
    """Return a term in brackets where it would otherwise run into its neighbours."""
    simple = not node.operands or node.operator in ("days since", "years since")
    return term(node) if simple else f"({term(node)})"


def _operand(node: Node) -> str:
    """Return a term as one of a list, in brackets if it is itself worked out; what stands in for a value that is not
    known has brackets of its own."""
    return f"({term(node)})" if node.operands and node.operator != "first that is known of" else term(node)


def literal(node: Node) -> str:
    """Return a value as written: texts in quotes, durations in days."""
    if node.value is None:
        return say("nothing")
    match node.type:
        case "text":
            return quoted(written(node.type, node.value))
        case "duration":
            return days_in_words(node.value)
        case _:
            return written(node.type, node.value)


def written(kind: str, value: str) -> str:
    """Return a value as its reader writes it: a number, a day, yes or no."""
    match kind:
        case "number":
            return number(value)
        case "date":
            return day(date.fromisoformat(value))
        case "time":
            return _moment(datetime.fromisoformat(value))
        case "yes/no":
            return {"yes": say("yes"), "no": say("no")}.get(value, value)
        case "text":
            return own_value(value)
        case _:
            return value


def _moment(at: datetime) -> str:
    """Return a moment by the clocks by which it is given, with what they are ahead of UTC."""
    if not at.utcoffset():
        return say("{moment} UTC", moment=moment(at))
    whole = at.replace(microsecond=0)
    ahead = whole.isoformat().removeprefix(whole.replace(tzinfo=None).isoformat())
    return say("{moment} UTC{ahead}", moment=moment(at), ahead=ahead)


def cell(kind: FieldType, value: str) -> str:
    """Return a value of a record as its reader writes it; a text is nobody's word but its writer's."""
    match kind:
        case "text":
            return visible(value)
        case "one of":
            return own_value(value)
        case _:
            return written(kind, value)


def condition(node: Node) -> str:
    """Return a condition as what has to be so: ``at least 3 posts``, ``"agreed to be scored" is yes``."""
    operands = node.operands
    match node.operator:
        case "all of" | "any of":
            mixed = [
                f"({condition(each)})" if each.operator in ("all of", "any of") else condition(each)
                for each in operands
            ]
            if node.operator == "all of":
                return reduce(lambda so_far, each: say("{one} and {other}", one=so_far, other=each), mixed)
            return reduce(lambda so_far, each: say("{one} or {other}", one=so_far, other=each), mixed)
        case "not":
            inner = operands[0]
            if not inner.operands:
                return say("{value} is no", value=term(inner))
            return say("not ({condition})", condition=condition(inner))
        case "missing":
            return say("{value} is not known", value=term(operands[0]))
        case "not missing":
            return say("{value} is known", value=term(operands[0]))
        case "one of" | "none of":
            value, options = term(operands[0]), listed_or([term(each) for each in operands[1:]])
            if node.operator == "none of":
                return say("{value} is not {options}", value=value, options=options)
            return say("{value} is {options}", value=value, options=options)
        case "returned within":
            return say(
                "the same had been done the other way round, within the {days} up to and including its day",
                days=term(operands[0]),
            )
        case "first that is known of":
            return say("{value} ({other} if not known)", value=condition(operands[0]), other=term(operands[1]))
        case _ if node.operator in _COMPARED:
            return _compared(node)
        case _ if node.type == "yes/no":
            return say("{value} is yes", value=term(node))
        case _:
            return term(node)


def _compared(node: Node) -> str:
    """Return a comparison; of a count with a number as ``at least 3 posts``."""
    left, right = node.operands
    is_count = left.operator in ("measure", "earned") and right.operator in ("number", "parameter")
    if is_count and node.operator in _COUNTED:
        so_many = counted(right.value or "", left.singular or "", left.plural or "")
        if left.operator == "earned":
            so_many = say("{things} of whoever did it", things=so_many)
        return say(_COUNTED[node.operator], so_many=so_many)
    if _is_of_oneself(left, right) and node.operator in ("equal to", "not equal to"):
        if node.operator == "equal to":
            return say("it was done by the person whom it is about")
        return say("it was done by somebody else than the person whom it is about")
    form = _COMPARED[node.operator]
    if left.type in ("date", "time"):
        form = _EARLIER.get(node.operator, form)
    return say(form, left=term(left), right=term(right))


def _is_of_oneself(left: Node, right: Node) -> bool:
    """Return whether the two sides of a comparison are who did something and whom it is about."""
    names = {each.name for each in (left, right) if each.operator == "field" and each.name is not None}
    return names == {"actor", "subject"} and not any(map(is_own_name, names))
