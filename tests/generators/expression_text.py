"""Takes what may be read at a place of a rulebook and a source of chance; gives the text of a number or a condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

TEXTS = ("ada", "bob", "Zoë", "[bot]", "a", "é", "p1")
DAYS = ("2024-02-29", "2026-01-01", "2026-03-01", "1969-12-31")
MOMENTS = ("2026-02-27T23:00:00Z", "2026-03-29T01:30:00Z", "2025-12-31T23:59:59Z", "1969-12-31T23:30:00Z")


@dataclass(frozen=True)
class Name:
    """Something that an expression may read: its type in the language's words, and whether it can be missing."""

    text: str
    type: str
    optional: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """What an expression may read. ``value``: a record's value, of ``+ - *``, comparisons and ``if`` alone."""

    names: tuple[Name, ...]
    record: bool = False
    value: bool = False
    favours: bool = False
    tolerant: bool = False
    parameters: tuple[Name, ...] = field(default=())

    def of(self, *types: str) -> list[Name]:
        """Return the names of these types."""
        return [name for name in self.names if name.type in types]


def chance(rng: Random, share: float) -> bool:
    """Say yes in so many cases of one."""
    return rng.random() < share


def literal(rng: Random) -> str:
    """Write a number of 0 or more."""
    return rng.choice(["0", "1", "2", "3", "5", "7", "10", "0.1", "0.5", "2.25", "1.000000001", "25%", "100", "0.333"])


def constant(rng: Random, parameters: Sequence[Name], literals: Sequence[str]) -> str:
    """Write a constant: one of the literals, a parameter among those given, or arithmetic on them."""
    text = rng.choice([name.text for name in parameters]) if parameters and chance(rng, 0.2) else rng.choice(literals)
    return f"{text} * 2" if chance(rng, 0.05) else text


def number(rng: Random, place: Place, depth: int) -> str:
    """Write a number that is never missing (or, in a tolerant place, may be)."""
    if depth <= 0 or chance(rng, 0.25):
        return _leaf(rng, place)
    smaller = depth - 1
    forms = ["+", "-", "*", "if", "negate"]
    if any(name.optional for name in place.of("number")):
        forms.append("or else")
    if place.value:
        forms += ["min", "max"]
    else:
        forms += ["/", "min", "max", "abs", "round", "floor", "ceiling", "sqrt", "ln", "log10", "exp", "erfc"]
        if place.of("date", "time"):
            forms += ["since", "since", "since", "days", "seconds"]
    form = rng.choice(forms)
    one = number(rng, place, smaller)
    match form:
        case "+" | "-":
            return f"({one} {form} {number(rng, place, smaller)})"
        case "*":
            return f"{_bracketed(one)} * {literal(rng)}"
        case "/":
            return rng.choice([
                f"{_bracketed(one)} / {rng.choice(['2', '3', '7', '0.3'])}",
                f"{_bracketed(one)} / max({number(rng, place, smaller)}, 1)",
            ])  # fmt: skip
        case "negate":
            return f"-{_bracketed(one)}"
        case "or else":
            names = rng.sample(place.of("number"), min(2, len(place.of("number"))))
            return f"({' or else '.join(each.text for each in names)} or else {_bracketed(one)})"
        case "if":
            return f"(if {condition(rng, place, smaller)} then {one} else {number(rng, place, smaller)})"
        case "min" | "max":
            more = [number(rng, place, 0) for _ in range(rng.randint(1, 2))]
            return f"{form}({', '.join([one, *more])})"
        case "abs" | "round" | "floor" | "ceiling":
            return f"{form}({one})"
        case "sqrt" | "ln" | "log10" | "erfc" | "exp":
            return _transcendental(rng, form, one)
        case _:
            return _times(rng, place, form)


def _transcendental(rng: Random, form: str, one: str) -> str:
    """Write a function of a number that is held to where it has a value."""
    match form:
        case "sqrt":
            return rng.choice([f"sqrt(abs({one}))", f"sqrt(max({one}, 0))"])
        case "erfc":
            return f"erfc({rng.choice([one, f'{_bracketed(one)} / 100'])})"
        case "exp":
            return f"exp(min({one}, {rng.choice(['1', '3', '20'])}))"
        case _:
            return f"{form}({rng.choice([f'max({one}, 1)', f'abs({one}) + 1', f'max({one}, 0.001)'])})"


def condition(rng: Random, place: Place, depth: int) -> str:
    """Write a condition whose value is never missing (or, in a tolerant place, may be)."""
    if depth > 0 and chance(rng, 0.35):
        match rng.choice(["and", "or", "not"]):
            case "not":
                return f"not ({condition(rng, place, depth - 1)})"
            case word:
                parts = [_bracketed_test(condition(rng, place, depth - 1)) for _ in range(rng.randint(2, 3))]
                return f" {word} ".join(parts)
    tests = [_compare]
    if place.of("text"):
        tests += [_text_test, _text_test, _among_texts, _guarded_text]
    if place.of("yes/no"):
        tests.append(_yes_no)
    if place.of("one of"):
        tests += [_choice, _choice]
    if place.of("date"):
        tests.append(_date)
    if depth > 0:
        tests += [_among_numbers, _same_truth]
        tests += [each for type_, each in _COMPARED if place.of(type_)]
        if any(name.optional for name in place.names):
            tests.append(_lacking)
    if any(name.optional for name in place.names):
        tests += [_missing, _guarded]
    if place.favours:
        tests += [_returned, _returned, _actor_is_subject]
    return rng.choice(tests)(rng, place)


# ---- leaves ------------------------------------------------------------------------------------------------------


def _leaf(rng: Random, place: Place) -> str:
    names = [*place.of("number"), *place.of("number"), *place.parameters]
    if not names or chance(rng, 0.2):
        return literal(rng)
    return _there(rng, place, rng.choice(names), literal(rng))


def _there(rng: Random, place: Place, name: Name, default: str) -> str:
    """Write a name with something for where it is missing, unless the place takes care of that."""
    if not name.optional or (place.tolerant and chance(rng, 0.6)):
        return name.text
    return f"({name.text} or else {default})"


def _bracketed(text: str) -> str:
    return text if text.replace(".", "").replace("_", "").isalnum() or text.startswith("(") else f"({text})"


def _bracketed_test(text: str) -> str:
    return f"({text})"


def _times(rng: Random, place: Place, form: str) -> str:
    name = rng.choice(place.of("date", "time"))
    date = "2020-02-29" if name.type == "date" else "2020-02-29T12:00:00Z"
    there = _there(rng, place, name, date)
    if form == "since":
        since = f"{rng.choice(['days', 'years'])} since {there}"
        return since if place.tolerant and chance(rng, 0.6) else f"({since} or else {rng.randint(0, 3)})"
    if form == "seconds" and name.type == "time":
        return rng.choice([
            f"(seconds from {there} to 2026-03-29T01:30:00Z)", f"(seconds from 2024-02-29T23:59:59Z to {there})"
        ])  # fmt: skip
    other = _there(rng, place, rng.choice(place.of("date", "time")), date)
    return rng.choice([
        f"(days from {there} to 2026-03-01)", f"(days from 2024-02-29 to {there})", f"(days from {there} to {other})"
    ])  # fmt: skip


# ---- tests -------------------------------------------------------------------------------------------------------


def _compare(rng: Random, place: Place) -> str:
    left, right = number(rng, place, 1), number(rng, place, 0)
    return f"{left} {rng.choice(['=', '!=', '<', '<=', '>', '>='])} {right}"


def _text_test(rng: Random, place: Place) -> str:
    name = rng.choice(place.of("text"))
    test = rng.choice(["starts with", "ends with", "contains"])
    fold = " ignoring case" if chance(rng, 0.4) else ""
    return f'{_there(rng, place, name, _quoted(rng))} {test} "{rng.choice(TEXTS)}"{fold}'


def _guarded_text(rng: Random, place: Place) -> str:
    name = rng.choice(place.of("text"))
    operator = rng.choice(["=", "!=", "<", ">="])
    test = f"{name.text} {operator} {_quoted(rng)}"
    return f"{name.text} is not missing and {test}" if name.optional else test


def _among_texts(rng: Random, place: Place) -> str:
    name = rng.choice(place.of("text"))
    options = ", ".join(f'"{text}"' for text in rng.sample(TEXTS, 2))
    return f"{_there(rng, place, name, _quoted(rng))} {rng.choice(['in', 'not in'])} ({options})"


def _yes_no(rng: Random, place: Place) -> str:
    name = rng.choice(place.of("yes/no"))
    there = _there(rng, place, name, rng.choice(["yes", "no"]))
    return rng.choice([there, f"not {there}", f"{there} = {rng.choice(['yes', 'no'])}"])


def _choice(rng: Random, place: Place) -> str:
    name = rng.choice(place.of("one of"))
    there = _there(rng, place, name, name.values[0])
    if len(name.values) > 1 and chance(rng, 0.4):
        return f"{there} {rng.choice(['in', 'not in'])} ({', '.join(rng.sample(name.values, 2))})"
    return f"{there} {rng.choice(['=', '!='])} {rng.choice(name.values)}"


def _date(rng: Random, place: Place) -> str:
    name = rng.choice(place.of("date"))
    there = _there(rng, place, name, "2024-02-29")
    return f"{there} {rng.choice(['<', '<=', '>', '>=', '='])} {rng.choice(['2024-02-29', '2026-01-01', '2026-03-01'])}"


def _compare_texts(rng: Random, place: Place) -> str:
    left, right = _one_of(rng, place, "text", _quoted), _one_of(rng, place, "text", _quoted)
    if chance(rng, 0.4):
        test = rng.choice(["starts with", "ends with", "contains"])
        return f"{left} {test} {right}{' ignoring case' if chance(rng, 0.3) else ''}"
    return _compared(rng, left, right, _quoted(rng))


def _compare_days(rng: Random, place: Place) -> str:
    return _compared(rng, _one_of(rng, place, "date", _a_day), _one_of(rng, place, "date", _a_day), _a_day(rng))


def _compare_moments(rng: Random, place: Place) -> str:
    left, right = _one_of(rng, place, "time", _a_moment), _one_of(rng, place, "time", _a_moment)
    return _compared(rng, left, right, _a_moment(rng))


_COMPARED = (("text", _compare_texts), ("date", _compare_days), ("time", _compare_moments))
"""Tests of two values of a type, either of which may be read, chosen by a condition, or written."""


def _compared(rng: Random, left: str, right: str, other: str) -> str:
    if chance(rng, 0.25):
        return f"{left} {rng.choice(['in', 'not in'])} ({right}, {other})"
    return f"{left} {rng.choice(['=', '!=', '<', '<=', '>', '>='])} {right}"


def _one_of(rng: Random, place: Place, type_: str, written: Callable[[Random], str]) -> str:
    """Write a text, a day or a moment."""
    if chance(rng, 0.15):
        return written(rng)
    one = _there(rng, place, rng.choice(place.of(type_)), written(rng))
    if chance(rng, 0.75):
        return one
    other = _there(rng, place, rng.choice(place.of(type_)), written(rng)) if chance(rng, 0.5) else written(rng)
    return f"(if {condition(rng, place, 0)} then {one} else {other})"


def _a_day(rng: Random) -> str:
    return rng.choice(DAYS)


def _a_moment(rng: Random) -> str:
    return rng.choice(MOMENTS)


def _among_numbers(rng: Random, place: Place) -> str:
    options = ", ".join(number(rng, place, 0) for _ in range(rng.randint(1, 3)))
    return f"{_bracketed(number(rng, place, 1))} {rng.choice(['in', 'not in'])} ({options})"


def _same_truth(rng: Random, place: Place) -> str:
    """Write a comparison of two conditions, or one of them that a third chooses."""
    one, other = condition(rng, place, 0), condition(rng, place, 0)
    if chance(rng, 0.4):
        return f"(if {condition(rng, place, 0)} then {_bracketed_test(one)} else {_bracketed_test(other)})"
    return f"({one}) {rng.choice(['=', '!='])} ({other})"


def _lacking(rng: Random, place: Place) -> str:
    """Write whether something that is worked out is missing."""
    return f"({number(rng, replace(place, tolerant=True), 1)}) is {rng.choice(['missing', 'not missing'])}"


def _missing(rng: Random, place: Place) -> str:
    name = rng.choice([name for name in place.names if name.optional])
    return f"{name.text} is {rng.choice(['missing', 'not missing'])}"


def _guarded(rng: Random, place: Place) -> str:
    """Write a test behind one that narrows what it reads."""
    names = [name for name in place.names if name.optional and name.type == "number"]
    if not names:
        return _missing(rng, place)
    name = rng.choice(names).text
    if chance(rng, 0.5) and not place.value:
        return f"{name} is not missing and {name} > 0 and 1 / {name} < {literal(rng)}"
    return f"{name} is not missing and {name} {rng.choice(['>', '<', '>='])} {literal(rng)}"


def _returned(rng: Random, place: Place) -> str:
    assert place.record
    return f"returned within {rng.choice(['1 day', '7 days', '2 weeks', '90 days'])}"


def _actor_is_subject(rng: Random, place: Place) -> str:
    actor = next(name for name in place.names if name.text == "actor")
    return f"{_there(rng, place, actor, _quoted(rng))} {rng.choice(['=', '!='])} subject"


def _quoted(rng: Random) -> str:
    return f'"{rng.choice(TEXTS)}"'
