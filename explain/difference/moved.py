"""Takes who is moved between two versions of a rulebook; gives it as the document's part: decimals in text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tallystick.engine.arithmetic import text_of
from tallystick.engine.change.line_move import LineMove
from tallystick.engine.change.moves import Effect, Followed, Moved, Moves, Standing
from tallystick.engine.change.trials import TrialRows
from tallystick.engine.ledger import Outcome
from tallystick.explain.by_value import by_value
from tallystick.explain.difference.moved_document import (
    Beyond,
    ByRequirement,
    Edited,
    EffectOnPeople,
    FarMoved,
    Furthest,
    MovedByEdit,
    MovedEdit,
    MovedLine,
    MovedPeople,
    MovedPerson,
    OtherBand,
    Ranks,
    VersionScored,
    Where,
)
from tallystick.explain.difference.spread import spread_of
from tallystick.explain.difference.words import sentence
from tallystick.explain.figures import line_places
from tallystick.rules.decimals import plainly
from tallystick.rules.rulebook import Rulebook


def moved_people(moves: Moves, as_of: date, limit: Decimal | None) -> MovedPeople:
    """Document who is moved; with a ``limit`` also who is moved by more points than that, or loses a score."""
    document = _Documenting(moves)
    ranks = moves.ranks
    noise = moves.new.noise
    return MovedPeople(
        as_of=as_of,
        by=by_value(moves.new, moves.value),
        before=_version(moves.old, moves.people[0], moves.scored[0], moves.rows[0]),
        after=_version(moves.new, moves.people[1], moves.scored[1], moves.rows[1]),
        both=moves.scored[2],
        up=sum(people for points, people in moves.steps if points > 0),
        down=sum(people for points, people in moves.steps if points < 0),
        total=document.points(moves.total),
        noise=None if noise is None else plainly(noise),
        within_noise=0
        if noise is None
        else sum(people for points, people in moves.steps if points != 0 and abs(points) < noise),
        spread=spread_of(moves.steps, document.places),
        furthest_up=tuple(map(document.far, moves.up)),
        furthest_down=tuple(map(document.far, moves.down)),
        bands=document.bands(),
        came=tuple(_by_requirement(moves.old, *each) for each in moves.came),
        lost=tuple(_by_requirement(moves.new, *each) for each in moves.lost),
        ranks=Ranks(
            concordant=ranks.concordant,
            discordant=ranks.discordant,
            tied_before=ranks.tied_before,
            tied_after=ranks.tied_after,
            tied_both=ranks.tied_both,
            tau_b=None if ranks.tau_b is None else str(ranks.tau_b),
        ),
        edits=document.edits(),
        beyond=None
        if limit is None
        else Beyond(
            limit=plainly(limit),
            people=tuple(map(document.person, _beyond(moves.changed, limit))),
        ),
        people=tuple(map(document.person, moves.changed)),
    )


def _beyond(changed: Iterable[Moved], limit: Decimal) -> list[Moved]:
    """Give who is moved by more than a limit: first who lost a score, then the furthest first."""
    lost = [each for each in changed if each.points is None and each.before.score is not None]
    moved = [each for each in changed if each.points is not None and abs(each.points) > limit]
    return [*lost, *sorted(moved, key=_how_far, reverse=True)]


def _how_far(moved: Moved) -> Decimal:
    return abs(moved.points or Decimal(0))


def _version(rulebook: Rulebook, people: int, scored: int, rows: TrialRows) -> VersionScored:
    return VersionScored(
        people=people,
        scored=scored,
        rows=rows.records,
        rejected=rows.rejected_records,
        subject_rows=rows.subjects,
        subject_rejected=rows.rejected_subjects,
        effective=rulebook.effective,
        out_of=None if rulebook.score.out_of is None else plainly(rulebook.score.out_of.value),
    )


def _by_requirement(rulebook: Rulebook, requirement: str | None, outcome: Outcome | None, people: int) -> ByRequirement:
    title = next((each.title for each in rulebook.requires if each.name == requirement), None)
    return ByRequirement(requirement=requirement, outcome=outcome, title=title, people=people)


class _Documenting:
    """The document of moves between two versions; their scores may be printed with different places."""

    def __init__(self, moves: Moves) -> None:
        self.moves = moves
        self.before, self.after = moves.old.score.places, moves.new.score.places
        self.places = _most(self.before, self.after)
        self.line_places = _most(line_places(moves.old.score), line_places(moves.new.score))
        self.titles = {rule.name: rule.title for rule in (*moves.old.rules, *moves.new.rules)}

    def points(self, value: Decimal) -> str:
        """Write a difference of two scores, or a sum of such."""
        return text_of(value, self.places)

    def person(self, moved: Moved) -> MovedPerson:
        return MovedPerson(
            subject=moved.subject,
            before=_where(moved.before, self.before),
            after=_where(moved.after, self.after),
            points=None if moved.points is None else self.points(moved.points),
        )

    def far(self, followed: Followed) -> FarMoved:
        person = self.person(followed.moved)
        return FarMoved(
            subject=person.subject,
            before=person.before,
            after=person.after,
            points=person.points,
            lines=tuple(map(self._line, followed.lines)),
            edits=tuple(MovedByEdit(edit=edit, points=self.points(points)) for edit, points in followed.edits),
        )

    def _line(self, line: LineMove) -> MovedLine:
        return MovedLine(
            kind=line.kind,
            name=line.name,
            title=self.titles.get(line.name) if line.kind == "rule" else None,
            before=None if line.before is None else text_of(line.before, self.line_places),
            after=None if line.after is None else text_of(line.after, self.line_places),
            points=text_of(line.points, self.line_places),
        )

    def bands(self) -> tuple[OtherBand, ...]:
        """Give the crossings in the order of the bands, with those in none in front."""
        names = dict.fromkeys(band.name for band in (*self.moves.old.bands, *self.moves.new.bands))
        order: dict[str | None, int] = {None: -1} | {name: place for place, name in enumerate(names)}
        found = sorted(self.moves.bands, key=lambda row: (order.get(row[0], 0), order.get(row[1], 0)))
        return tuple(OtherBand(before=before, after=after, people=people) for before, after, people in found)

    def edits(self) -> tuple[MovedEdit, ...]:
        return tuple(
            MovedEdit(
                kind=each.edit.kind,
                name=each.edit.name,
                title=each.edit.title,
                together=tuple(Edited(kind=kind, name=name) for kind, name in each.edit.together),
                sentences=tuple(sentence(change) for change in each.edit.changes if change.scope != "words only"),
                effect=self._effect(each.effect),
                alone=None if each.alone is None else self._effect(each.alone),
                not_alone=each.edit.not_alone,
            )
            for each in self.moves.edits
        )

    def _effect(self, effect: Effect) -> EffectOnPeople:
        return EffectOnPeople(
            total=self.points(effect.total),
            people=effect.moved,
            furthest_up=self._furthest(effect.furthest_up),
            furthest_down=self._furthest(effect.furthest_down),
            came=effect.came,
            lost=effect.lost,
            bands=effect.bands,
        )

    def _furthest(self, who: tuple[str, Decimal] | None) -> Furthest | None:
        return None if who is None else Furthest(subject=who[0], points=self.points(who[1]))


def _most(old: int | None, new: int | None) -> int | None:
    """Return the places that show figures of both; None: as few as say each exactly."""
    return None if old is None or new is None else max(old, new)


def _where(standing: Standing, places: int | None) -> Where:
    return Where(
        outcome=standing.outcome,
        score=None if standing.score is None else text_of(standing.score, places),
        band=standing.band,
        requirement=standing.requirement,
    )
