"""Takes checked exclusions and measures; gives whether a person's own records, or other people's, can count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from tallystick.rules import syntax
from tallystick.rules.check.points import Line
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import clauses as say_clause
from tallystick.rules.check_errors import points as say
from tallystick.rules.measure import DaysOf, Formula, HIndex, Measure, Pick
from tallystick.rules.questions.decide import Whose, World, decide, touches
from tallystick.rules.questions.earned import earned_in
from tallystick.rules.rulebook import Discount, Exclude


def counts(measure: Measure, excludes: Iterable[Exclude], whose: Whose) -> Iterator[str]:
    """Return the kinds of which such a record can count in a measure of records."""
    aggregate = measure.aggregate
    if isinstance(aggregate, Formula):
        return
    excluding = [each.when for each in excludes if each.when is not None and each.repeats is None]
    for kind in aggregate.kinds:
        world = World(whose, kind)
        if measure.when is not None and decide(measure.when, world) is False:
            continue
        if not any(decide(when, world) for when in excluding):
            yield kind


def check_actions(
    check: Check,
    rules: Iterable[tuple[syntax.Rule, Line]],
    measures: dict[str, Measure],
    excludes: tuple[Exclude, ...],
) -> None:
    """Hold every ``for own actions`` and ``for others' actions`` to what the rulebook implies."""
    for written, line in rules:
        clause = next((each for each in written.clauses if isinstance(each, syntax.ForActions)), None)
        if clause is not None:
            _check_rule(check, clause, line, measures, excludes)


def _check_rule(
    check: Check, clause: syntax.ForActions, line: Line, measures: dict[str, Measure], excludes: tuple[Exclude, ...]
) -> None:
    read = [measure for measure in _reach(line.reads, measures, check) if not _is_formula(measure)]
    if "actor" not in check.names.fields:
        check.report(say.actions_not_told(check.source, clause.span, "the records have no `actor`"))
        return
    if not read:
        check.report(say.actions_not_told(check.source, clause.span, "it reads no measure of records"))
        return
    for measure in read:
        wrong = _wrong(check, clause.whose, measure, excludes)
        if wrong is not None:
            where = check.names.sites[measure.name].span
            check.report(say.actions_not_implied(check.source, clause.span, clause.whose, wrong, measure.name, where))
            return
        for earned in _reach(earned_in(measure), measures, check):
            # What an actor earned is made of anybody's acts, the person's own among them.
            kind = None if _is_formula(earned) else next(counts(earned, excludes, "others"), None)
            if kind is not None:
                where = check.names.sites[measure.name].span
                check.report(
                    say.actions_not_implied(check.source, clause.span, clause.whose, kind, measure.name, where)
                )
                return


def _wrong(
    check: Check, whose: Literal["own", "others"], measure: Measure, excludes: tuple[Exclude, ...]
) -> str | None:
    """Return a kind of which the wrong people's records can count in a measure; None if there is none."""
    aggregate = measure.aggregate
    if isinstance(aggregate, Formula):
        return None
    if aggregate.given:
        # INVARIANT: a given measure takes the person's own acts and nobody else's, whoever they are about.
        return None if whose == "own" else aggregate.kinds[0]
    if whose == "others":
        return next(counts(measure, excludes, "own"), None)
    worlds: tuple[Whose, ...] = ("others", "nobody") if check.names.fields["actor"].optional else ("others",)
    return next((kind for world in worlds for kind in counts(measure, excludes, world)), None)


def warn_of_full(check: Check, measures: dict[str, Measure], discounts: tuple[Discount, ...]) -> None:
    """Warn of measures that take in full what a discount discounts."""
    called: str
    for measure in measures.values():
        match measure.aggregate:
            case Pick(how=how, kinds=kinds):
                called = how
            case DaysOf(kinds=kinds):
                called = "days of"
            case HIndex(kinds=kinds):
                called = "h index"
            case _:
                continue
        for discount in discounts:
            if touches(discount, kinds):
                where = check.names.spaces["discount"][discount.name].span
                span = check.names.sites[measure.name].span
                check.report(
                    say_clause.discount_ignored(check.source, span, measure.name, discount.name, called, where)
                )


def warn_of_none(
    check: Check, measures: dict[str, Measure], excludes: tuple[Exclude, ...], discounts: tuple[Discount, ...]
) -> None:
    """Warn of kinds of which no record can count in a measure, since exclusions and discounts to 0% take them all."""
    to_nothing = tuple(each for each in discounts if each.to.value == 0)
    for measure in measures.values():
        match measure.aggregate:
            case Formula():
                continue
            case Pick() | DaysOf() | HIndex():  # which take in full what is discounted
                taking: tuple[Exclude | Discount, ...] = excludes
            case _:
                taking = (*excludes, *to_nothing)
        taken = {kind: _taking_all(check, kind, measure, taking) for kind in measure.aggregate.kinds}
        kinds = tuple(kind for kind, by in taken.items() if by)
        takers = tuple(dict.fromkeys(each for by in taken.values() for each in by))
        if takers:
            names = tuple(each.name for each in takers)
            sort: Literal["exclusion", "discount"] = "exclusion" if isinstance(takers[0], Exclude) else "discount"
            where = check.names.spaces[sort][names[0]].span
            span = check.names.sites[measure.name].span
            check.report(say_clause.kind_never(check.source, span, measure.name, kinds, names, where))


def _taking_all(
    check: Check, kind: str, measure: Measure, taking: tuple[Exclude | Discount, ...]
) -> tuple[Exclude | Discount, ...]:
    """Return what takes records of a kind, where all are taken that pass the measure's ``when``."""
    actor = check.names.fields.get("actor")
    possible: tuple[Whose, ...] = ("nobody",) if actor is None else ("own", "others")
    if actor is not None and actor.optional:
        possible = (*possible, "nobody")
    worlds = [World(whose, kind) for whose in possible]
    passing = [each for each in worlds if measure.when is None or decide(measure.when, each) is not False]
    takers = [next((each for each in taking if _takes(each, world)), None) for world in passing]
    return tuple(dict.fromkeys(each for each in takers if each is not None)) if None not in takers else ()


def _takes(each: Exclude | Discount, world: World) -> bool:
    if isinstance(each, Exclude):
        return each.repeats is None and each.when is not None and decide(each.when, world) is True
    return each.when is None or decide(each.when, world) is True


def _is_formula(measure: Measure) -> bool:
    return isinstance(measure.aggregate, Formula)


def _reach(names: Iterable[str], measures: dict[str, Measure], check: Check) -> list[Measure]:
    """Return the measures that some names stand for, through formulas."""
    todo, seen = [name for name in names if name in measures], set[str]()
    while todo:
        name = todo.pop()
        if name not in seen and name in measures:
            seen.add(name)
            todo.extend(check.formula_reads.get(name, ()))
    return [measure for name, measure in measures.items() if name in seen]
