"""Takes an explanation and an audience; gives the explanation as that audience may see it, before any of it is worded.

Everything that is shown of a person to somebody else than the auditor comes through here. What an audience may not see
is taken out and told in ``withheld``; points of lines that are taken out stay there, together, so that the sum holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of, total_of
from tallystick.explain.alongside import Alongside
from tallystick.explain.audience.records import RecordsForPerson
from tallystick.explain.document import Explanation
from tallystick.explain.figures import about, line_places, short
from tallystick.explain.person.reasons import Moves, moves_of, principal_reasons
from tallystick.explain.plain import NOT_SHOWN, file_name
from tallystick.explain.tongue import say
from tallystick.explain.tree.acts import Uncorrected
from tallystick.explain.tree.bands import BandPlace, Level, Requirement
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.measures import Measured, MissingValue, NotCounted, Step
from tallystick.explain.tree.nodes import Node
from tallystick.explain.tree.origins import DataFacts, ReceiptFacts
from tallystick.explain.tree.withheld import Withheld
from tallystick.explain.what_if.could_change_document import (
    Assumed,
    CouldChange,
    EnoughActions,
    EnoughForNeed,
    ImaginedAction,
    NoActionMeets,
    NoActionRaises,
    NoActionScores,
    NothingDone,
    TooFewActions,
)
from tallystick.rules.audience import Audience
from tallystick.rules.questions.private_reading import Hidden, hidden_from
from tallystick.rules.rulebook import Rulebook

PRIVATE = "(private)"
"""What stands in place of a name; no name of a rulebook can be written so."""


def for_audience(document: Explanation, rulebook: Rulebook, audience: Audience) -> Explanation:
    """Return the document as an audience may see it."""
    return Showing(rulebook, audience).of(document)


class Showing:
    """Shows explanations by one rulebook to one audience; what is the same for all people is worked out once."""

    def __init__(self, rulebook: Rulebook, audience: Audience) -> None:
        """Find out what the audience may not see."""
        self.rulebook = rulebook
        self.audience = audience
        self.hidden: Hidden = hidden_from(rulebook, audience)
        self._lines: Alongside[Line, Line] = Alongside()
        self._places = line_places(rulebook.score)

    def of(self, document: Explanation) -> Explanation:
        """Return a document as the audience may see it."""
        match self.audience:
            case Audience.AUDITOR:
                return document
            case Audience.SUBJECT:
                return self._for_person(document)
            case Audience.PUBLIC:
                return self._for_public(document)

    # ---- the person, and anybody -------------------------------------------------------------------------------------

    def _for_person(self, document: Explanation) -> Explanation:
        found = RecordsForPerson(self.rulebook, self.hidden, document)
        return self._common(
            document,
            (*self._reasons(document), *found.withheld()),
            corrections=found.corrections(),
            statements=found.statements(),
            uncorrected=self._uncorrected(document.uncorrected),
            could_change=tuple(self._could_change(document.could_change)),
            records=found.records(),
            records_added=found.records_added(),
            asked=found.asked(),
            receipt=_receipt(document.receipt),
        )

    def _for_public(self, document: Explanation) -> Explanation:
        return self._common(
            document,
            (*self._attributes(), *self._reasons(document), *self._of_the_person()),
            pauses=(),
            corrections=(),
            statements=(),
            uncorrected=None,
            could_change=(),
            records=(),
            records_added=(),
            asked=(),
            receipt=None,
        )

    def _common(self, document: Explanation, withheld: tuple[Withheld, ...], **others: object) -> Explanation:
        """Return what is the same for everybody but the auditor, and ``others`` in their place."""
        lines = tuple(self._line(each) for each in document.lines if each.rule not in self.hidden.rules)
        requirement = None if document.requirement is None else self._requirement(document.requirement)
        met = tuple(self._requirement(each) for each in document.met if each.name not in self.hidden.requires)
        told = self._required(document, requirement, met)
        return document.model_copy(
            update={
                "audience": self.audience,
                "requirement": requirement,
                "met": met,
                "band": None if document.band is None else self._band(document.band),
                "lines": lines,
                "working": None if document.working is None else self._working(document.working),
                "principal_reasons": principal_reasons([*map(self._moves, lines)], self.rulebook.score.reasons),
                "not_counted": self._not_counted(document.not_counted),
                "missing": tuple(self._missing(document.missing, requirement)),
                "data": self._data(document.data),
                "withheld": (*self._rules(document), *told, *withheld),
                **others,
            }
        )

    # ---- lines -------------------------------------------------------------------------------------------------------

    def _rules(self, document: Explanation) -> Iterator[Withheld]:
        """Tell the lines that are taken out, those of a facet together, with their points."""
        folded: dict[str | None, list[Line]] = {}
        for line in document.lines:
            if line.rule in self.hidden.rules:
                folded.setdefault(line.facet, []).append(line)
        for facet, lines in folded.items():
            points = total_of([Decimal(each.points) for each in lines if each.points is not None])
            yield Withheld(
                what="rules",
                rules=tuple(each.rule for each in lines),
                facet=facet,
                points=text_of(points, self._places),
                because=say("What is read there is private."),
            )

    def _moves(self, line: Line) -> Moves:
        return moves_of(line, mean=self.rulebook.score.out_of is not None, places=self._places)

    def _line(self, line: Line) -> Line:
        """Return a line as it may be seen: whoever shares it is shown the same one."""
        return self._lines.of(line, None, self._line_shown)

    def _line_shown(self, line: Line) -> Line:
        measures = tuple(map(self._measured, line.measures))
        return replace(line, measures=measures, not_counted=self._not_counted(line.not_counted))

    def _measured(self, measured: Measured) -> Measured:
        steps = tuple(map(self._step, measured.steps))
        return replace(
            measured,
            steps=tuple(_without_absences(steps)) if self.audience == "public" else steps,
            parts=tuple(map(self._measured, measured.parts)),
        )

    def _step(self, step: Step) -> Step:
        """Leave out which exclusion or discount it was, if that looks at what is private."""
        names = {"excluded": self.hidden.excludes, "discount": self.hidden.discounts}.get(step.step, frozenset())
        if step.name not in names:
            return step
        return replace(step, name=None, title=_reason(), because=None, percent=None)

    def _not_counted(self, found: tuple[NotCounted, ...]) -> tuple[NotCounted, ...]:
        return tuple(
            replace(each, name=None, title=_reason(), because=None) if each.name in self.hidden.excludes else each
            for each in found
        )

    def _working(self, node: Node) -> Node:
        """Return the way from the lines to the score with the lines that are taken out as one.

        INVARIANT: every node is still its operator applied to its operands.
        """
        if not node.operands:
            return node
        folded = [each for each in node.operands if each.operator == "line" and each.name in self.hidden.rules]
        kept = [self._working(each) for each in node.operands if each not in folded]
        if folded:
            points = total_of([Decimal(each.value) for each in folded if each.value is not None])
            title = _together()
            kept.append(Node(operator="line", type="number", value=short(points), singular=title, plural=title))
        return replace(node, operands=tuple(kept))

    # ---- around the lines --------------------------------------------------------------------------------------------

    def _requirement(self, requirement: Requirement) -> Requirement:
        if requirement.name in self.hidden.requires:
            return Requirement(
                name=PRIVATE, title=_reason(), words=_words(), because=None, condition=None, measures=(), inputs=()
            )
        rules = tuple(
            replace(each, measures=tuple(map(self._measured, each.measures)))
            for each in requirement.rules
            if each.rule not in self.hidden.rules
        )
        return replace(requirement, measures=tuple(map(self._measured, requirement.measures)), rules=rules)

    def _required(
        self, document: Explanation, requirement: Requirement | None, met: tuple[Requirement, ...]
    ) -> tuple[Withheld, ...]:
        if len(met) == len(document.met) and (requirement is None or requirement.name != PRIVATE):
            return ()
        return (Withheld(what="requirement", because=say("It asks for something that is private.")),)

    def _band(self, band: BandPlace) -> BandPlace:
        """Leave out what a band needs, if one of its needs looks at what is private."""
        return replace(band, levels=tuple(self._level(each, band) for each in band.levels))

    def _level(self, level: Level, band: BandPlace) -> Level:
        if level.name in self.hidden.bands:
            reached = level.name == band.name
            return replace(level, reached=reached, missing=0, of=0, needs=())
        needs = tuple(replace(each, measures=tuple(map(self._measured, each.measures))) for each in level.needs)
        return replace(level, needs=needs)

    def _missing(self, missing: tuple[MissingValue, ...], requirement: Requirement | None) -> Iterator[MissingValue]:
        """Give what is not known, as far as something that is shown reads it."""
        taken_out = self.hidden.rules | self.hidden.requires | self.hidden.bands
        for each in missing:
            private = self.hidden.attributes if each.kind == "attribute" else self.hidden.measures
            readers = tuple(rule for rule in each.rules if rule not in taken_out)
            shown = requirement is not None and requirement.name in readers
            if each.name not in private and (readers or shown):
                yield replace(each, rules=readers)

    def _uncorrected(self, found: Uncorrected | None) -> Uncorrected | None:
        if found is None:
            return None
        lines = tuple(each for each in found.lines if each.rule not in self.hidden.rules)
        return replace(found, lines=lines, words=self._unmet(found.words))

    def _unmet(self, words: str | None) -> str | None:
        """Return a requirement's words, or that they are private."""
        secret = {each.words for each in self.rulebook.requires if each.name in self.hidden.requires}
        return _words() if words in secret else words

    def _could_change(self, found: tuple[CouldChange, ...]) -> Iterator[CouldChange]:
        for each in found:
            match each:
                case EnoughActions() | TooFewActions():
                    if each.rule not in self.hidden.rules:
                        yield each.model_copy(update={"action": self._action(each.action)})
                case EnoughForNeed():
                    if each.band not in self.hidden.bands:
                        yield each.model_copy(update={"action": self._action(each.action)})
                case NoActionMeets():
                    if each.band not in self.hidden.bands:
                        yield each
                case NoActionRaises():
                    if each.rule not in self.hidden.rules:
                        lowered = tuple(
                            one.model_copy(update={"action": self._action(one.action)}) for one in each.lowered_by
                        )
                        yield each.model_copy(update={"lowered_by": lowered})
                case NoActionScores() | NothingDone():
                    yield each.model_copy(update={"words": self._unmet(each.words)})
                case _:
                    assert_never(each)

    def _action(self, action: ImaginedAction) -> ImaginedAction:
        """Leave out what is private of the record and of the person that an imagined action is like, and the names of
        others."""
        secret = {each.name for each in self.rulebook.subjects or () if each.private}
        attributes = action.attributes
        return action.model_copy(
            update={
                "same": tuple(map(_assumed, (each for each in action.same if each.name not in self.hidden.cells))),
                "different": tuple(name for name in action.different if name not in self.hidden.cells),
                "attributes": None
                if attributes is None
                else tuple(map(_assumed, (each for each in attributes if each.name not in secret))),
            }
        )

    def _data(self, data: DataFacts) -> DataFacts:
        sources = () if self.audience == "public" else tuple(map(file_name, data.sources))
        return replace(data, sources=sources)

    # ---- what is told of it ------------------------------------------------------------------------------------------

    def _attributes(self) -> Iterator[Withheld]:
        if self.hidden.attributes:
            names = tuple(each.name for each in self.rulebook.subjects or () if each.private)
            yield Withheld(what="attributes", fields=names, because=say("That is private."))

    def _reasons(self, document: Explanation) -> Iterator[Withheld]:
        if (self.hidden.excludes or self.hidden.discounts) and document.lines:
            because = say("They look at what is private in a record. What they took is shown all the same.")
            yield Withheld(what="reasons", because=because)

    def _of_the_person(self) -> Iterator[Withheld]:
        """Tell what is for the person alone: the same of everybody, so that it says nothing of anybody."""
        if self.rulebook.records is not None:
            yield Withheld(what="records", because=say("That is for the person alone."))
            yield Withheld(what="corrections", because=say("That is for the person alone."))
        yield Withheld(what="statements", because=say("That is for the person alone."))
        yield Withheld(what="data", because=say("A digest could confirm what somebody has guessed."))


def _together() -> str:
    return say("what reads private data, together")


def _reason() -> str:
    return say("a private reason")


def _words() -> str:
    return say("The reason is private.")


def _without_absences(steps: Iterable[Step]) -> Iterator[Step]:
    """Put what a pause gave back together with what faded: when somebody was away is nobody else's business."""
    given_back = [Decimal(each.value) for each in steps if each.step == "paused" and each.value is not None]
    for step in steps:
        if step.step == "fading" and step.value is not None and given_back:
            value = total_of([Decimal(step.value), *given_back])
            yield replace(step, value=text_of(value), about=about(value))
        elif step.step != "paused":
            yield step


def _receipt(receipt: ReceiptFacts | None) -> ReceiptFacts | None:
    """Leave out where files lay."""
    if receipt is None:
        return None
    return replace(
        receipt,
        inputs=tuple(replace(each, name=file_name(each.name)) for each in receipt.inputs),
        mapping=None if receipt.mapping is None else file_name(receipt.mapping),
    )


def _assumed(found: Assumed) -> Assumed:
    """Return what was assumed without the names of others."""
    return found.model_copy(update={"value": say(NOT_SHOWN)}) if found.names_others else found
