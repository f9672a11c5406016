"""Takes what brought about the difference between two runs, and an audience; gives it as that audience may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tallystick.engine.arithmetic import text_of, total_of
from tallystick.explain.audience.for_audience import PRIVATE
from tallystick.explain.change.document import Change, ChangePart, ComparedResult, OutcomeTurn, PersonChange
from tallystick.explain.tongue import say
from tallystick.rules.audience import Audience
from tallystick.rules.decimals import places_of
from tallystick.rules.questions.private_reading import hidden_from
from tallystick.rules.rulebook import Rulebook


class ShowingChanges:
    """Shows changes between runs to one audience; what is the same for all people is worked out once.

    ``rulebooks``: the earlier one, in the later one's names, and the later one. What either calls private is hidden.
    """

    def __init__(self, rulebooks: Iterable[Rulebook], audience: Audience) -> None:
        """Find out what the audience may not see."""
        hidden = [hidden_from(each, audience) for each in rulebooks]
        self._rules = frozenset[str]().union(*(each.rules for each in hidden))
        self._requires = frozenset[str]().union(*(each.requires for each in hidden))
        self._bands = frozenset[str]().union(*(each.bands for each in hidden))

    def of(self, document: Change) -> Change:
        """Return a document about one person as the audience may see it."""
        if not self._rules and not self._requires and not self._bands:
            return document
        return document.model_copy(update={"people": tuple(map(self._person, document.people))})

    def _person(self, person: PersonChange) -> PersonChange:
        return person.model_copy(
            update={
                "result_before": None if person.result_before is None else self._required(person.result_before),
                "result_after": None if person.result_after is None else self._required(person.result_after),
                "parts": tuple(self._parts(person.parts)),
                "turns": tuple(map(self._turn, person.turns)),
            }
        )

    def _parts(self, parts: tuple[ChangePart, ...]) -> Iterator[ChangePart]:
        """Give the parts, those of lines that are not shown together, stage by stage, in the place of their first.

        INVARIANT: the parts sum to what they did.
        """
        folded: dict[tuple[int, int | None], list[ChangePart]] = {}
        for part in parts:
            if part.rule in self._rules:
                folded.setdefault((part.stage, part.since), []).append(part)
        for part in parts:
            if part.rule not in self._rules:
                yield part
            elif (part.stage, part.since) in folded:
                yield _together(folded.pop((part.stage, part.since)))

    def _required(self, result: ComparedResult) -> ComparedResult:
        missing = tuple(each for each in result.missing if each.band not in self._bands)
        unmet = {**_unmet(), "there": ()} if result.requirement in self._requires else {}
        return result.model_copy(update={"missing": missing, **unmet})

    def _turn(self, turn: OutcomeTurn) -> OutcomeTurn:
        if turn.requirement not in self._requires:
            return turn
        return turn.model_copy(update=_unmet())


def _unmet() -> dict[str, str]:
    return {
        "requirement": PRIVATE,
        "requirement_title": say("a private reason"),
        "words": say("The reason is private."),
    }


def _together(parts: list[ChangePart]) -> ChangePart:
    return parts[0].model_copy(
        update={
            "rule": None,
            "title": say("what reads private data, together"),
            "was": _sum(each.was for each in parts),
            "now": _sum(each.now for each in parts),
            "points": _sum(each.points for each in parts),
        }
    )


def _sum(figures: Iterable[str | None]) -> str | None:
    """Add up what there is, with as many places as it has."""
    known = [Decimal(each) for each in figures if each is not None]
    # A zero in the document keeps its places: `0.0`.
    return text_of(total_of(known), max(map(_places, known))) if known else None


def _places(figure: Decimal) -> int:
    return max(places_of(figure), -int(figure.as_tuple().exponent))
