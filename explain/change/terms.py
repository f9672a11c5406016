"""Takes two runs and the stages between them; gives the names, titles and figures in which the difference is told."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from tallystick.engine.arithmetic import text_of
from tallystick.engine.change.between import Between
from tallystick.engine.change.subtraction import Place
from tallystick.explain.change.document import KINDS, StepName
from tallystick.explain.languages.in_language import Wording
from tallystick.explain.part import AdjustmentKind
from tallystick.explain.tongue import phrase, say
from tallystick.rules.decimals import places_of
from tallystick.rules.rulebook import Kind, Rulebook

NO_RULE_WORDS = phrase("No rule applies to you.")
"""What is said where a mean has nothing to take the mean of."""


class Terms:
    """The terms of one account, made once for everybody: it is told in the names of the later run's rulebook."""

    def __init__(self, between: Between, worded: Wording) -> None:
        """``worded`` puts a rulebook into words of the language that is spoken."""
        self.between = between
        self.worded = worded
        self.edits = {
            number: _edit_name(stage.edit.kind, stage.edit.name)
            for number, stage in enumerate(between.stages, start=1)
            if stage.edit is not None
        }
        """The name of each stage that is an edit, in few words: ``measure sharers``, ``order of excludes``."""

    def step(self, stage: int) -> StepName:
        """Return the step that a stage, counted from 1, belongs to."""
        return self.between.stages[stage - 1].step

    def points(self, value: Decimal, places: int = 0) -> str:
        """Write points with as many places as the scores of both runs have, or with more."""
        return text_of(value, max(self._places, places, places_of(value)))

    @cached_property
    def _places(self) -> int:
        places = [book.score.places for book in (self.between.before.rulebook, self.between.after.rulebook)]
        return 0 if None in places else max(each or 0 for each in places)

    def title(self, place: Place, name: str) -> str:
        """Return the title of a rule, of a facet, or of the score."""
        match place:
            case "score":
                return self._books[0].score.title
            case "rule":
                return self._rules.get(name, name)
            case "facet":
                return self._facets.get(name, name)

    def order(self, place: Place, name: str, kind: str) -> tuple[int, int]:
        """Put the parts of a stage in the order of the later rulebook: rules, facets, what is done to the score."""
        match place:
            case "rule":
                return 0, list(self._rules).index(name)
            case "facet":
                return 1, list(self._facets).index(name)
            case "score":
                return 2, [each == kind for each in KINDS].index(True)

    @cached_property
    def _rules(self) -> dict[str, str]:
        return {rule.name: rule.title for book in self._books for rule in book.rules}

    @cached_property
    def _facets(self) -> dict[str, str]:
        return {facet.name: facet.title for book in self._books for facet in book.facets}

    @cached_property
    def bands(self) -> dict[str, str]:
        """The bands, each with its title: of the later run from the lowest up, then those of the earlier one alone."""
        return {band.name: band.title for book in self._books for band in book.bands}

    @cached_property
    def _books(self) -> tuple[Rulebook, ...]:
        """The later rulebook first, whose order and titles these are, then those in which more rules stand."""
        first = self.between.after.rulebook
        titles = (self.between.edits.former, *(stage.rulebook for stage in self.between.stages))
        return tuple(map(self.worded, (first, *titles, first)))


def _edit_name(kind: Kind, name: str) -> str:
    if name == "":
        return f"order of {kind}s"
    return kind if kind in {"rulebook", "records", "subjects", "score"} else f"{kind} {name}"


def places_together(values: Iterable[Decimal | None]) -> int:
    """Return how many places the one of some figures has that has the most: in a column, all are written with them."""
    return max((places_of(each) for each in values if each is not None), default=0)


def adjustment_kind(kind: str) -> AdjustmentKind | None:
    """Return the kind of an adjustment; None of a rule's points."""
    return next((each for each in KINDS if each == kind), None)


def required(requirement: str | None, rulebook: Rulebook) -> tuple[str | None, str | None]:
    """Return the title and the words of a requirement; where no rule applied, those for that."""
    if requirement is None:
        return None, None
    found = next((each for each in rulebook.requires if each.name == requirement), None)
    return (None, say(NO_RULE_WORDS)) if found is None else (found.title, found.words)
