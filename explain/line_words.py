"""Takes a line of an explanation; gives its sentences: what counted, what did not, how points came of it, and why."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.curve_words import curve_sentence
from tallystick.explain.document import Explanation, Given, Line, Measured
from tallystick.explain.measure_words import given_sentence, measure_sentences
from tallystick.explain.node_words import condition, literal, steps, term
from tallystick.explain.plain import capital, figure, points, quoted, readable, sentence


def line_heading(line: Line) -> str:
    """Return the line's title with its points: ``People answer you: 8.4 of at most 30 points``."""
    return f"{line.title}: {line_points(line)}"


def line_points(line: Line) -> str:
    """Return a line's points and, where it means something, the most that there can be."""
    if line.points is None:
        return "no points, does not apply" if line.state == "not applicable" else "no points, not known"
    if line.of is None:
        return points(line.points)
    if line.of.strip("0.") == "":
        return f"{points(line.points)} (this rule only takes points away)"
    return f"{line.points} of at most {points(line.of)}"


def line_sentences(line: Line, document: Explanation, told: dict[str, str]) -> list[str]:
    """Return everything that there is to say about a line, in the order in which it was worked out.

    ``told`` remembers, from one line to the next, where each measure was told in full.
    """
    found: list[str] = []
    if line.says is not None:
        found.append(sentence(line.says))
    match line.state:
        case "applies":
            found.extend(_applies(line, told))
        case "not applicable":
            found.extend(_does_not_apply(line, document, told))
        case "missing":
            found.extend(_missing(line, document, told))
        case _:
            assert_never(line.state)
    found.extend(_bounds(line))
    return list(dict.fromkeys(found))


def working_sentence(line: Line) -> str | None:
    """Return the steps by which a line's points can be worked out again; None where there is nothing to work out."""
    if line.working is None:
        return None
    told = [*(steps(line.looks_at) if line.row is not None and line.looks_at is not None else []), *steps(line.working)]
    return f"Worked out: {'; '.join(told)}." if told else None


def _applies(line: Line, told: dict[str, str]) -> list[str]:
    """Return how points came of what was counted."""
    own = line.says is not None
    found = [text for each in line.measures for text in measure_sentences(each, told, line.title, lead=not own)]
    if not own:
        alone = line.looks_at.name if line.row is not None and line.looks_at is not None else None
        found.extend(given_sentence(each) for each in line.inputs if each.attribute != alone)
    if line.row is not None:
        found.append(_row(line))
    elif own:
        pass
    elif line.weight is not None:
        found.append(_curve(line))
    else:
        found.append(_rate(line))
    return found


def _row(line: Line) -> str:
    """Return which row of the table took the value."""
    if line.row is None or line.looks_at is None:
        return ""
    value = "not known" if line.looks_at.value is None else literal(line.looks_at)
    measure = next((each for each in line.measures if each.measure == line.looks_at.name), None)
    if measure is not None and line.looks_at.operator == "measure":
        value = figure(measure.value, measure.about)
    gives = "" if line.value is None else f", which gives {points(line.value)}"
    words = "" if line.row.words is None else f" {sentence(line.row.words)}"
    # The left side of a row that takes texts has quotes of its own.
    row = line.row.text if line.row.text.startswith('"') else quoted(line.row.text)
    return f"{capital(term(line.looks_at))}: {value}. That falls under {row}{gives}.{words}"


def _curve(line: Line) -> str:
    """Return how the value becomes a part of the weight, and where it is full."""
    weight = points(line.weight or "")
    if line.full is None or line.shape is None:
        return f"The value, held between zero and one, is the part of {weight} that it brings."
    measure = line.looks_at if line.looks_at is not None and line.looks_at.operator == "measure" else None
    word = "" if measure is None else f" {measure.singular if line.full == '1' else measure.plural}"
    reached = " That point is reached, so more would not change this line." if line.level == "1" else ""
    p10 = None if line.p10 is None else f"{line.p10}{word}"
    return curve_sentence(line.shape, weight, f"{line.full}{word}", p10) + reached


def _rate(line: Line) -> str:
    """Return what points are given for."""
    node = line.looks_at
    if node is None or node.operator == "number":
        return ""
    if node.operator == "product of" and len(node.operands) == 2:  # noqa: PLR2004  (a rate and what it is given for)
        rate, counted = node.operands
        if rate.operator == "measure":
            rate, counted = counted, rate
        if counted.operator == "measure" and rate.value is not None and rate.operator != "measure":
            if rate.value.startswith("-"):
                return f"Each {counted.singular} takes {points(rate.value[1:])} away."
            return f"Each {counted.singular} counts {points(rate.value)}."
    if node.operator == "measure":
        return f"Each {node.singular} counts one point."
    return f"Its points are {term(node)}."


def _bounds(line: Line) -> list[str]:
    """Return what the rule's own bounds took or gave back."""
    found: list[str] = []
    if line.given is not None and line.given.strip("0.") != "":
        found.append(
            f"That would be {line.value}, but this rule never goes below {line.at_least}: {line.given} given back."
        )
    if line.taken is not None and line.taken.strip("0.") != "":
        found.append(
            f"That would be {line.value}, but this rule never goes above {line.at_most}: {line.taken} taken off."
        )
    return found


def _outcome(line: Line, document: Explanation) -> str:
    """Return what a rule that does not apply, or has no value to go by, does to the score."""
    words = "" if line.otherwise is None else f"{sentence(line.otherwise)} "
    if line.points is not None:
        return f"{words}It gives {points(line.points)} then."
    if document.scale.out_of is not None:
        return f"{words}Its weight of {line.weight} is left out, so it moves the score neither up nor down."
    return f"{words}It gives no points and takes none."


def _does_not_apply(line: Line, document: Explanation, told: dict[str, str]) -> list[str]:
    """Return what the rule asks for, what there is, and what follows."""
    asked = "" if line.condition is None else f": it asks for {condition(line.condition)}"
    found = [f"This rule does not apply to you{asked}."]
    found.extend(text for each in line.measures for text in measure_sentences(each, told, line.title))
    found.extend(given_sentence(each) for each in line.inputs)
    found.append(_outcome(line, document))
    return found


def _missing(line: Line, document: Explanation, told: dict[str, str]) -> list[str]:
    """Return what is not known, and what follows."""
    found = [_unknown(line)]
    if line.row is not None:
        gives = "" if line.points is None else f"It gives {points(line.points)} then."
        words = "" if line.row.words is None else f"{sentence(line.row.words)} "
        found.append(f"{words}{gives}")
        return found
    found.extend(text for each in line.measures for text in measure_sentences(each, told, line.title))
    found.append(_outcome(line, document))
    return found


def _unknown(line: Line) -> str:
    """Return which value is not known; not known is neither zero nor no."""
    given: Given | None = next((each for each in line.inputs if each.attribute == line.missing), None)
    measure: Measured | None = next((each for each in line.measures if each.measure == line.missing), None)
    if given is not None:
        name = quoted(given.title) if given.title is not None else quoted(readable(given.attribute))
    elif measure is not None:
        return f"This rule needs a value for {quoted(measure.plural)}, and there is none."
    else:
        name = quoted(readable(line.missing))
    return f"{name} is not known, and this rule needs it. Not known is not the same as zero."
