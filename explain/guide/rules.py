"""Takes a rule; gives in plain words how it works: what it looks at, what it gives, its ends, and why it exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.guide.measures import condition_words, constant_words, reads_parameters, term_words
from tallystick.explain.page import Block, Entry, Grid
from tallystick.explain.person.planner import Planner
from tallystick.explain.person.plans import most_of, named_ends
from tallystick.explain.plain import points, sentence
from tallystick.explain.tongue import Phrase, number, phrase, say, say_as
from tallystick.explain.words.curves import Reached, curve_sentence, exact_curve
from tallystick.explain.words.rows import row_words
from tallystick.rules.expression import Constant
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook


class Ends(NamedTuple):
    """How the ends of what something can give are told."""

    more: Phrase
    less: Phrase


TOGETHER = Ends(
    phrase("Together these rules never give more than {limit}."),
    phrase("Together these rules never give less than {limit}."),
)
_RULE = Ends(phrase("It never gives more than {limit}."), phrase("It never gives less than {limit}."))
SCORE = Ends(phrase("The score is never more than {limit}."), phrase("The score is never less than {limit}."))


def ends(planner: Planner, what: Ends, at_most: Constant | None, at_least: Constant | None) -> Iterator[str]:
    """Yield the ends of what something can give."""
    if at_most is not None:
        yield say(what.more, limit=constant_words(planner, at_most))
    if at_least is not None:
        yield say(what.less, limit=constant_words(planner, at_least))


def rule_blocks(rulebook: Rulebook, planner: Planner, rule: Rule) -> Iterator[Block]:
    """Yield how a rule works, and why it exists."""
    most = most_of(rulebook, rule)
    heading = (
        rule.title
        if most is None or most <= 0
        else say("{title} (at most {points})", title=rule.title, points=points(text_of(most)))
    )
    told = [*_body(planner, rule), *ends(planner, _RULE, rule.at_most, rule.at_least)]
    if rule.baseline is not None:
        told.append(
            say(
                "To tell what held a score back, its points are compared with {baseline}.",
                baseline=constant_words(planner, rule.baseline),
            )
        )
    if rule.when is not None:
        told.append(say("It applies only to people with: {condition}.", condition=condition_words(planner, rule.when)))
    told.extend(_otherwise(rulebook, planner, rule))
    if rule.actions is not None:
        told.append(
            say("It goes by what you do yourself.") if rule.actions == "own" else say("It goes by what others do.")
        )
    if rule.because is not None:
        told.append(say("Why: {why}", why=sentence(rule.because)))
    yield Entry(heading, tuple(told))
    if isinstance(rule.body, Table):
        rows = tuple(
            (
                row_words(row.text, named_ends(rule.body, row, rulebook.parameters)),
                term_words(planner, row.points),
                row.words or "",
            )
            for row in rule.body.rows
        )
        heads = (term_words(planner, rule.body.by), say_as("heading", "points"), say_as("heading", "note"))
        yield Grid(heads, rows)


def _body(planner: Planner, rule: Rule) -> list[str]:
    """Return how points come about."""
    match rule.body:
        case Weighted(weight, value, shape):
            all_points = points(text_of(weight.value))
            told = []
            if reads_parameters(weight):
                told.append(say("Its weight is {weight}.", weight=constant_words(planner, weight)))
            if shape is None:
                return [
                    say(
                        "It looks at {what}, held between zero and one: that part of {points}.",
                        what=term_words(planner, value),
                        points=all_points,
                    ),
                    *told,
                ]
            p10, full = shape.p10, shape.full
            return [
                say("It looks at: {what}.", what=term_words(planner, value)),
                curve_sentence(
                    shape.name,
                    text_of(weight.value),
                    _reached(planner, full),
                    None if p10 is None else _reached(planner, p10),
                ),
                exact_curve(
                    shape.name,
                    number(text_of(weight.value)),
                    number(text_of(full.value)),
                    None if p10 is None else number(text_of(p10.value)),
                ),
                *told,
            ]
        case Points(value):
            return [say("Its points are {formula}.", formula=term_words(planner, value))]
        case Table(by, _):
            return [say("Its points go by {what}, as in the table.", what=term_words(planner, by))]
        case _:
            assert_never(rule.body)


def _reached(planner: Planner, constant: Constant) -> Reached:
    return Reached(constant.value, constant_words(planner, constant))


def _otherwise(rulebook: Rulebook, planner: Planner, rule: Rule) -> Iterator[str]:
    """Yield what happens where a rule does not apply or something is not known."""
    if rule.otherwise is None:
        if rule.when is not None:
            yield _no_points(rulebook, rule)
        return
    words = "" if rule.otherwise.words is None else f" {sentence(rule.otherwise.words)}"
    if rule.otherwise.points is None:
        yield f"{_no_points(rulebook, rule)}{words}"
        return
    gives = term_words(planner, rule.otherwise.points)
    if rule.when is None:
        told = say("Where something that it needs is not known, it gives {points}.", points=gives)
    else:
        told = say("Otherwise, and where something that it needs is not known, it gives {points}.", points=gives)
    yield f"{told}{words}"


def _no_points(rulebook: Rulebook, rule: Rule) -> str:
    """Return what a rule that does not apply does."""
    match rulebook.score.out_of is None, rule.when is None:
        case True, True:
            return say("Where something that it needs is not known, it gives no points and takes none.")
        case True, False:
            return say("To others, and where something that it needs is not known, it gives no points and takes none.")
        case False, True:
            return say("Where something that it needs is not known, its weight is left out.")
        case _:
            return say("For others, and where something that it needs is not known, its weight is left out.")
