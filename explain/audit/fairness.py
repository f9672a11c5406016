"""Takes how groups fare by a run; gives it as the document: fractions as they are shown and as they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from tallystick.engine.groups.fairness import FEWEST_PEOPLE, LEAST_SHARE, Fairness
from tallystick.engine.groups.figures import Comparison, Distribution, Gap, GapPart, Group, Without
from tallystick.engine.run import FinishedRun
from tallystick.explain.audit.fairness_document import (
    FairnessOfRun,
    GapLine,
    GroupFigures,
    GroupGap,
    GroupsCompared,
    GroupsFile,
    GroupWithout,
    InBand,
    ReadByRules,
    RejectedGroupRow,
    ScoresOfGroup,
)
from tallystick.explain.by_value import by_value, title_of
from tallystick.explain.exactly import exactly, rounded
from tallystick.explain.place_titles import place_title
from tallystick.rules.decimals import add, subtract
from tallystick.rules.rulebook import Rulebook

SHARE_PLACES = 3
"""Shares and ratios are shown with so many places."""
MORE_PLACES = 2
"""Means and quartiles are shown with so many places more than a score."""
_UNROUNDED = 2
"""The places of a score that is printed as short as it can be count as so many."""
_NO_RULE = "No rule applies."


def fairness_of(run: FinishedRun, found: Fairness) -> FairnessOfRun:
    """Document how groups fare."""
    rulebook, documenting = run.rulebook, _Documenting(run.rulebook)
    return FairnessOfRun(
        title=title_of(rulebook, run.value),
        by=by_value(rulebook, run.value),
        rulebook=rulebook.name,
        version=rulebook.version,
        sha256=run.receipt.rulebook.sha256,
        as_of=run.as_of,
        ledger_digest=run.receipt.ledger_digest,
        people=found.people,
        scored=found.scored,
        file=GroupsFile(
            name=found.read.name,
            sha256=found.read.sha256,
            rows=found.read.rows,
            people=found.read.people,
            not_in_run=found.read.not_in_run,
            copies=found.read.copies,
            rejected=tuple(
                RejectedGroupRow(line=each.line, field=each.field, reason=each.reason) for each in found.read.rejected
            ),
        ),
        fewest_people=FEWEST_PEOPLE,
        least_share=rounded(LEAST_SHARE, 2),
        read_by_rules=tuple(ReadByRules(column=column, read_by=names) for column, names in found.read_by),
        comparisons=tuple(map(documenting.comparison, found.comparisons)),
    )


class _Documenting(Struct, frozen=True):
    """The work, by one rulebook's titles and places."""

    rulebook: Rulebook

    @property
    def places(self) -> int:
        of_score = self.rulebook.score.places
        return MORE_PLACES + (_UNROUNDED if of_score is None else of_score)

    def comparison(self, found: Comparison) -> GroupsCompared:
        return GroupsCompared(
            by=found.by,
            people=found.people,
            scored=found.scored,
            unknown=found.unknown,
            unknown_scored=found.unknown_scored,
            median=None if found.median is None else exactly(found.median, self.places),
            groups=tuple(map(self._group, found.groups)),
            highest=found.highest,
            reference=found.reference,
            gaps=tuple(map(self._gap, found.gaps)),
        )

    def _group(self, group: Group) -> GroupFigures:
        return GroupFigures(
            values=group.values,
            people=group.people,
            scored=group.scored,
            without=tuple(map(self._without, group.without)),
            scores=None if group.scores is None else self._scores(group.scores),
            above=group.above,
            level=group.level,
            below=group.below,
            scoring_rate=None if group.rate is None else exactly(group.rate, SHARE_PLACES),
            impact_ratio=None if group.ratio is None else exactly(group.ratio, SHARE_PLACES),
            bands=tuple(self._band(name, people, group.scored) for name, people in group.bands),
            small=group.small,
        )

    def _without(self, without: Without) -> GroupWithout:
        words = next((each.words for each in self.rulebook.requires if each.name == without.requirement), _NO_RULE)
        return GroupWithout(
            outcome=without.outcome, requirement=without.requirement, words=words, people=without.people
        )

    def _scores(self, scores: Distribution) -> ScoresOfGroup:
        return ScoresOfGroup(
            least=exactly(scores.least, self.places),
            lower_quartile=exactly(scores.lower, self.places),
            median=exactly(scores.median, self.places),
            upper_quartile=exactly(scores.upper, self.places),
            greatest=exactly(scores.greatest, self.places),
            mean=exactly(scores.mean, self.places),
        )

    def _band(self, name: str, people: int, scored: int) -> InBand:
        title = next(each.title for each in self.rulebook.bands if each.name == name)
        share = None if scored == 0 else exactly(Fraction(people, scored), SHARE_PLACES)
        return InBand(band=name, title=title, people=people, share=share)

    def _gap(self, gap: Gap) -> GroupGap:
        points = exactly(gap.points, self.places)
        lines = tuple(map(self._line, gap.parts))
        shown = Decimal(0)
        for each in lines:
            shown = add(shown, Decimal(each.points.shown))
        remainder = subtract(Decimal(points.shown), shown)
        return GroupGap(
            values=gap.values,
            points=points,
            lines=lines,
            rounding_of_figures=rounded(Fraction(remainder), self.places),
        )

    def _line(self, part: GapPart) -> GapLine:
        return GapLine(
            kind=part.kind,
            name=part.name,
            title=place_title(self.rulebook, part.kind, part.name),
            mean=exactly(part.mean, self.places),
            reference=exactly(part.reference, self.places),
            points=exactly(part.points, self.places),
        )
