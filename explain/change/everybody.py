"""Takes how everybody's results moved between two runs; gives their number, and the points of all of them by stage."""

from __future__ import annotations

from decimal import Decimal

from tallystick.engine.arithmetic import add, text_of
from tallystick.engine.change.totals import Totals
from tallystick.explain.change.document import ChangeSummary, OtherBand, PlaceTotal, StageTotal
from tallystick.explain.change.terms import Terms, adjustment_kind, places_together
from tallystick.explain.errors import DoesNotAddUp


def summary_of(terms: Terms) -> ChangeSummary:
    """Account for all together; raises ``DoesNotAddUp`` where the stages do not sum to the difference: our bug."""
    found = terms.between.totals()
    total = Decimal(0)
    for each in found.stages:
        total = add(total, each.points)
    if total != found.points:
        everybody = "everybody"
        raise DoesNotAddUp(everybody, "the stages together", text_of(found.points), text_of(total))
    places = places_together(each.points for each in found.places)
    return ChangeSummary(
        people=found.people,
        both=found.both,
        up=found.up,
        down=found.down,
        same=found.both - found.up - found.down,
        within_noise=found.within_noise,
        came=found.came,
        lost=found.lost,
        gone=found.gone,
        neither=found.people - found.both - found.came - found.lost - found.gone,
        points=terms.points(found.points),
        stages=tuple(
            StageTotal(
                stage=each.stage,
                step=terms.step(each.stage),
                edit=terms.edits.get(each.stage),
                points=terms.points(each.points),
                moved=each.up + each.down,
                up=each.up,
                down=each.down,
                most_up=None if each.most_up is None else terms.points(each.most_up),
                most_down=None if each.most_down is None else terms.points(each.most_down),
                late=each.late,
                alone_points=None if each.alone_points is None else terms.points(each.alone_points),
                alone_moved=each.alone_moved,
            )
            for each in found.stages
        ),
        places=tuple(
            PlaceTotal(
                stage=each.stage,
                step=terms.step(each.stage),
                edit=terms.edits.get(each.stage),
                place=each.place,
                rule=each.name if each.place == "rule" else None,
                facet=each.name if each.place == "facet" else None,
                kind=adjustment_kind(each.kind),
                title=terms.title(each.place, each.name),
                points=terms.points(each.points, places),
                moved=each.moved,
            )
            for each in found.places
        ),
        bands=_bands(terms, found),
    )


def _bands(terms: Terms, found: Totals) -> tuple[OtherBand, ...] | None:
    """Tell who is in another band, in the order of the bands, none of them first."""
    if not terms.bands:
        return None
    order = {None: -1} | {name: place for place, name in enumerate(terms.bands)}
    return tuple(
        OtherBand(
            before=before,
            before_title=None if before is None else terms.bands[before],
            after=after,
            after_title=None if after is None else terms.bands[after],
            people=people,
        )
        for before, after, people in sorted(found.bands, key=lambda row: (order[row[0]], order[row[1]]))
    )
