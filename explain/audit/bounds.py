"""Takes the bounds of a rulebook; gives them as the document, with words for what to look at."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.engine.gaming.without_records import WithoutRecords
from tallystick.explain.audit.bounds_document import (
    BoundsOfRulebook,
    FindingTold,
    MovedTold,
    PointsWithoutRecords,
    RuleBounded,
)
from tallystick.explain.promises.words import hindrance
from tallystick.rules.analysis.bounds import SILENCE, Bounds, Finding, MovedBy, RuleBounds
from tallystick.rules.analysis.shifts import MOST_RECORDS_EACH
from tallystick.rules.rulebook import Rulebook


def bounds_told(rulebook: Rulebook, found: Bounds, alone: WithoutRecords | None) -> BoundsOfRulebook:
    """Say what a rulebook's bounds are."""
    return BoundsOfRulebook(
        rulebook=rulebook.name,
        version=rulebook.version,
        title=rulebook.score.title,
        least=_figure(found.least),
        most=_figure(found.most),
        silence=SILENCE,
        most_records=MOST_RECORDS_EACH,
        moved=tuple(map(_moved, found.moved)),
        rules=tuple(map(_rule, found.rules)),
        findings=tuple(
            FindingTold(kind=each.kind, place=each.place, name=each.name, words=words(each)) for each in found.findings
        ),
        without_records=None
        if alone is None
        else PointsWithoutRecords(
            score=text_of(alone.score), rules={rule: text_of(points) for rule, points in alone.points}
        ),
    )


def _rule(bounds: RuleBounds) -> RuleBounded:
    return RuleBounded(
        name=bounds.rule.name,
        title=bounds.rule.title,
        least=_figure(bounds.least),
        most=_figure(bounds.most),
        moved=tuple(map(_moved, bounds.moved)),
        attributes=bounds.attributes,
    )


def _moved(moved: MovedBy) -> MovedTold:
    return MovedTold(
        pair=moved.pair.form,
        days=moved.pair.days or None,
        kind=moved.pair.kind or None,
        least=_figure(moved.low),
        most=_figure(moved.high),
    )


def _figure(figure: Decimal | None) -> str | None:
    return None if figure is None else text_of(figure)


def words(finding: Finding) -> str:
    """Say what was found; what is as it stands in the rulebook is between backticks."""
    given = tuple(each.replace("`", "'") for each in finding.figures)
    match finding.kind:
        case "dead rule" if not given:
            return "Its condition never holds, so it applies to nobody."
        case "dead rule":
            return f"It gives {given[0]} to everybody to whom it applies, so it tells nobody from anybody."
        case "band never":
            return f"No score is in it: scores run from {given[0]} to {given[1]}."
        case "falls as it rises":
            by, first, second, before, after = given
            return (
                f"It gives at least {before} in row `{first}` and at most {after} in row `{second}`, though elsewhere "
                f"it gives more as `{by}` rises: who has more can lose points."
            )
        case "goes both ways":
            return (
                f"Nothing rules out that one more {_named(given)} lowers it, nor that one raises it{_because(finding)}."
            )
        case "cliff":
            first, second, jump, share = given
            return f"The smallest step, from `{first}` to `{second}`, moves it by up to {jump}, {share} % of the scale."
        case "small divisor":
            return f"`{given[0]}` can be as small as {given[1]}, and what is divided by it is then as much greater."
        case "no records read":
            known = f" by {_named(given[1:], 'and')} alone" if given[1:] else ""
            return f"It gives up to {given[0]}{known}: for who somebody is, not for anything that was done."
        case _:
            assert_never(finding.kind)


def _because(finding: Finding) -> str:
    told = "; ".join(f"{way.kind} `{way.name}`: {hindrance(way)}" for way in finding.ways)
    return f" ({told})" if told else ""


def _named(names: Iterable[str], word: str = "or") -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} {word} {last}" if others else last
