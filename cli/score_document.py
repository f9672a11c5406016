"""Takes the ledger of a run, person by person; gives the scores as a document that another program reads
(``tallystick.scores/1``)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.cli.figures import Places
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.receipt import Receipt
from tallystick.explain.digits import Digits
from tallystick.explain.part import AdjustmentKind, ByValue, Outcome, Part


class LineOfScore(Part):
    """A rule's points; None where it does not apply."""

    rule: str
    state: Literal["applies", "not applicable", "missing"]
    points: Digits | None


class FacetOfScore(Part):
    """A facet: the sum of its lines, and that sum held within its bounds."""

    facet: str
    lines: Digits
    subtotal: Digits


class AdjustmentOfScore(Part):
    """A signed amount that leads from the lines to the score; of a facet where ``facet`` names one."""

    kind: AdjustmentKind
    facet: str | None
    amount: Digits


class NeedOfScore(Part):
    """A need of a band, counted from 1 within it, and whether it is met."""

    band: str
    need: int
    met: bool


class PersonScore(Part):
    """One person's result. Lines plus adjustments are the score exactly. Without a score there are neither, and
    ``requirement`` names what was not met (``score``: no rule applied). ``by``: only where the score is by a field, and
    each person has a result for each value of which there is a record."""

    subject: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    outcome: Outcome
    score: Digits | None
    band: str | None
    requirement: str | None
    lines: tuple[LineOfScore, ...]
    facets: tuple[FacetOfScore, ...]
    adjustments: tuple[AdjustmentOfScore, ...]
    needs: tuple[NeedOfScore, ...] = ()


class StageTook(Part):
    """What a run did, and the seconds on the clock that it took; what is done side by side stands under one of them."""

    stage: str
    seconds: Digits


class PartTook(Part):
    """A part of a run, worked out again by itself: seconds on the clock, and of all processors together. ``name`` is
    that of the measure or rule; ``records`` and ``shared`` are what several need, and say in words what it is."""

    part: Literal["records", "measure", "rule", "shared"]
    name: str
    seconds: Digits
    processors: Digits


class Profile(Part):
    """What a run took, and each of its parts by itself. The parts do not add up to the run: what several share is a
    part of its own, and a run works them out side by side."""

    stages: tuple[StageTook, ...]
    parts: tuple[PartTook, ...]


class ScoresDocument(Part):
    """Everybody's result, in the order of the code points of their names, with the receipt of the run. ``profile``:
    only where it was asked for."""

    schema_name: Literal["tallystick.scores/1"] = Field(
        default="tallystick.scores/1", serialization_alias="schema", validation_alias="schema"
    )
    as_of: date
    receipt: Receipt
    subjects: tuple[PersonScore, ...]
    profile: Profile | None = Field(default=None, exclude_if=lambda profile: profile is None)


def person_score(ledger: SubjectLedger, places: Places, by: ByValue | None) -> PersonScore:
    """Return one person's part of the document, decimals as the explanation prints them; ``by``: of which value."""
    score = ledger.score
    return PersonScore(
        subject=score.subject,
        by=by,
        outcome=score.outcome,
        score=places.of_score(score.score),
        band=score.band,
        requirement=score.requirement,
        lines=tuple(
            LineOfScore(rule=line.rule, state=line.state, points=places.of_line(line.points)) for line in ledger.lines
        ),
        facets=tuple(
            FacetOfScore(facet=facet.facet, lines=places.exactly(facet.lines), subtotal=places.exactly(facet.subtotal))
            for facet in ledger.facets
        ),
        adjustments=tuple(
            AdjustmentOfScore(
                kind=each.kind, facet=each.name if each.place == "facet" else None, amount=places.exactly(each.amount)
            )
            for each in ledger.adjustments
        ),
        needs=tuple(NeedOfScore(band=each.band, need=each.need, met=each.met) for each in ledger.needs),
    )
