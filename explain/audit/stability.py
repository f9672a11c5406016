"""Takes how a score behaves over time; gives it as the document: decimals in text, fractions shown and exact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from tallystick.engine.arithmetic import text_of
from tallystick.engine.change.line_move import LineMove
from tallystick.engine.change.rank_correlation import RankCorrelation
from tallystick.engine.change.stability import (
    Concentration,
    FileShare,
    Move,
    Returner,
    Share,
    Stability,
    Step,
)
from tallystick.explain.audit.fairness import SHARE_PLACES
from tallystick.explain.audit.stability_document import (
    BackAndForth,
    FileOfRecords,
    HowPointsLie,
    MovedLineOverTime,
    MoveOverTime,
    Pairs,
    ShareOfPoints,
    StabilityOfScore,
    StepOverTime,
    ValueOverTime,
)
from tallystick.explain.by_value import by_value, title_of
from tallystick.explain.exactly import Exact, exactly
from tallystick.explain.figures import line_places
from tallystick.explain.part import PlaceKind
from tallystick.explain.place_titles import place_title
from tallystick.rules.questions.earned import reads_earned
from tallystick.rules.questions.given import takes_given
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import DurationType


def stability_of(rulebook: Rulebook, found: Stability, value: str | None) -> StabilityOfScore:
    """Document how a score behaves; ``value``: of the field that it is by."""
    documenting = _Documenting(rulebook, line_places(rulebook.score))
    return StabilityOfScore(
        title=title_of(rulebook, value),
        by=by_value(rulebook, value),
        rulebook=rulebook.name,
        version=rulebook.version,
        sha256=rulebook.sha256,
        effective=rulebook.effective,
        days=found.days,
        dated=tuple(_dated(rulebook, found.days[0], found.days[-1])),
        people=found.people,
        rows=found.rows,
        rejected=found.rejected,
        steps=tuple(map(documenting.step, found.steps)),
        furthest=tuple(map(documenting.move, found.furthest)),
        furthest_quiet=tuple(map(documenting.move, found.furthest_quiet)),
        reads_earned=reads_earned(rulebook),
        takes_given=takes_given(rulebook),
        banded=rulebook.bands != (),
        back_and_forth=found.returners,
        most_back_and_forth=tuple(map(_back_and_forth, found.most_returning)),
        volume=None if found.volume is None else _pairs(found.volume),
        activity=None if found.activity is None else _pairs(found.activity),
        shares=tuple(map(documenting.share, found.shares)),
        files=tuple(map(documenting.file, found.files)),
        points=documenting.points(found.concentration),
    )


def _dated(rulebook: Rulebook, first: date, last: date) -> Iterator[ValueOverTime]:
    """Give the values that come after the first day and up to the last."""
    for parameter in rulebook.parameters:
        for each in parameter.dated:
            if first < each.start <= last:
                yield ValueOverTime(
                    name=parameter.name,
                    day=each.start,
                    unit="duration" if isinstance(each.value.expr.type, DurationType) else "number",
                    value=text_of(each.value.value),
                    because=each.because,
                )


class _Documenting(Struct, frozen=True):
    """The work, by one rulebook's titles and places."""

    rulebook: Rulebook
    line_places: int | None

    def score(self, value: Decimal) -> str:
        return text_of(value, self.rulebook.score.places)

    def line(self, value: Decimal) -> str:
        return text_of(value, self.line_places)

    def step(self, step: Step) -> StepOverTime:
        return StepOverTime(
            since=step.since,
            day=step.day,
            both=step.both,
            moved=step.moved,
            up=step.up,
            down=step.down,
            most_up=None if step.most_up is None else self.score(step.most_up),
            most_down=None if step.most_down is None else self.score(step.most_down),
            came=step.came,
            lost=step.lost,
            quiet=step.quiet,
        )

    def move(self, move: Move) -> MoveOverTime:
        return MoveOverTime(
            subject=move.subject,
            since=move.since,
            day=move.day,
            before=self.score(move.before),
            after=self.score(move.after),
            points=self.score(move.points),
            own_records=move.own,
            lines=tuple(map(self._moved_line, move.parts)),
        )

    def _moved_line(self, part: LineMove) -> MovedLineOverTime:
        return MovedLineOverTime(
            kind=part.kind,
            name=part.name,
            title=self._title(part.kind, part.name),
            before=None if part.before is None else self.line(part.before),
            after=None if part.after is None else self.line(part.after),
            points=self.line(part.points),
        )

    def share(self, share: Share) -> ShareOfPoints:
        return ShareOfPoints(
            kind=share.kind,
            name=share.name,
            title=self._title(share.kind, share.name),
            points=self.line(share.points),
            share=_share(share.share),
        )

    def file(self, file: FileShare) -> FileOfRecords:
        return FileOfRecords(
            name=file.name,
            rows=file.rows,
            points=None if file.points is None else self.score(file.points),
            share=_share(file.share),
            would_lose=file.would_lose,
            would_come=file.would_come,
        )

    def points(self, found: Concentration) -> HowPointsLie:
        return HowPointsLie(
            scored=found.scored,
            total=self.score(found.total),
            top_1_people=found.top_1,
            top_1_share=_share(found.share_of_top_1),
            top_10_people=found.top_10,
            top_10_share=_share(found.share_of_top_10),
            gini=_share(found.gini),
        )

    def _title(self, kind: PlaceKind, name: str) -> str:
        return place_title(self.rulebook, kind, name)


def _share(value: Fraction | None) -> Exact | None:
    return None if value is None else exactly(value, SHARE_PLACES)


def _back_and_forth(each: Returner) -> BackAndForth:
    return BackAndForth(subject=each.subject, times=each.times, fewest_days=each.away, home=each.home, there=each.there)


def _pairs(ranks: RankCorrelation) -> Pairs:
    return Pairs(
        concordant=ranks.concordant,
        discordant=ranks.discordant,
        tied_scores=ranks.tied_before,
        tied_records=ranks.tied_after,
        tied_both=ranks.tied_both,
        tau_b=None if ranks.tau_b is None else str(ranks.tau_b),
    )
