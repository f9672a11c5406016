"""Takes a rulebook whose score is a mean by weight; gives how much each line makes of the score.

A line of a mean is weight times level, which is of another scale than the score: what it makes of the score are its
points times the scale of the score, over the weights that apply to the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tallystick.engine.arithmetic import quotient, round_to
from tallystick.engine.ledger import PlaceKind
from tallystick.engine.query.sql import quote_number, quote_text
from tallystick.rules.decimals import EXACT
from tallystick.rules.rule import Weighted
from tallystick.rules.rulebook import Rulebook


def is_mean(rulebook: Rulebook) -> bool:
    """Say whether the score is a mean by weight."""
    return rulebook.score.out_of is not None


def lines_with_weights(rulebook: Rulebook, lines: str) -> str:
    """Return SQL for ``subject``, ``rule``, ``points`` and ``weights``, the sum of those that apply to the person, of
    the lines that have points; of none whose weights come to nothing. ``lines``: SQL for a table of such."""
    weights = ", ".join(
        f"({quote_text(rule.name)}, {quote_number(rule.body.weight.value)})"
        for rule in rulebook.rules
        if isinstance(rule.body, Weighted)
    )
    return (
        "(SELECT subject, rule, points, sum(weighs) OVER (PARTITION BY subject) AS weights "
        f"FROM {lines} JOIN (VALUES {weights}) AS weighing(rule, weighs) USING (rule) WHERE points IS NOT NULL "
        "QUALIFY weights <> 0)"
    )


def times(rulebook: Rulebook, weights: object) -> Fraction:
    """Return by what points of a line are multiplied to be points of the score, for so much weight that applies."""
    assert rulebook.score.out_of is not None  # noqa: S101  only means are asked about
    return Fraction(rulebook.score.out_of.value) / Fraction(str(weights))


def divide(
    rulebook: Rulebook, sums: dict[tuple[PlaceKind, str], Decimal], lines: Iterable[tuple[str, object, Decimal]]
) -> None:
    """Put into ``sums``, for each rule's points, what they make of the score, to the places of a line: the division
    then holds no more than what roundings left. ``lines``: rule, weights and points, as ``lines_with_weights``."""
    made: dict[str, Fraction] = {}
    division = sums.get(("division", ""), Decimal(0))
    for rule, weights, points in lines:
        made[rule] = made.get(rule, Fraction(0)) + Fraction(points) * times(rulebook, weights)
    for rule, of_all in made.items():
        of_the_score = round_to(quotient(of_all), rulebook.score.line_places)
        division = EXACT.add(division, EXACT.subtract(sums["rule", rule], of_the_score))
        sums["rule", rule] = of_the_score
    sums["division", ""] = division
