"""Takes definitions compared and their runs; gives the document ``tallystick.comparison/1``."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tallystick.engine.arithmetic import subtract, text_of
from tallystick.engine.change.comparison import Comparison, Places, Standing
from tallystick.engine.ledger import ScoreRow
from tallystick.engine.run import FinishedRun
from tallystick.explain.build import Explainer
from tallystick.explain.by_value import title_of
from tallystick.explain.comparison.document import (
    Agreement,
    Compared,
    ComparedDefinitions,
    Definition,
    LineUnder,
    Person,
    Result,
    Under,
)
from tallystick.explain.document import Explanation
from tallystick.explain.exactly import rounded
from tallystick.explain.person.plans import scale_ends
from tallystick.explain.place_titles import place_title
from tallystick.rules.rulebook import Rulebook

_REASONS = 2
"""So many rules each way are named."""
_PLACES = 2
MOST_APART = 8
"""So many people on whom the definitions disagree are looked at closely."""


def comparison_document(found: Comparison, runs: Sequence[FinishedRun], subject: str | None) -> ComparedDefinitions:
    """Return the document; ``subject`` is one of the people, to be looked at closely."""
    explainers = [Explainer(run) for run in runs]
    asked = next((each for each in found.places if each.subject == subject), None)
    apart = [each for each in found.places[:MOST_APART] if each.apart > 0]
    return ComparedDefinitions(
        as_of=runs[0].as_of,
        definitions=tuple(_definition(place, run, found) for place, run in enumerate(runs)),
        agreements=tuple(
            Agreement(
                first=each.first,
                second=each.second,
                both=each.both,
                tau_b=None if each.order.tau_b is None else str(each.order.tau_b),
            )
            for each in found.pairs
        ),
        scored_by_all=len(found.places),
        people=tuple(
            Compared(subject=name, results=tuple(map(_result, rows, runs))) for name, rows in found.results.items()
        ),
        furthest=tuple(_person(each.subject, each, found, runs, explainers) for each in apart),
        person=None if subject is None else _person(subject, asked, found, runs, explainers),
    )


def _definition(place: int, run: FinishedRun, found: Comparison) -> Definition:
    rows = [row[place] for row in found.results.values()]
    known = [row for row in rows if row is not None]
    head = run.rulebook
    low, high = scale_ends(head.score)
    return Definition(
        rulebook=head.name,
        version=head.version,
        sha256=run.receipt.rulebook.sha256,
        score=title_of(run.rulebook, run.value),
        low=None if low is None else text_of(low),
        high=None if high is None else text_of(high),
        people=len(known),
        scored=sum(row.score is not None for row in known),
    )


def _result(row: ScoreRow | None, run: FinishedRun) -> Result | None:
    if row is None:
        return None
    score = None if row.score is None else text_of(row.score, run.rulebook.score.places)
    return Result(outcome=row.outcome, score=score, band=row.band)


def _person(
    subject: str,
    found: Places | None,
    comparison: Comparison,
    runs: Sequence[FinishedRun],
    explainers: Sequence[Explainer],
) -> Person:
    standings: Sequence[Standing | None] = [None] * len(explainers) if found is None else found.standings
    return Person(
        subject=subject,
        apart=None if found is None else rounded(found.apart, _PLACES),
        under=tuple(
            None if row is None else _under(explainer.explain(subject), run.rulebook, standing, middle)
            for row, run, explainer, standing, middle in zip(
                comparison.results[subject], runs, explainers, standings, comparison.middle, strict=True
            )
        ),
    )


def _differences(explanation: Explanation, middle: dict[str, Decimal]) -> list[LineUnder]:
    """Return how much more each rule gives than it gives the middle person, the most first."""
    found = [
        LineUnder(title=line.title, points=text_of(subtract(Decimal(line.points or 0), middle[line.rule])))
        for line in explanation.lines
    ]
    return sorted(found, key=lambda each: -Decimal(each.points or 0))


def _under(
    explanation: Explanation, rulebook: Rulebook, standing: Standing | None, middle: dict[str, Decimal]
) -> Under:
    differences = _differences(explanation, middle) if standing is not None else []
    band = explanation.band
    return Under(
        result=Result(
            outcome=explanation.outcome,
            score=explanation.score,
            band=None if band is None else band.name,
        ),
        below=None if standing is None else standing.below,
        level=None if standing is None else standing.level,
        ahead=tuple(each for each in differences if Decimal(each.points or 0) > 0)[:_REASONS],
        behind=tuple(each for each in reversed(differences) if Decimal(each.points or 0) < 0)[:_REASONS],
        lines=(
            *(LineUnder(title=line.title, points=line.points) for line in explanation.lines),
            *(
                LineUnder(title=place_title(rulebook, each.kind, each.facet or ""), points=each.amount)
                for each in explanation.adjustments
                if Decimal(each.amount) != 0
            ),
        ),
    )
