"""Takes two runs and the stages between them; gives the document that accounts for every point of the difference."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from msgspec.structs import replace

from tallystick.engine.arithmetic import add, text_of
from tallystick.engine.change.between import Between, Move, Stage, Turn
from tallystick.engine.change.subtraction import PartRow, Place
from tallystick.engine.ledger import ScoreRow
from tallystick.engine.run import FinishedRun
from tallystick.explain.by_value import by_value, title_of
from tallystick.explain.change.document import (
    KINDS,
    AdjustmentKind,
    AloneEffect,
    Change,
    ChangedDeclaration,
    ChangePart,
    ChangeStage,
    ChangeSummary,
    ComparedResult,
    ComparedRun,
    DatedChange,
    OutcomeTurn,
    PersonChange,
    PlaceTotal,
    RuleEdit,
    StagePoints,
    StageTotal,
    StepName,
    StepPoints,
)
from tallystick.explain.difference.words import sentence
from tallystick.explain.errors import AbsentSubject, DoesNotAddUp
from tallystick.explain.languages.in_language import Wording
from tallystick.explain.part import UnmetNeed
from tallystick.explain.person.bands import unmet_needs
from tallystick.explain.tongue import phrase, say
from tallystick.rules.aspects import aspects_together
from tallystick.rules.change import Kind
from tallystick.rules.decimals import places_of
from tallystick.rules.edits import Edit
from tallystick.rules.epochs import on_day, value_on
from tallystick.rules.rulebook import DurationType, Rulebook
from tallystick.rules.translation import texts_of


class Accounting:
    """Accounts for the people of two runs; what is the same for all of them is made once."""

    def __init__(self, between: Between, worded: Wording | None = None) -> None:
        """Make the stages ready, and add everything up again. ``worded`` puts a rulebook into words of the language
        that is spoken.

        Raises ``DoesNotAddUp`` when anybody's parts do not sum to the difference: that is our bug.
        """
        self._between = between
        self._worded: Wording = worded if worded is not None else lambda rulebook: rulebook
        for subject in between.unbalanced():
            raise DoesNotAddUp(subject, "the difference between two runs", "one difference", "another")
        self._names = {number: _edit_name(stage.edit) for number, stage in self._numbered if stage.edit is not None}

    def _title_of(self, edit: Edit) -> str | None:
        """Return an edit's title as it is read elsewhere: a declaration has it from one of the rulebooks."""
        if edit.title is None:
            return None
        for book in (self._between.after.rulebook, self._between.edits.former):
            own = {(address[0], address[1]): text for address, text in texts_of(book).items() if address[-1] == "title"}
            if own.get((edit.kind, edit.name)) == edit.title:
                worded = texts_of(self._worded(book))
                return worded[edit.kind, edit.name, "title"]
        return edit.title

    @property
    def rulebooks(self) -> tuple[Rulebook, Rulebook]:
        """The earlier rulebook, in the names of the later one, and the later one."""
        return self._worded(self._between.edits.former), self._worded(self._between.after.rulebook)

    def person(self, subject: str) -> Change:
        """Account for one person; raises ``AbsentSubject`` for somebody whom neither run names."""
        move = self._between.move(subject)
        if move is None:
            raise AbsentSubject(subject)
        return self._document(None, (self._person(move),))

    def everybody(self) -> Change:
        """Account for all together: totals and counts, without the people one by one, whom ``people`` gives."""
        return self._document(self._summary(), ())

    def people(self) -> Iterator[PersonChange]:
        """Account for everybody, one after another."""
        return map(self._person, self._between.moves())

    def each(self) -> Iterator[Change]:
        """Account for everybody, one after another, each in a document of its own."""
        empty = self._document(None, ())
        for person in self.people():
            yield empty.model_copy(update={"people": (person,)})

    # ---- the document ------------------------------------------------------------------------------------------------

    def _document(self, summary: ChangeSummary | None, people: tuple[PersonChange, ...]) -> Change:
        between = self._between
        noise = between.after.rulebook.noise
        return Change(
            title=title_of(self._worded(between.after.rulebook), between.after.value),
            by=by_value(between.after.rulebook, between.after.value),
            before=_run(between.before),
            after=_run(between.after),
            noise=None if noise is None else text_of(noise),
            net_because=between.net_because,
            stages=tuple(self._stage(number, stage) for number, stage in self._numbered),
            summary=summary,
            people=people,
        )

    @property
    def _numbered(self) -> list[tuple[int, Stage]]:
        return list(enumerate(self._between.stages, start=1))

    def _stage(self, number: int, stage: Stage) -> ChangeStage:
        edit = None if stage.edit is None else self._rule_edit(self._names[number], stage.edit)
        dated = tuple(self._dated()) if stage.step == "dated values" else ()
        return ChangeStage(
            stage=number, step=stage.step, as_of=stage.as_of, edit=edit, unread=stage.unread, dated=dated
        )

    def _dated(self) -> Iterator[DatedChange]:
        """Give the parameters to which the earlier rulebook gives another value on the later day."""
        former, then, now = self._between.edits.former, self._between.before.as_of, self._between.after.as_of
        pairs = zip(on_day(former, then).parameters, on_day(former, now).parameters, strict=True)
        for before, after in pairs:
            came = value_on(after, max(then, now))
            if came is None or value_on(after, then) == value_on(after, now):
                continue
            yield DatedChange(
                name=after.name,
                title=after.title,
                unit="duration" if isinstance(after.value.expr.type, DurationType) else "number",
                before=text_of(before.value.value),
                after=text_of(after.value.value),
                since=came.start,
                because=came.because if now > then else None,
            )

    def _rule_edit(self, name: str, edit: Edit) -> RuleEdit:
        return RuleEdit(
            name=name,
            declaration=ChangedDeclaration(kind=edit.kind, name=edit.name),
            together=tuple(ChangedDeclaration(kind=kind, name=each) for kind, each in edit.together),
            title=self._title_of(edit),
            aspects=aspects_together(edit.changes, self._between.before.rulebook, self._between.after.rulebook),
            sentences=tuple(sentence(change) for change in edit.changes if change.scope != "words only"),
            not_alone=edit.not_alone,
        )

    # ---- one person --------------------------------------------------------------------------------------------------

    def _person(self, move: Move) -> PersonChange:
        before, after = move.before, move.after
        moved: Decimal | None = None
        if before is not None and after is not None and before.score is not None and after.score is not None:
            moved = add(after.score, -before.score)
            self._agrees(move, moved)
        noise = self._between.after.rulebook.noise
        earlier = self._result(before, self._between.before.rulebook, first=True)
        later = self._result(after, self._between.after.rulebook)
        return PersonChange(
            subject=move.subject,
            before=None if earlier is None else earlier.score,
            after=None if later is None else later.score,
            result_before=earlier,
            result_after=later,
            points=None if moved is None else self._points(moved),
            meaningful=None if moved is None or noise is None else abs(moved) >= noise,
            steps=() if moved is None else self._steps(move),
            stages=() if moved is None else self._stages(move),
            parts=tuple(map(self._part, sorted(move.parts, key=self._order))),
            alone=tuple(
                AloneEffect(stage=stage, edit=self._names[stage], points=self._points(points))
                for stage, points in move.alone
            ),
            turns=tuple(map(self._turn, move.turns)),
        )

    def _agrees(self, move: Move, moved: Decimal) -> None:
        total = Decimal(0)
        for part in move.parts:
            total = add(total, part.points)
        if total != moved:
            raise DoesNotAddUp(move.subject, "the difference between two runs", text_of(moved), text_of(total))

    def _steps(self, move: Move) -> tuple[StepPoints, ...]:
        """Sum the parts by step, in the order of the stages."""
        sums: dict[StepName, Decimal] = {}
        for part in sorted(move.parts, key=lambda each: each.stage):
            step = self._between.stages[part.stage - 1].step
            sums[step] = add(sums.get(step, Decimal(0)), part.points)
        return tuple(StepPoints(step=step, points=self._points(points)) for step, points in sums.items())

    def _stages(self, move: Move) -> tuple[StagePoints, ...]:
        """Sum the parts by stage."""
        sums: dict[int, Decimal] = {}
        for part in sorted(move.parts, key=lambda each: each.stage):
            sums[part.stage] = add(sums.get(part.stage, Decimal(0)), part.points)
        return tuple(
            StagePoints(
                stage=stage,
                step=self._between.stages[stage - 1].step,
                edit=self._names.get(stage),
                points=self._points(points),
            )
            for stage, points in sums.items()
        )

    def _part(self, row: PartRow) -> ChangePart:
        stage = self._between.stages[row.stage - 1]
        return ChangePart(
            stage=row.stage,
            step=stage.step,
            edit=self._names.get(row.stage),
            since=None if row.since == row.stage - 1 else row.since,
            place=row.place,
            rule=row.name if row.place == "rule" else None,
            facet=row.name if row.place == "facet" else None,
            kind=_kind(row.kind),
            title=self._title(row.place, row.name),
            was=None if row.was is None else self._points(row.was),
            now=None if row.now is None else self._points(row.now),
            points=self._points(row.points),
        )

    def _order(self, row: PartRow) -> tuple[int, int, int]:
        """Put parts in the order of the stages, and within one in that of the later rulebook."""
        match row.place:
            case "rule":
                return (row.stage, 0, list(self._rules).index(row.name))
            case "facet":
                return (row.stage, 1, list(self._facets).index(row.name))
            case "score":
                return (row.stage, 2, [each == row.kind for each in KINDS].index(True))

    def _turn(self, turn: Turn) -> OutcomeTurn:
        stage = self._between.stages[turn.stage - 1]
        title, words = _required(turn.requirement, self._worded(stage.rulebook))
        return OutcomeTurn(
            stage=turn.stage,
            step=stage.step,
            edit=self._names.get(turn.stage),
            outcome=turn.outcome,
            requirement=turn.requirement,
            requirement_title=title,
            words=words,
        )

    def _result(self, row: ScoreRow | None, rulebook: Rulebook, *, first: bool = False) -> ComparedResult | None:
        """Document a result. The earlier one is told in the later names, but its words are its own rulebook's."""
        if row is None:
            return None
        former = self._worded(self._between.edits.former if first else rulebook)
        title, words = _required(row.requirement, former)
        return ComparedResult(
            outcome=row.outcome,
            score=None if row.score is None else text_of(row.score, rulebook.score.places),
            band=row.band,
            band_title=next((band.title for band in former.bands if band.name == row.band), None),
            requirement=row.requirement,
            requirement_title=title,
            words=words,
            missing=self._missing(row, former, first=first),
        )

    def _missing(self, row: ScoreRow, rulebook: Rulebook, *, first: bool) -> tuple[UnmetNeed, ...]:
        if row.score is None or not any(band.needs for band in rulebook.bands):
            return ()
        run = self._between.before if first else self._between.after
        names = self._between.edits.names.of("band") if first else {}
        ledger = run.subject(row.subject)
        if ledger is None:
            return ()
        needs = tuple(replace(each, band=names.get(each.band, each.band)) for each in ledger.needs)
        return unmet_needs(rulebook, replace(ledger, needs=needs))

    # ---- figures and titles ------------------------------------------------------------------------------------------

    def _points(self, value: Decimal) -> str:
        """Write points with as many places as the lines of both runs have."""
        places = self._places
        return text_of(value, None if places is None else max(places, places_of(value)))

    @cached_property
    def _places(self) -> int | None:
        books = (self._between.before.rulebook, self._between.after.rulebook)
        if any(book.score.places is None for book in books):
            return None
        return max(book.score.places or 0 for book in books)

    def _title(self, place: Place, name: str) -> str:
        match place:
            case "score":
                return self._books[0].score.title
            case "rule":
                return self._rules.get(name, name)
            case "facet":
                return self._facets.get(name, name)

    @cached_property
    def _rules(self) -> dict[str, str]:
        return {rule.name: rule.title for book in self._books for rule in book.rules}

    @cached_property
    def _facets(self) -> dict[str, str]:
        return {facet.name: facet.title for book in self._books for facet in book.facets}

    @cached_property
    def _books(self) -> tuple[Rulebook, ...]:
        """The later rulebook first, whose order and titles these are, then those in which more rules stand."""
        between = self._between
        first = between.after.rulebook
        titles = (between.edits.former, *(stage.rulebook for stage in between.stages))
        return tuple(map(self._worded, (first, *titles, first)))

    # ---- everybody ---------------------------------------------------------------------------------------------------

    def _summary(self) -> ChangeSummary:
        found = self._between.totals()
        total = Decimal(0)
        for each in found.stages:
            total = add(total, each.points)
        if total != found.points:
            everybody = "everybody"
            raise DoesNotAddUp(everybody, "the stages together", text_of(found.points), text_of(total))
        return ChangeSummary(
            people=found.people,
            both=found.both,
            up=found.up,
            down=found.down,
            same=found.both - found.up - found.down,
            within_noise=found.within_noise,
            came=found.came,
            lost=found.lost,
            neither=found.people - found.both - found.came - found.lost,
            points=self._points(found.points),
            stages=tuple(
                StageTotal(
                    stage=each.stage,
                    step=self._between.stages[each.stage - 1].step,
                    edit=self._names.get(each.stage),
                    points=self._points(each.points),
                    moved=each.up + each.down,
                    up=each.up,
                    down=each.down,
                    most_up=None if each.most_up is None else self._points(each.most_up),
                    most_down=None if each.most_down is None else self._points(each.most_down),
                    late=each.late,
                    alone_points=None if each.alone_points is None else self._points(each.alone_points),
                    alone_moved=each.alone_moved,
                )
                for each in found.stages
            ),
            places=tuple(
                PlaceTotal(
                    stage=each.stage,
                    step=self._between.stages[each.stage - 1].step,
                    edit=self._names.get(each.stage),
                    place=each.place,
                    rule=each.name if each.place == "rule" else None,
                    facet=each.name if each.place == "facet" else None,
                    kind=_kind(each.kind),
                    title=self._title(each.place, each.name),
                    points=self._points(each.points),
                    moved=each.moved,
                )
                for each in found.places
            ),
        )


def _kind(kind: str) -> AdjustmentKind | None:
    """Return the kind of an adjustment; None of a rule's points."""
    return next((each for each in KINDS if each == kind), None)


def _run(run: FinishedRun) -> ComparedRun:
    receipt = run.receipt
    return ComparedRun(
        rulebook=receipt.rulebook.name,
        version=receipt.rulebook.version,
        sha256=receipt.rulebook.sha256,
        as_of=run.as_of,
        ledger_digest=receipt.ledger_digest,
    )


def _edit_name(edit: Edit) -> str:
    return edit_name(edit.kind, edit.name)


def edit_name(kind: Kind, name: str) -> str:
    """Name an edit in few words: ``measure sharers``, ``order of excludes``."""
    if name == "":
        return f"order of {kind}s"
    return kind if kind in {"rulebook", "records", "subjects", "score"} else f"{kind} {name}"


def _required(requirement: str | None, rulebook: Rulebook) -> tuple[str | None, str | None]:
    """Return the title and the words of a requirement; where no rule applied, those for that."""
    if requirement is None:
        return None, None
    found = next((each for each in rulebook.requires if each.name == requirement), None)
    return (None, say(NO_RULE_WORDS)) if found is None else (found.title, found.words)


NO_RULE_WORDS = phrase("No rule applies to you.")
"""What is said where a mean has nothing to take the mean of."""
