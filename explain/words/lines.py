"""Takes a line of an explanation; gives its sentences: what counted, what did not, how points came of it, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from tallystick.explain.figures import is_zero
from tallystick.explain.plain import capital, counted, figure, points, quoted, readable, sentence
from tallystick.explain.tongue import number, say, say_n
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.measures import Given, Measured
from tallystick.explain.words.curves import Reached, curve_sentence
from tallystick.explain.words.measures import called, measure_sentences, with_given
from tallystick.explain.words.nodes import condition, literal, negated, term
from tallystick.explain.words.rows import quoted_row
from tallystick.explain.words.working import steps


def line_heading(line: Line) -> str:
    """Return the line's title with its points: ``People answer you: 8.4 of at most 30 points``."""
    return say("{title}: {points}", title=line.title, points=line_points(line))


def line_points(line: Line) -> str:
    """Return a line's points and, where it means something, the most that there can be."""
    if line.points is None:
        return say("no points, does not apply") if line.state == "not applicable" else say("no points, not known")
    if line.of is None:
        return points(line.points)
    if only_takes_away(line):
        return say("{points} (this rule only takes points away)", points=points(line.points))
    return say_n("{points} of at most {n} point", "{points} of at most {n} points", line.of, points=number(line.points))


def only_takes_away(line: Line) -> bool:
    """Say whether there is nothing to be had from a line, so that its most is no goal."""
    return line.of is not None and Decimal(line.of) <= 0


def line_sentences(line: Line, told: dict[str, str], *, mean: bool) -> list[str]:
    """Return everything that there is to say about a line, in the order in which it was worked out.

    ``told`` remembers, from one line to the next, where each measure was told in full; ``mean``: the score is one.
    """
    found: list[str] = []
    if line.says is not None:
        found.append(sentence(line.says))
    match line.state:
        case "applies":
            found.extend(_applies(line, told))
        case "not applicable":
            found.extend(_does_not_apply(line, told, mean=mean))
        case "missing":
            found.extend(_missing(line, told, mean=mean))
        case _:
            assert_never(line.state)
    return [*found, *_bounds(line)]


def working_sentence(line: Line) -> str | None:
    """Return the steps by which a line's points can be worked out again; None where there is nothing to work out."""
    if line.working is None:
        return None
    told = [*(steps(line.looks_at) if line.row is not None and line.looks_at is not None else []), *steps(line.working)]
    return say("Worked out: {steps}.", steps="; ".join(told)) if told else None


def _applies(line: Line, told: dict[str, str]) -> list[str]:
    """Return how points came of what was counted."""
    own = line.says is not None
    found = measure_sentences(line.measures, told, line.title, lead=not own)
    if line.condition is not None and not own:
        asked = say("This rule applies to you. It asks for: {condition}.", condition=condition(line.condition))
        found = [asked, *found]
    if not own:
        alone = line.looks_at.name if line.row is not None and line.looks_at is not None else None
        found = with_given(found, (each for each in line.inputs if each.attribute != alone))
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
    value = say("not known") if line.looks_at.value is None else literal(line.looks_at)
    measure = next((each for each in line.measures if each.measure == line.looks_at.name), None)
    if measure is not None and line.looks_at.operator == "measure":
        value = figure(measure.value, measure.about)
    if line.row.percent is not None:
        value = say("{value}, which is {percent}%", value=value, percent=number(line.row.percent))
    words = "" if line.row.words is None else f" {sentence(line.row.words)}"
    what, row = capital(term(line.looks_at)), quoted_row(line.row.text, line.row.ends)
    if line.value is None:
        return say("{what}: {value}. That falls under {row}.", what=what, value=value, row=row) + words
    return (
        say(
            "{what}: {value}. That falls under {row}, which gives {points}.",
            what=what,
            value=value,
            row=row,
            points=points(line.value),
        )
        + words
    )


def _curve(line: Line) -> str:
    """Return how the value becomes a part of the weight, and where it is full."""
    weight, looks_at = line.weight or "", "" if line.looks_at is None else term(line.looks_at)
    if line.full is None or line.shape is None:
        return say(
            "It looks at {what}, held between zero and one: that part of {points}.",
            what=looks_at,
            points=points(weight),
        )
    told = curve_sentence(
        line.shape, weight, _reached(line, line.full), None if line.p10 is None else _reached(line, line.p10)
    )
    if line.looks_at is not None and line.looks_at.operands:
        told = f"{say('It looks at: {what}.', what=looks_at)} {told}"
    if line.level != "1":
        return told
    if line.p10 is not None and Decimal(line.p10) < Decimal(line.full):
        return f"{told} {say('All of its points are reached, so less would not change this line.')}"
    return f"{told} {say('That is reached, so more would not change this line.')}"


def _reached(line: Line, value: str) -> Reached:
    """Return a value of what the rule looks at, with the author's word where that is a measure."""
    node = line.looks_at
    if node is None or node.operator != "measure":
        return Reached(Decimal(value), number(value))
    return Reached(Decimal(value), counted(value, node.singular or "", node.plural or ""))


def _rate(line: Line) -> str:
    """Return what points are given for."""
    node = line.looks_at
    if node is None or node.operator == "number":
        return ""
    if node.operator == "product of" and len(node.operands) == 2:  # noqa: PLR2004  (a rate and what it is given for)
        rate, rated = node.operands
        if rate.operator == "measure":
            rate, rated = rated, rate
        if rated.operator == "measure" and rate.value is not None and rate.operator != "measure":
            what = rated.singular or ""
            if rate.value.startswith("-"):
                away = points(rate.value[1:])
                if line.at_least is None or not line.at_least.startswith("-"):
                    return say("Each {thing} takes {points} away.", thing=what, points=away)
                most = number(line.at_least[1:])
                return say("Each {thing} takes {points} away, at most {most}.", thing=what, points=away, most=most)
            return say("Each {thing} counts {points}.", thing=what, points=points(rate.value))
    if node.operator == "measure":
        return say("Each {thing} counts one point.", thing=node.singular or "")
    inner = negated(node)
    if inner is not None and inner.operator == "measure":
        thing = inner.singular or ""
        if line.at_least is None or not line.at_least.startswith("-"):
            return say("Each {thing} takes one point away.", thing=thing)
        most = number(line.at_least[1:])
        return say("Each {thing} takes one point away, at most {most}.", thing=thing, most=most)
    return say("Its points are {formula}.", formula=term(node))


def _bounds(line: Line) -> list[str]:
    """Return what the rule's own bounds took or gave back."""
    found: list[str] = []
    if line.given is not None and not is_zero(line.given):
        found.append(
            say(
                "That would be {value}, but this rule never goes below {limit}: {given} given back.",
                value=number(line.value or ""),
                limit=number(line.at_least or ""),
                given=number(line.given),
            )
        )
    if line.taken is not None and not is_zero(line.taken):
        found.append(
            say(
                "That would be {value}, but this rule never goes above {limit}: {taken} taken off.",
                value=number(line.value or ""),
                limit=number(line.at_most or ""),
                taken=number(line.taken),
            )
        )
    return found


def _outcome(line: Line, *, mean: bool) -> str:
    """Return what a rule that does not apply, or has no value to go by, does to the score."""
    words = "" if line.otherwise is None else f"{sentence(line.otherwise)} "
    if line.points is not None:
        return words + say("It gives {points} then.", points=points(line.points))
    if mean:
        return words + say(
            "Its weight of {weight} is left out, so it moves the score neither up nor down.",
            weight=number(line.weight or ""),
        )
    return words + say("It gives no points and takes none.")


def _does_not_apply(line: Line, told: dict[str, str], *, mean: bool) -> list[str]:
    """Return what the rule asks for, what there is, and what follows."""
    if line.condition is None:
        found = [say("This rule does not apply to you.")]
    else:
        found = [say("This rule does not apply to you. It asks for: {condition}.", condition=condition(line.condition))]
    found += measure_sentences(line.measures, told, line.title)
    found = with_given(found, line.inputs)
    found.append(_outcome(line, mean=mean))
    return found


def _missing(line: Line, told: dict[str, str], *, mean: bool) -> list[str]:
    """Return what is not known, and what follows."""
    found = [unknown_sentence(line.missing, line.measures, line.inputs)]
    found += measure_sentences(line.measures, told, line.title)
    if line.row is not None:
        gives = "" if line.points is None else say("It gives {points} then.", points=points(line.points))
        words = "" if line.row.words is None else f"{sentence(line.row.words)} "
        found.append(f"{words}{gives}")
        return found
    found.append(_outcome(line, mean=mean))
    return found


def unknown_sentence(missing: str | None, measures: tuple[Measured, ...], inputs: tuple[Given, ...]) -> str:
    """Return which value a rule lacks; not known is neither zero nor no."""
    given = next((each for each in inputs if each.attribute == missing), None)
    measure = next((each for each in measures if each.measure == missing), None)
    if given is not None and given.value is not None:
        return say(
            "{name} is later than the day of the score, so no time has passed since then, and this rule needs it.",
            name=quoted(called(given)),
        )
    if given is not None:
        name = quoted(called(given))
    elif measure is not None:
        return say("This rule needs a value for {measure}, and there is none.", measure=quoted(measure.plural))
    else:
        name = quoted(readable(missing))
    return say("{name} is not known, and this rule needs it. Not known is not the same as zero.", name=name)
