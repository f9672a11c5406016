"""Takes a person's score and needs in the ledger; gives the band, the bands beside it, and what each band asks."""

from __future__ import annotations

from decimal import Decimal

from tallystick.engine.arithmetic import text_of
from tallystick.engine.ledger import NeedRow, SubjectLedger
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.part import UnmetNeed
from tallystick.explain.person.measured import Measures
from tallystick.explain.person.plans import NeedPlan, RulebookPlan
from tallystick.explain.person.values import Person
from tallystick.explain.person.working import work
from tallystick.explain.tree.bands import BandPlace, Level, Need, NeighbourBand
from tallystick.rules.decimals import EXACT
from tallystick.rules.rulebook import Band, Rulebook


def band_of(plan: RulebookPlan, person: Person, measures: Measures) -> BandPlace | None:
    """Return where the score stands among the bands; None without a score, or where there are no bands."""
    score, bands = person.ledger.score.score, plan.rulebook.bands
    if score is None or not bands:
        return None
    places = plan.rulebook.score.places
    index = next((i for i, each in enumerate(bands) if each.name == person.ledger.score.band), -1)
    own = None if index < 0 else bands[index]
    above = bands[index + 1] if index + 1 < len(bands) else None
    below = None if index < 1 else bands[index - 1]
    start = None if own is None else own.start
    return BandPlace(
        name=None if own is None else own.name,
        title=None if own is None else own.title,
        start=None if start is None else text_of(start),
        above=None if above is None else _neighbour(above, _between(score, above.start), places),
        below=None if below is None else _neighbour(below, _between(start, score), places),
        levels=_levels(plan, person, measures),
    )


def band_alone(rulebook: Rulebook) -> bool:
    """Whether there are no rules, so that not the score of nothing is the result but the band."""
    return not rulebook.rules and bool(rulebook.bands)


def unmet_needs(rulebook: Rulebook, ledger: SubjectLedger | None) -> tuple[UnmetNeed, ...]:
    """Return the needs of bands that a person with a score does not meet."""
    bands = {band.name: band for band in rulebook.bands}
    return tuple(
        UnmetNeed(band=row.band, title=bands[row.band].title, words=bands[row.band].needs[row.need - 1].words)
        for row in (() if ledger is None else ledger.needs)
        if not row.met
    )


def _between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    return None if low is None or high is None else EXACT.subtract(high, low)


def _neighbour(band: Band, distance: Decimal | None, places: int | None) -> NeighbourBand:
    return NeighbourBand(
        name=band.name,
        title=band.title,
        start=None if band.start is None else text_of(band.start),
        distance=None if distance is None else text_of(distance, places),
    )


def _levels(plan: RulebookPlan, person: Person, measures: Measures) -> tuple[Level, ...]:
    """Return every band by needs.

    INVARIANT: each condition, worked out again for the page, comes to what the ledger says, and the person's band is
    the last that is reached; or nothing is shown.
    """
    rows = {(row.band, row.need): row for row in person.ledger.needs}
    levels = tuple(
        _level(
            band,
            tuple(
                _need(each, rows[band.name, place], person, measures)
                for place, each in enumerate(plan.needs[band.name], start=1)
            ),
        )
        for band in plan.rulebook.bands
        if band.needs
    )
    last = next((each.name for each in reversed(levels) if each.reached), None)
    if levels and last != person.ledger.score.band:
        raise DoesNotAddUp(person.ledger.score.subject, "the band", str(person.ledger.score.band), str(last))
    return levels


def _level(band: Band, needs: tuple[Need, ...]) -> Level:
    missing = sum(not each.met for each in needs)
    return Level(name=band.name, title=band.title, reached=missing == 0, missing=missing, of=len(needs), needs=needs)


def _need(plan: NeedPlan, row: NeedRow, person: Person, measures: Measures) -> Need:
    condition, holds = work(plan.condition, person)
    if (holds is True) is not row.met:
        told = {True: "met", False: "not met"}
        place = f"need {row.need} of band {row.band}"
        raise DoesNotAddUp(row.subject, place, told[row.met], told[not row.met])
    return Need(
        words=plan.need.words,
        met=row.met,
        condition=condition,
        measures=measures.of(plan.measures),
        inputs=measures.given(plan.attributes),
    )
